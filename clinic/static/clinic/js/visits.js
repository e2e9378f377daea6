/* The diary by keyboard, mouse and finger. Without it every slot and every visit is a link, and the sheet has a form. */
"use strict";

(() => {
  const STEP = 15;
  const HOLD = 350; // milliseconds until a finger lifts a visit
  const diary = document.querySelector("[data-diary]");
  const sheet = document.getElementById("sheet");
  const drop = document.getElementById("drop");
  const says = document.getElementById("diary-says");

  /* --- the sheet of a visit, over the diary ------------------------------------------------------------------------ */
  document.addEventListener("htmx:afterSwap", (event) => {
    if (sheet && event.target.id === "sheet-body" && !sheet.open) sheet.showModal();
  });
  document.addEventListener("click", (event) => {
    const close = event.target.closest("[data-close]");
    if (close && sheet && sheet.contains(close)) {
      event.preventDefault();
      sheet.close();
    } else if (sheet && event.target === sheet) sheet.close();
    const copies = event.target.closest("[data-copies]");
    if (copies) {
      const field = document.getElementById(copies.dataset.copies);
      field.select();
      if (navigator.clipboard) navigator.clipboard.writeText(field.value);
      else document.execCommand("copy");
      copies.querySelector("span").textContent = "Copied";
    }
  });
  for (const form of document.querySelectorAll("[data-sends-itself]")) {
    form.addEventListener("change", () => form.requestSubmit());
  }

  /* --- keys -------------------------------------------------------------------------------------------------------- */
  const typing = (target) => target.closest("input, select, textarea, [contenteditable], dialog");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (diary && /^Arrow(Up|Down|Left|Right)$/.test(event.key) && (diary.contains(event.target) || event.target === document.body)) {
      if (walk(event.key.slice(5))) event.preventDefault();
    }
  });

  const stops = (column) => [...column.querySelectorAll(".slot, .visit")].sort((a, b) => a.dataset.row - b.dataset.row);
  const target = (stop) => stop.querySelector(".visit-link") || stop;
  const goTo = (stop) => {
    if (!stop) return false;
    target(stop).focus({ preventScroll: true });
    stop.scrollIntoView({ block: "nearest", inline: "nearest" });
    return true;
  };
  const walk = (where) => {
    const columns = [...diary.querySelectorAll(".diary-column")];
    const here = document.activeElement.closest(".slot, .visit");
    if (!here) return goTo(diary.querySelector(".slot:not(.slot-closed)") || diary.querySelector(".slot, .visit"));
    const column = here.closest(".diary-column");
    if (where === "Up" || where === "Down") {
      const list = stops(column);
      return goTo(list[list.indexOf(here) + (where === "Down" ? 1 : -1)]);
    }
    const beside = columns[columns.indexOf(column) + (where === "Right" ? 1 : -1)];
    const row = Number(here.dataset.row);
    return beside ? goTo(stops(beside).filter((stop) => Number(stop.dataset.row) <= row).pop() || stops(beside)[0]) : false;
  };

  if (!diary) return;

  /* --- where one was, after a page that came back ------------------------------------------------------------------ */
  const place = `diary ${location.pathname}`;
  window.addEventListener("pagehide", () => {
    try { sessionStorage.setItem(place, JSON.stringify([diary.scrollLeft, diary.scrollTop, scrollY, Date.now()])); } catch { /* no matter */ }
  });
  try {
    const [left, top, page, at] = JSON.parse(sessionStorage.getItem(place));
    if (Date.now() - at < 60000) {
      diary.scrollTo(left, top);
      scrollTo(0, page);
    }
  } catch { /* nothing was kept */ }

  /* --- moving ------------------------------------------------------------------------------------------------------ */
  let held = null; // {visit, x, y, pointer, timer, on, ghost, mark, to}

  const five = () => Number.parseFloat(getComputedStyle(diary.querySelector(".diary-body")).gridTemplateRows) || 5;
  const clock = (minutes) => `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

  const lift = () => {
    const { visit } = held;
    const box = visit.getBoundingClientRect();
    held.on = true;
    held.dx = held.x - box.left;
    held.dy = held.y - box.top;
    held.ghost = visit.cloneNode(true);
    held.ghost.className = `visit visit-flying${visit.matches(".visit-short") ? " visit-short" : ""}`;
    held.ghost.removeAttribute("data-visit");
    Object.assign(held.ghost.style, { width: `${box.width}px`, height: `${box.height}px` });
    held.mark = document.createElement("div");
    document.body.append(held.ghost);
    visit.classList.add("visit-lifted");
    diary.classList.add("diary-moving");
    if (navigator.vibrate) navigator.vibrate(10);
    fly(held.x, held.y);
  };

  const fly = (x, y) => {
    held.ghost.style.left = `${x - held.dx}px`;
    held.ghost.style.top = `${y - held.dy}px`;
    const column = document.elementsFromPoint(x, y).map((one) => one.closest(".diary-column")).find(Boolean);
    held.to = null;
    held.mark.remove();
    edges(x, y);
    if (!column) return;
    const body = column.querySelector(".diary-body");
    const rows = Number(held.visit.dataset.rows);
    const row = Math.max(0, Math.round((y - held.dy - body.getBoundingClientRect().top) / five() / (STEP / 5)) * (STEP / 5));
    const at = time(column, row);
    if (at === null) return;
    held.mark.className = `visit-target at-${row + 1} for-${rows}`;
    held.mark.textContent = at;
    held.ghost.querySelector(".visit-time").textContent = at;
    body.append(held.mark);
    held.to = { column, at };
  };

  /* The axis knows which time a row is, also on a night on which the clocks change. */
  const time = (column, row) => {
    const marks = [...diary.querySelectorAll(".diary-mark")];
    const mark = marks[Math.floor(row / 12)];
    if (!mark) return null;
    const [hour, minute] = mark.textContent.split(":").map(Number);
    return clock((hour * 60 + minute + (row % 12) * 5) % 1440);
  };

  const edges = (x, y) => {
    const box = diary.getBoundingClientRect();
    if (y > box.bottom - 30) diary.scrollTop += 8;
    if (y < box.top + 60) diary.scrollTop -= 8;
    if (x > box.right - 30) diary.scrollLeft += 8;
    if (x < box.left + 60) diary.scrollLeft -= 8;
  };

  const letGo = () => {
    if (!held) return;
    clearTimeout(held.timer);
    if (held.on) {
      held.ghost.remove();
      held.mark.remove();
      held.visit.classList.remove("visit-lifted");
      diary.classList.remove("diary-moving");
    }
    held = null;
  };

  const send = ({ visit, to }) => {
    const { day, therapist, room } = to.column.dataset;
    drop.action = visit.dataset.move;
    drop.elements.revision.value = visit.dataset.revision;
    drop.elements.date.value = day;
    drop.elements.start.value = to.at;
    drop.elements.therapist.disabled = therapist === undefined;
    drop.elements.therapist.value = therapist || "";
    drop.elements.room.disabled = room === undefined;
    drop.elements.room.value = room || "";
    visit.classList.add("visit-lifted");
    says.textContent = `Moving to ${to.at}`;
    drop.requestSubmit();
  };

  diary.addEventListener("pointerdown", (event) => {
    const visit = event.target.closest("[data-move]");
    if (!visit || event.button !== 0 || held || window.matchMedia("(max-width: 48rem)").matches && diary.matches(".diary-week")) return;
    held = { visit, x: event.clientX, y: event.clientY, pointer: event.pointerId, type: event.pointerType };
    if (event.pointerType !== "mouse") held.timer = setTimeout(lift, HOLD);
  });
  document.addEventListener("pointermove", (event) => {
    if (!held || event.pointerId !== held.pointer) return;
    const far = Math.hypot(event.clientX - held.x, event.clientY - held.y) > 6;
    if (held.on) fly(event.clientX, event.clientY);
    else if (far && held.type === "mouse") lift();
    else if (far) letGo();
  });
  document.addEventListener("pointerup", (event) => {
    if (!held || event.pointerId !== held.pointer) return;
    const was = held;
    letGo();
    if (!was.on) return;
    dropped = Date.now();
    if (was.to) send(was);
  });
  document.addEventListener("pointercancel", letGo);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") letGo(); });
  let dropped = 0;
  diary.addEventListener("click", (event) => {
    if (Date.now() - dropped > 400) return;
    event.preventDefault(); // the end of a drag is no tap
    event.stopPropagation();
  }, true);
  diary.addEventListener("touchmove", (event) => { if (held && held.on) event.preventDefault(); }, { passive: false });
  diary.addEventListener("contextmenu", (event) => { if (held) event.preventDefault(); });
  diary.addEventListener("dragstart", (event) => event.preventDefault());
})();
