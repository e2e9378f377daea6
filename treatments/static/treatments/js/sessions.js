/* The session note: type-ahead over the vocabulary, rows that appear when they are needed, phrases. */
"use strict";

(() => {
  const SHOWN = 8;
  const form = document.getElementById("note");
  if (!form) return;
  const told = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));

  /* --- rows --- */
  const rows = [...form.querySelectorAll("[data-row]")];
  const fields = (row) => [...row.querySelectorAll("input, select")];
  const isBlank = (row) => fields(row).every((field) => (field.type === "radio" ? !field.checked : !field.value));
  const open = (row) => { row.classList.remove("trow-spare"); return row; };
  const openUsed = () => rows.forEach((row) => { if (!isBlank(row)) open(row); });
  const nextBlank = () => {
    const found = rows.find((row) => !row.classList.contains("trow-spare") && isBlank(row)) || rows.find((row) => row.classList.contains("trow-spare"));
    return found && open(found);
  };
  const part = (row, name) => row.querySelector(`[name$="-${name}"]`);
  const goToNextRow = () => { const row = nextBlank(); if (row) part(row, "technique").focus(); };
  const clearRow = (row) => {
    for (const field of fields(row)) {
      if (field.type === "radio") field.checked = false; else field.value = "";
    }
    row.classList.remove("trow-unsided");
    told(part(row, "technique"));
    part(row, "technique").focus();
  };
  openUsed();
  nextBlank();
  form.addEventListener("keep:restored", openUsed);
  form.addEventListener("click", (event) => {
    if (event.target.closest("[data-add-row]")) goToNextRow();
    const clear = event.target.closest("[data-clear-row]");
    if (clear) clearRow(clear.closest("[data-row]"));
  });

  /* --- type-ahead --- */
  const vocabularies = new Map();
  const vocabulary = (id) => {
    if (!vocabularies.has(id)) {
      vocabularies.set(id, [...document.getElementById(id).options].map((option) => ({
        name: option.value, low: option.value.toLowerCase(), hint: option.dataset.hint || "",
        others: (option.dataset.words || "").toLowerCase().split("|").filter(Boolean),
        recent: option.hasAttribute("data-recent"), unsided: option.hasAttribute("data-unsided"),
      })));
    }
    return vocabularies.get(id);
  };
  /* The smaller the better; what was used lately goes first among those that fit alike. */
  const fit = (word, typed) => {
    if (word.low === typed || word.others.includes(typed)) return 0;
    if (word.low.startsWith(typed)) return word.recent ? 1 : 2;
    if (word.low.split(/[\s,(-]+/).some((piece) => piece.startsWith(typed))) return 3;
    if (word.others.some((other) => other.startsWith(typed))) return word.recent ? 3 : 4;
    if (typed.length > 2 && (word.low.includes(typed) || word.others.some((other) => other.includes(typed)))) return 5;
    return 9;
  };
  const found = (words, typed) => {
    if (!typed) return words.filter((word) => word.recent).slice(0, SHOWN);
    return words.map((word, place) => [fit(word, typed), place, word]).filter(([rank]) => rank < 9)
      .sort((a, b) => a[0] - b[0] || a[1] - b[1]).slice(0, SHOWN).map(([, , word]) => word);
  };

  class Combo {
    constructor(input, number) {
      this.input = input;
      this.words = vocabulary(input.getAttribute("list"));
      this.list = document.createElement("ul");
      this.list.className = "combo-list";
      this.list.id = `combo-${number}`;
      this.list.hidden = true;
      this.list.setAttribute("role", "listbox");
      this.list.setAttribute("aria-label", input.placeholder);
      input.after(this.list);
      input.removeAttribute("list");
      for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", this.list.id]]) input.setAttribute(name, value);
      input.addEventListener("input", () => { if (!this.choosing) this.show(); });
      input.addEventListener("focus", () => this.show());
      input.addEventListener("click", () => this.show());
      input.addEventListener("blur", () => this.hide());
      input.addEventListener("keydown", (event) => this.key(event));
      this.list.addEventListener("pointerdown", (event) => event.preventDefault());
      this.list.addEventListener("click", (event) => {
        const item = event.target.closest("li");
        if (item) this.choose(this.shown[[...this.list.children].indexOf(item)]);
      });
    }
    show() {
      const typed = this.input.value.trim().toLowerCase();
      this.shown = this.words.some((word) => word.low === typed) ? [] : found(this.words, typed);
      this.list.replaceChildren(...this.shown.map((word, place) => {
        const item = document.createElement("li");
        item.id = `${this.list.id}-${place}`;
        item.setAttribute("role", "option");
        item.textContent = word.name;
        if (word.hint) {
          const hint = document.createElement("span");
          hint.className = "small quiet";
          hint.textContent = word.hint;
          item.append(hint);
        }
        return item;
      }));
      this.list.hidden = !this.shown.length;
      this.input.setAttribute("aria-expanded", String(!this.list.hidden));
      this.point(typed && this.shown.length ? 0 : -1);
    }
    hide() {
      this.list.hidden = true;
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("aria-activedescendant");
    }
    point(place) {
      this.at = place;
      [...this.list.children].forEach((item, number) => item.setAttribute("aria-selected", String(number === place)));
      if (place < 0) { this.input.removeAttribute("aria-activedescendant"); return; }
      this.input.setAttribute("aria-activedescendant", this.list.children[place].id);
      this.list.children[place].scrollIntoView({ block: "nearest" });
    }
    key(event) {
      const count = this.list.hidden ? 0 : this.shown.length;
      if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count) {
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        this.point((Math.max(this.at, step > 0 ? -1 : 0) + step + count) % count);
      } else if (event.key === "Escape" && count) { event.preventDefault(); event.stopPropagation(); this.hide(); }
      else if (event.key === "Enter") {
        event.preventDefault();
        if (count && this.at >= 0) this.choose(this.shown[this.at]);
        else if (this.input.value.trim()) this.goOn();
      } else if (event.key === "Tab" && !event.shiftKey && count && this.at >= 0 && this.input.value.trim()) this.take(this.shown[this.at]);
    }
    take(word) {
      this.choosing = true;
      this.input.value = word.name;
      told(this.input);
      this.choosing = false;
      this.hide();
      this.input.closest("[data-row]").classList.toggle("trow-unsided", word.unsided && this.input.name.endsWith("structure"));
    }
    choose(word) { this.take(word); this.goOn(); }
    goOn() {
      const row = this.input.closest("[data-row]");
      if (this.input.name.endsWith("technique")) part(row, "structure").focus();
      else if (row.classList.contains("trow-unsided") || !this.input.value) part(row, "minutes").focus();
      else (row.querySelector('[name$="-side"]:checked') || part(row, "side")).focus();
    }
  }
  form.querySelectorAll("[data-combo]").forEach((input, number) => new Combo(input, number));

  /* --- one key for a side, Enter for the next row; Enter never sends the note --- */
  const SIDES = { l: "left", r: "right", b: "both" };
  form.addEventListener("keydown", (event) => {
    const row = event.target.closest("[data-row]");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.querySelector('.note-bar [value="sign"]').click();
      return;
    }
    if (!row || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.type === "radio" && SIDES[event.key.toLowerCase()]) {
      event.preventDefault();
      const side = row.querySelector(`[name$="-side"][value="${SIDES[event.key.toLowerCase()]}"]`);
      side.checked = true;
      told(side);
      part(row, "minutes").focus();
    } else if (event.key === "Enter" && event.target.matches("input:not([data-combo]), select")) {
      event.preventDefault();
      if (event.target.type === "radio") part(row, "minutes").focus();
      else goToNextRow();
    }
  });
  /* A side that is pressed again is taken away. */
  form.addEventListener("pointerdown", (event) => {
    const choice = event.target.closest(".side-choice, .pain-choice");
    const radio = choice && choice.querySelector("input");
    if (!radio || !radio.checked) return;
    choice.addEventListener("click", (click) => { click.preventDefault(); setTimeout(() => { radio.checked = false; told(radio); }); }, { once: true });
  });

  /* --- phrases --- */
  const phrases = [...document.querySelectorAll(".phrase")];
  const phrase = (label, section) => phrases.find((one) => one.dataset.label === label.toLowerCase() && (!one.dataset.section || one.dataset.section === section));
  let last = form.querySelector("[data-phrases]");
  form.addEventListener("focusin", (event) => { if (event.target.matches("[data-phrases]")) last = event.target; });
  form.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.matches("[data-phrases]")) return;
    const at = field.selectionStart;
    const typed = /(^|\s);([\w-]+)\s$/.exec(field.value.slice(0, at));
    const meant = typed && phrase(typed[2], field.dataset.phrases);
    if (meant) field.setRangeText(`${meant.dataset.text} `, at - typed[2].length - 2, at, "end");
  });
  document.addEventListener("click", (event) => {
    const chosen = event.target.closest(".phrase");
    if (!chosen) return;
    const field = (chosen.dataset.section && form.querySelector(`[data-phrases="${chosen.dataset.section}"]`)) || last;
    const gap = field.value && !/\s$/.test(field.value.slice(0, field.selectionEnd)) ? " " : "";
    field.setRangeText(`${gap}${chosen.dataset.text}`, field.selectionEnd, field.selectionEnd, "end");
    field.focus();
    told(field);
  });

  /* On a phone what is at hand folds away until it is asked for. */
  if (window.matchMedia("(max-width: 47.99rem)").matches) document.querySelectorAll(".note-hand details[open]").forEach((fold) => { fold.open = false; });
})();
