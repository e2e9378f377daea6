/* Keyboard shortcuts. A link, button or field says its own: data-shortcut="g t" (keys one after the other, never held),
   and, where its text is not enough on the sheet, data-shortcut-says="…". They rest while somebody types, while a dialog
   is open, inside [data-own-keys], and wherever they were turned off on the sheet. */
"use strict";

(() => {
  const KEPT = "plumbline.shortcuts";
  const PATIENCE = 1500;
  const TYPED = "input:not([type='checkbox'], [type='radio'], [type='button'], [type='submit'], [type='file']), textarea, select, [contenteditable], [data-own-keys]";
  let begun = "";
  let timer = 0;

  const isOn = () => {
    try { return localStorage.getItem(KEPT) !== "off"; } catch { return true; }
  };
  const turn = (on) => {
    try { localStorage.setItem(KEPT, on ? "on" : "off"); } catch { /* for this page only */ }
  };
  const offered = () => [...document.querySelectorAll("[data-shortcut]")].filter((each) => each.getClientRects().length && !each.disabled);
  const words = (each) => each.dataset.shortcutSays || each.getAttribute("aria-label") || each.textContent.trim();

  const use = (each) => {
    if (each.matches("input, textarea, select")) each.focus();
    else each.click();
  };

  document.addEventListener("keydown", (event) => {
    const inside = event.target.closest ? event.target : document.body;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key.length !== 1 || event.key === " " || !isOn() || inside.closest(TYPED) || document.querySelector("dialog[open]")) return;
    const keys = begun ? `${begun} ${event.key}` : event.key;
    const all = offered();
    const found = all.find((each) => each.dataset.shortcut === keys);
    clearTimeout(timer);
    begun = "";
    if (found) {
      event.preventDefault();
      use(found);
    } else if (all.some((each) => each.dataset.shortcut.startsWith(`${keys} `))) {
      begun = keys;
      timer = setTimeout(() => { begun = ""; }, PATIENCE);
    }
  });

  /* The sheet lists what this page offers. */
  const fill = () => {
    const list = document.querySelector("#shortcuts-dialog [data-shortcut-list]");
    const known = new Map();
    for (const each of offered()) if (!known.has(each.dataset.shortcut)) known.set(each.dataset.shortcut, words(each));
    list.replaceChildren(...[...known].map(([keys, says]) => {
      const row = document.createElement("div");
      const term = document.createElement("dt");
      const told = document.createElement("dd");
      term.textContent = says;
      for (const [place, key] of keys.split(" ").entries()) {
        if (place) told.append(" then ");
        told.append(Object.assign(document.createElement("kbd"), { textContent: key }));
      }
      row.append(term, told);
      return row;
    }));
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-opens='shortcuts-dialog']")) fill();
  }, true);
  const show = () => {
    for (const box of document.querySelectorAll("[data-shortcuts-on]")) box.checked = isOn();
  };
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-shortcuts-on]")) return;
    turn(event.target.checked);
    show();
  });
  document.addEventListener("DOMContentLoaded", show);
})();
