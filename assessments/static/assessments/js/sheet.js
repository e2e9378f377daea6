/* The measuring sheet: down the column by Tab and Enter, the sign, the earlier value, and a draft kept on this device. */
"use strict";

const PREFIX = "plumbline.sheet.";
const SENT = "plumbline.sent";
const LONGEST = 12 * 60 * 60 * 1000;
const sheet = document.getElementById("sheet");

const column = (input) => [...sheet.querySelectorAll(`[data-column="${input.dataset.column}"]`)];
const seen = (input) => input.offsetParent !== null;

/* Left column, right column, then what has one cell for both; leaves the grid at either end like any other field. */
const order = () => ["left", "right", "one"].flatMap((side) => column({ dataset: { column: side } })).filter(seen);

const go = (event, input) => {
  const cells = order();
  const next = cells[cells.indexOf(input) + (event.shiftKey ? -1 : 1)];
  if (!next) return false;
  event.preventDefault();
  next.focus();
  if (next.select) next.select();
  return true;
};

const changed = (input) => input.dispatchEvent(new Event("input", { bubbles: true }));

const onKey = (event) => {
  const input = event.target.closest("[data-column]");
  if (!input || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Tab") go(event, input);
  if (event.key === "Enter" && input.tagName === "INPUT" && !go(event, input)) event.preventDefault();
  const earlier = input.closest("td").dataset.previous;
  if (event.key === "=" && earlier) {
    event.preventDefault();
    input.value = earlier;
    changed(input);
  }
};

const onClick = (event) => {
  const flip = event.target.closest("[data-flip]");
  if (!flip) return;
  const input = document.getElementById(flip.dataset.flip);
  const text = input.value.trim();
  input.value = /^[-−]/.test(text) ? text.slice(1) : `-${text.replace(/^\+/, "")}`;
  input.focus();
  changed(input);
};

const wayWords = (select) => {
  const words = select.selectedOptions[0]?.textContent;
  if (/-pelvis$/.test(select.name)) return `pelvis ${words}`;
  return /-(position|mode|instrument)$/.test(select.name) && select.value ? words : "";
};

/* How a line is taken stands in its summary; it follows the choices. */
const tellWay = (details) => {
  const words = [...details.querySelectorAll("select")].map(wayWords).filter(Boolean);
  details.querySelector("summary span").textContent = words.join(" · ") || "How";
};

const values = () => [...new FormData(sheet)].filter(([name]) => name !== "csrfmiddlewaretoken");

const keep = () => {
  try {
    localStorage.setItem(sheet.dataset.draftKey, JSON.stringify({ at: Date.now(), values: values() }));
  } catch {
    /* A full or forbidden store only means that this device keeps nothing. */
  }
};

const kept = (key) => {
  try {
    const draft = JSON.parse(localStorage.getItem(key));
    if (draft && Date.now() - draft.at < LONGEST) return draft;
  } catch {
    /* What can't be read is thrown away below. */
  }
  localStorage.removeItem(key);
  return null;
};

const restore = () => {
  const draft = kept(sheet.dataset.draftKey);
  const before = JSON.stringify(values());
  if (!draft || JSON.stringify(draft.values) === before) return;
  for (const [name, value] of draft.values) if (sheet.elements[name]) sheet.elements[name].value = value;
  sheet.querySelectorAll("th .details").forEach(tellWay);
  document.getElementById("restored-at").textContent = new Date(draft.at).toLocaleString();
  document.getElementById("restored").hidden = false;
  changed(sheet);
};

const forget = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).forEach(kept);

const watchSheet = () => {
  sheet.addEventListener("keydown", onKey);
  sheet.addEventListener("click", onClick);
  sheet.addEventListener("change", (event) => {
    const details = event.target.closest("th .details");
    if (details) tellWay(details);
  });
  sheet.addEventListener("input", keep);
  document.getElementById("discard").addEventListener("click", () => {
    localStorage.removeItem(sheet.dataset.draftKey);
    window.location.reload();
  });
  if (sheet.dataset.typed === undefined) window.addEventListener("load", restore);
};

/* A sent sheet is forgotten only when the saved assessment comes back: a refused or lost one is not. */
const sending = document.querySelector("form[data-draft-key]");
if (sending) {
  sessionStorage.removeItem(SENT);
  sending.addEventListener("submit", () => sessionStorage.setItem(SENT, sending.dataset.draftKey));
} else if (sessionStorage.getItem(SENT)) {
  localStorage.removeItem(sessionStorage.getItem(SENT));
  sessionStorage.removeItem(SENT);
}
forget();
if (sheet) watchSheet();
