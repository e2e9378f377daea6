/* The hold timer. It goes by the clock and not by counting ticks: a locked screen or a hidden tab takes nothing away,
   the phases that went by meanwhile are caught up. At its end it offers “Done” and marks nothing by itself.

   <dialog id="timer" data-phases='[{"kind", "seconds" (null: until a tap), "title", "detail"}, …]'>, opened by
   [data-timer-start]; words of the page's language stand in its data- attributes. */
"use strict";

(() => {
  const dialog = document.getElementById("timer");
  if (!dialog) return;
  const phases = JSON.parse(dialog.dataset.phases);
  const part = (name) => dialog.querySelector(`[data-timer="${name}"]`);
  const button = (name) => dialog.querySelector(`[data-timer-${name}]`);
  const ring = dialog.querySelector(".timer-left");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const BACK_TO_START = 2000; // ms: after so long “Back” begins the phase again, before it goes to the one before
  const LAST_SECONDS = 3;

  let at = 0; // which phase; phases.length: over
  let endsAt = null; // when it ends, by the clock; null: paused, or it waits for a tap
  let left = 0; // ms that were left when it was paused
  let ticking = null;
  let shown = "";

  /* ---- sound, vibration, a screen that stays on: each where the browser has it ---- */

  const recall = (name) => { try { return localStorage.getItem(name) !== "off"; } catch { return true; } };
  const remember = (name, on) => { try { localStorage.setItem(name, on ? "on" : "off"); } catch { /* private window */ } };
  const wants = { sound: recall("timer-sound"), vibration: recall("timer-vibration") };
  let audio = null;
  let beeps = [];
  let lock = null;

  const beep = (when, pitch, length) => {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, when);
    volume.gain.exponentialRampToValueAtTime(0.2, when + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, when + length);
    tone.connect(volume).connect(audio.destination);
    tone.start(when);
    tone.stop(when + length + 0.05);
    beeps.push(tone);
  };
  const hush = () => { for (const tone of beeps) { try { tone.stop(); } catch { /* it is over */ } } beeps = []; };

  /* Every beep to come is handed to the sound card at once: it keeps the time when the page is put to sleep. */
  const planBeeps = () => {
    hush();
    if (!wants.sound || !audio || endsAt === null) return;
    let moment = audio.currentTime + (endsAt - Date.now()) / 1000;
    for (let next = at; next < phases.length && phases[next].seconds !== null; next += 1) {
      if (next > at) moment += phases[next].seconds;
      for (let second = 1; second <= LAST_SECONDS && phases[next].kind === "ready"; second += 1) {
        if (moment - second > audio.currentTime) beep(moment - second, 440, 0.12);
      }
      const works = next + 1 < phases.length && ["hold", "move"].includes(phases[next + 1].kind);
      if (moment > audio.currentTime) beep(moment, works ? 880 : 587, next + 1 < phases.length ? 0.35 : 0.9);
    }
  };
  const wakeSound = () => {
    const Context = window.AudioContext || window.webkitAudioContext;
    if (wants.sound && Context) audio = audio || new Context();
    if (audio && audio.state === "suspended") audio.resume().then(planBeeps, () => {});
  };
  const buzz = (pattern) => { if (wants.vibration && navigator.vibrate) navigator.vibrate(pattern); };
  const keepScreenOn = async () => {
    try { lock = lock || (await navigator.wakeLock?.request("screen")) || null; } catch { /* not allowed, or a low battery */ }
    lock?.addEventListener("release", () => { lock = null; });
    if (endsAt === null) letScreenGo();
  };
  const letScreenGo = () => { lock?.release(); lock = null; };

  /* ---- time ---- */

  const remaining = () => (endsAt === null ? left : Math.max(0, endsAt - Date.now()));
  const isOver = () => at >= phases.length;
  const waits = () => !isOver() && phases[at].seconds === null;

  const enter = (index, begins) => {
    at = Math.max(0, Math.min(index, phases.length));
    const timed = !isOver() && !waits();
    left = timed ? phases[at].seconds * 1000 : 0;
    endsAt = timed ? begins + left : null;
  };
  const catchUp = () => {
    const before = at;
    while (endsAt !== null && Date.now() >= endsAt) enter(at + 1, endsAt);
    if (at !== before) buzz(isOver() ? [200, 100, 200] : 200);
  };
  const go = (index, begins = Date.now()) => { enter(index, begins); planBeeps(); settle(); };
  const pause = () => { left = remaining(); endsAt = null; hush(); settle(); };
  const resume = () => { endsAt = Date.now() + left; wakeSound(); planBeeps(); settle(); };

  /* Ticks only while something runs. */
  const settle = () => {
    clearInterval(ticking);
    ticking = endsAt === null ? null : setInterval(tick, 200);
    if (endsAt === null) letScreenGo(); else keepScreenOn();
    draw();
  };
  const tick = () => { catchUp(); if (endsAt === null) settle(); else draw(); };

  /* ---- what is seen and heard ---- */

  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const draw = () => {
    const phase = phases[at];
    const paused = !isOver() && !waits() && endsAt === null;
    const seconds = Math.ceil(remaining() / 1000);
    const long = phase && phase.seconds > 90;
    part("title").textContent = phase ? phase.title : part("finished").textContent;
    part("number").textContent = !phase || waits() ? "" : long ? clock(seconds) : seconds;
    part("unit").textContent = !phase || waits() ? "" : long ? dialog.dataset.minutes : dialog.dataset.seconds;
    part("detail").textContent = phase ? phase.detail : "";
    const next = phases[at + 1];
    part("next").textContent = !phase ? dialog.dataset.over : waits() ? dialog.dataset.tap : next ? `${dialog.dataset.next} ${next.title}${next.detail ? ` · ${next.detail}` : ""}` : "";
    const share = phase && phase.seconds ? remaining() / (phase.seconds * 1000) : waits() ? 1 : 0;
    ring.setAttribute("stroke-dashoffset", 1 - (calm.matches ? Math.ceil(share * 8) / 8 : share));
    dialog.dataset.kind = phase ? phase.kind : "over";
    dialog.classList.toggle("is-paused", paused);
    button("pause").querySelector("span").textContent = paused ? dialog.dataset.goOn : dialog.dataset.pause;
    button("pause").disabled = waits();
    part("running").hidden = isOver();
    part("over").hidden = !isOver();
    say(phase);
  };
  /* Once for each phase, so that a screen reader is not talked over every second. */
  const say = (phase) => {
    const words = phase
      ? [phase.title, phase.detail, phase.seconds ? `${phase.seconds} ${dialog.dataset.seconds}` : dialog.dataset.tap].filter(Boolean).join(". ")
      : part("finished").textContent;
    if (shown === `${at} ${words}`) return;
    shown = `${at} ${words}`;
    part("said").textContent = words;
    if (isOver()) part("over").querySelector("button").focus();
  };

  /* ---- taps ---- */

  const begin = () => { wakeSound(); shown = ""; go(0); };
  for (const opener of document.querySelectorAll("[data-timer-start]")) opener.addEventListener("click", begin);
  button("again").addEventListener("click", begin);
  button("pause").addEventListener("click", () => (endsAt === null ? resume() : pause()));
  button("skip").addEventListener("click", () => { wakeSound(); go(at + 1); });
  button("back").addEventListener("click", () => {
    const begun = !waits() && phases[at].seconds * 1000 - remaining() > BACK_TO_START;
    go(begun ? at : at - 1);
  });
  button("close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => { if (!isOver()) pause(); });
  const toggle = (name, after) => {
    const control = button(name);
    const show = () => control.setAttribute("aria-pressed", wants[name]);
    control.addEventListener("click", () => { wants[name] = !wants[name]; remember(`timer-${name}`, wants[name]); show(); after(); });
    show();
  };
  toggle("sound", () => { wakeSound(); planBeeps(); });
  toggle("vibration", () => buzz(60));
  button("vibration").hidden = !navigator.vibrate;
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || endsAt === null) return;
    tick();
    if (endsAt !== null) { wakeSound(); planBeeps(); keepScreenOn(); }
  });
})();
