/* The measuring sheet by keys and buttons: down or across, same as last time, steppers, trials, sections, findings. */
"use strict";

(() => {
  const { number, short } = window.sheetTools;
  const sheet = document.getElementById("sheet");
  const PLACE = "plumbline.measuring.";
  const remember = (name, value) => { try { localStorage.setItem(PLACE + name, JSON.stringify(value)); } catch { /* then it isn't remembered */ } };
  const recall = (name, otherwise) => { try { return JSON.parse(localStorage.getItem(PLACE + name)) ?? otherwise; } catch { return otherwise; } };
  const changed = (input) => { for (const name of ["input", "change"]) input.dispatchEvent(new Event(name, { bubbles: true })); };
  const seen = (input) => input.offsetParent !== null;
  const cells = () => [...sheet.querySelectorAll("[data-column]")].filter(seen);
  const COLUMNS = ["right", "left", "one"];

  /* --- keys --- */
  /* Down a column, section by section: the right one, then the left one, then what has one cell for both. */
  const order = () => {
    const all = cells();
    if (recall("order", "down") === "across") return all;
    const grids = [...new Set(all.map((input) => input.closest("table")))];
    return grids.flatMap((grid) => COLUMNS.flatMap((side) => all.filter((input) => input.closest("table") === grid && input.dataset.column === side)));
  };
  const choose = (input) => { input.focus(); if (input.select) input.select(); };
  const go = (event, input) => {
    const list = order();
    const next = list[list.indexOf(input) + (event.shiftKey ? -1 : 1)];
    if (!next) return false;
    event.preventDefault();
    choose(next);
    return true;
  };
  const same = (cell) => {
    const input = cell.querySelector("[data-column]");
    if (!cell.dataset.previous) return;
    input.value = cell.dataset.previous;
    changed(input);
  };
  const asLastTime = (within) => {
    for (const cell of within.querySelectorAll("[data-cell]")) if (!cell.querySelector("[data-column]").value.trim() && !cell.querySelector(".segment input:checked:not([value=''])")) same(cell);
  };
  /* An empty field starts where it was last time, else in the middle of what is usual. */
  const start = (input) => {
    const before = number(input.closest("[data-cell]").dataset.previous);
    if (before !== null) return before;
    const { softMin, softMax } = input.dataset;
    return softMin === undefined ? 0 : Math.round((Number(softMin) + Number(softMax)) / 10) * 5;
  };
  Object.assign(window.sheetTools, { changed, start });
  const step = (input, by) => {
    const value = number(input.value);
    const next = value === null ? start(input) : value + by;
    const { hardMin, hardMax } = input.dataset;
    input.value = short(Math.min(Math.max(next, Number(hardMin ?? -Infinity)), Number(hardMax ?? Infinity)));
    changed(input);
  };
  const flip = (input) => {
    const text = input.value.trim();
    input.value = /^[-−]/.test(text) ? text.slice(1) : `-${text.replace(/^\+/, "")}`;
    changed(input);
  };
  const STEPS = { ArrowUp: 1, ArrowDown: -1, PageUp: 5, PageDown: -5 };
  const inCell = (event, input) => {
    const cell = input.closest("[data-cell]");
    const typed = input.tagName === "INPUT";
    const acts = {
      Tab: () => go(event, input) || true,
      Enter: () => { if (!go(event, input)) event.preventDefault(); },
      "=": () => { event.preventDefault(); same(cell); },
    };
    if (typed) {
      acts["-"] = () => { if (input.value.trim() && input.selectionStart === input.selectionEnd) { event.preventDefault(); flip(input); } };
      acts.a = () => { event.preventDefault(); cell.querySelector("[data-arc]")?.click(); };
      acts.e = () => { event.preventDefault(); cell.querySelector(".more")?.click(); };
      for (const [key, by] of Object.entries(STEPS)) acts[key] = () => { event.preventDefault(); step(input, by); };
    }
    if (!acts[event.key]) return false;
    acts[event.key]();
    return true;
  };
  const send = (sign) => sheet.requestSubmit(document.getElementById(sign ? "sign" : "save"));
  const isText = (target) => target.closest("textarea, select, [contenteditable], input:not([data-column], [type=radio], [type=checkbox])");
  const onKey = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); send(event.shiftKey); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("[popover]")) return;
    const input = event.target.closest("[data-column]");
    if (input && inCell(event, input)) return;
    if (isText(event.target) || event.key.length !== 1) return;
    const part = [...document.querySelectorAll("[data-letter]")].find((other) => other.dataset.letter === event.key);
    if (part) {
      event.preventDefault();
      part.open = !part.open;
      const first = part.open && part.querySelector("[data-column]");
      if (first) { choose(first); part.scrollIntoView({ block: "nearest" }); }
    } else if (event.key === "s") { event.preventDefault(); send(false); }
  };

  /* --- buttons --- */
  const cellInput = (target) => target.closest("[data-cell]").querySelector("[data-column]");
  const toldOrder = () => {
    for (const button of sheet.querySelectorAll("[data-order] span")) button.textContent = recall("order", "down");
  };
  /* Another trial is the same row once more: the server knows it by its name. */
  const addTrial = (button) => {
    const rows = [...sheet.querySelectorAll(`[data-row^="${button.dataset.more}-"]`)];
    const last = rows[rows.length - 1];
    const [was, trial] = [last.dataset.row, rows.length + 1];
    const now = `${button.dataset.more}-${trial}`;
    const row = last.cloneNode(true);
    const renamed = (text) => text.replaceAll(`${was}-`, `${now}-`);
    row.dataset.row = now;
    for (const made of row.querySelectorAll("*")) {
      for (const name of ["id", "name", "for", "popovertarget", "aria-describedby", "data-flip"]) if (made.hasAttribute(name)) made.setAttribute(name, renamed(made.getAttribute(name)));
      if (made.matches(".how, .how-to, .sheet-note > *")) made.remove();
      if (made.hasAttribute("aria-label")) made.setAttribute("aria-label", `${made.getAttribute("aria-label").replace(/, trial \d+$/, "")}, trial ${trial}`);
      if (made.matches("[data-column]")) { made.value = ""; made.removeAttribute("aria-invalid"); }
      if (made.matches(".segment input")) made.checked = made.value === "";
      if (made.matches("label.visually-hidden")) made.textContent = `${made.textContent.replace(/, trial \d+/, "")}, trial ${trial}`;
    }
    const name = row.querySelector(".sheet-name");
    name.textContent = `${name.firstChild.textContent.trim()} trial ${trial}`;
    for (const select of row.querySelectorAll("select:not([data-column])")) select.value = last.querySelector(`[name="${select.name.replace(now, was)}"]`).value;
    for (const other of [...rows, row].slice(0, -1)) other.querySelector("[data-more]")?.remove();
    sheet.elements.lines.value = `${sheet.elements.lines.value} ${now}`.trim();
    last.after(row);
    choose(row.querySelector(`[data-column="${COLUMNS[0]}"]`));
  };
  const onClick = (event) => {
    const on = (selector) => event.target.closest(selector);
    if (on("[data-flip]")) flip(document.getElementById(on("[data-flip]").dataset.flip));
    else if (on("[data-again]")) same(on("[data-cell]"));
    else if (on("[data-again-part]")) asLastTime(on("table"));
    else if (on("[data-again-all]")) asLastTime(sheet);
    else if (on("[data-order]")) { remember("order", recall("order", "down") === "down" ? "across" : "down"); toldOrder(); }
    else if (on("[data-more]")) { event.preventDefault(); addTrial(on("[data-more]")); }
    else if (on(".segment input[type=radio]") && event.detail) on("[popover]").hidePopover();
    else if (on("[data-by]") && !event.detail) step(cellInput(on("[data-by]")), Number(on("[data-by]").dataset.by));
  };
  /* Held, a stepper goes on; after a second in fives. */
  let held = 0;
  const release = () => clearTimeout(held);
  const onDown = (event) => {
    const button = event.target.closest("[data-by]");
    if (!button || event.button) return;
    event.preventDefault();
    const [input, by] = [cellInput(button), Number(button.dataset.by)];
    const since = Date.now();
    const again = () => {
      const long = Date.now() - since > 1400;
      step(input, long ? by * 5 - ((number(input.value) ?? 0) % 5) : by);
      held = setTimeout(again, long ? 220 : Date.now() - since < 300 ? 450 : 110);
    };
    again();
  };
  /* How a line is taken stands in its summary; it follows the choices. */
  const wayWords = (select) => {
    const words = select.selectedOptions[0]?.textContent;
    if (/-pelvis$/.test(select.name)) return `pelvis ${words}`;
    return /-(position|mode|instrument)$/.test(select.name) && select.value ? words : "";
  };
  const tellWay = (details) => {
    const words = [...details.querySelectorAll("select")].map(wayWords).filter(Boolean);
    details.querySelector("summary span").textContent = words.join(" · ") || "How";
  };

  /* --- sections, remembered; what was used is open anyway --- */
  const rememberOpen = () => remember("open", [...document.querySelectorAll("[data-part][open]")].map((part) => part.dataset.part));
  const openRemembered = () => {
    const open = recall("open", []);
    for (const part of document.querySelectorAll("[data-part]")) {
      if (open.includes(part.dataset.part)) part.open = true;
      part.addEventListener("toggle", rememberOpen);
    }
  };

  /* --- findings: what came and what went is said, and nothing else moves --- */
  const findings = document.getElementById("findings");
  const named = () => [...findings.querySelectorAll("[data-finding]")].map((row) => row.dataset.finding);
  let shown = null;
  const tellNews = () => {
    const now = named();
    document.getElementById("findings-count").textContent = now.length ? `${now.length}: ${now.join(", ")}` : "";
    const news = shown ? now.filter((name) => !shown.includes(name)) : [];
    const gone = shown ? shown.filter((name) => !now.includes(name)) : [];
    for (const row of findings.querySelectorAll("[data-finding]")) row.classList.toggle("finding-new", news.includes(row.dataset.finding));
    if (news.length || gone.length) document.getElementById("news").textContent = [news.length ? `New: ${news.join(", ")}.` : "", gone.length ? `Gone: ${gone.join(", ")}.` : ""].join(" ").trim();
    shown = now;
  };

  /* Logged out or offline: the sheet stays as it is, and the findings come when it is saved again. */
  let waiting = false;
  const wait = () => {
    waiting = true;
    document.getElementById("findings-count").textContent = "wait until this is saved again";
  };
  findings.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, pathInfo } = event.detail;
    if (!xhr.responseURL || new URL(xhr.responseURL).pathname === new URL(pathInfo.requestPath, location.href).pathname) return;
    event.detail.shouldSwap = false;
    event.stopPropagation();
    wait();
  });
  /* Typed or ticked since the question left: the answer's notes are of before, and the next ones are on their way. */
  let [typed, asked] = [0, 0];
  sheet.addEventListener("input", () => { typed += 1; });
  findings.addEventListener("htmx:beforeRequest", () => { asked = typed; });
  sheet.addEventListener("htmx:oobBeforeSwap", (event) => { if (typed !== asked) event.detail.shouldSwap = false; });
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) findings.addEventListener(name, wait);
  sheet.addEventListener("keep:saved", () => {
    if (waiting) window.htmx.trigger(findings, "again");
    waiting = false;
  });

  document.addEventListener("keydown", onKey);
  sheet.addEventListener("click", onClick);
  sheet.addEventListener("pointerdown", onDown);
  for (const name of ["pointerup", "pointercancel", "blur"]) window.addEventListener(name, release);
  sheet.addEventListener("contextmenu", (event) => { if (event.target.closest("[data-by]")) event.preventDefault(); });
  sheet.addEventListener("change", (event) => { const details = event.target.closest("th .details"); if (details) tellWay(details); });
  sheet.addEventListener("keep:restore", (event) => {
    const lines = event.detail.values.find(([name]) => name === "lines")?.[1].split(" ") || [];
    for (const wanted of lines) {
      const more = wanted && !sheet.querySelector(`[data-row="${wanted}"]`) && sheet.querySelector(`[data-more="${wanted.replace(/-\d+$/, "")}"]`);
      if (more) addTrial(more);
    }
  });
  sheet.addEventListener("keep:restored", () => sheet.querySelectorAll("th .details").forEach(tellWay));
  document.addEventListener("htmx:afterSwap", (event) => { if (event.target === findings) tellNews(); });
  if (window.matchMedia("(min-width: 64rem)").matches) document.getElementById("findings-fold").open = true;
  toldOrder();
  openRemembered();
  tellNews();
  const first = order()[0];
  if (first && !document.querySelector(".error-summary, .banner") && window.matchMedia("(pointer: fine)").matches) choose(first);
})();
