/* Beside each field while typing: the dot moves, limits are said at once, both sides are compared. */
"use strict";

(() => {
  const number = (text) => {
    const plain = text.trim().replace(",", ".").replace("−", "-");
    return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : null;
  };
  const short = (value) => String(Math.round(value * 100) / 100);
  window.sheetTools = { number, short };
  const inputOf = (cell) => cell.querySelector("[data-column]");
  const valueOf = (cell) => (inputOf(cell).tagName === "INPUT" ? number(inputOf(cell).value) : null);

  const WIDTH = 120;
  const MARGIN = 5;
  const place = (svg, value) => {
    const low = Number(svg.dataset.low);
    const share = (value - low) / (Number(svg.dataset.high) - low);
    return Math.round((MARGIN + Math.min(Math.max(share, 0), 1) * (WIDTH - 2 * MARGIN)) * 10) / 10;
  };

  const drawStrip = (cell) => {
    const svg = cell.querySelector(".strip svg");
    if (!svg) return;
    const value = valueOf(cell);
    const dot = svg.querySelector("[data-dot]");
    const whisker = svg.querySelector("[data-whisker]");
    for (const part of [dot, whisker]) if (part) part.setAttribute("visibility", value === null ? "hidden" : "visible");
    if (value === null) return;
    dot.setAttribute("cx", place(svg, value));
    const error = Number(svg.dataset.error);
    if (whisker) {
      whisker.setAttribute("x1", place(svg, value - error));
      whisker.setAttribute("x2", place(svg, value + error));
    }
    const before = number(cell.dataset.previous);
    dot.classList.toggle("within-error", Boolean(svg.dataset.error) && before !== null && Math.abs(value - before) < error);
  };

  const drawDifference = (row) => {
    const words = row.querySelector("[data-difference]");
    const [right, left] = [...row.querySelectorAll("[data-cell]")].map(valueOf);
    if (right === undefined || left === undefined || right === null || left === null) words.textContent = "";
    else if (right === left) words.textContent = "equal";
    else words.textContent = `${short(Math.abs(right - left))}${row.dataset.unit} less ${right < left ? "right" : "left"}`;
  };

  /* The same words as the server's; it has the last one half a second later. */
  const limitOf = (input, value, unit) => {
    const { hardMin, hardMax, softMin, softMax } = input.dataset;
    const passes = [[hardMax, 1, "the most that is accepted"], [hardMin, -1, "the least that is accepted"], [softMax, 1, "which is unusual"], [softMin, -1, "which is unusual"]];
    const found = passes.find(([edge, way]) => edge !== undefined && (value - Number(edge)) * way > 0);
    if (!found) return null;
    const [edge, way, words] = found;
    return { hard: words !== "which is unusual", words: `${short(value)}${unit} is ${way > 0 ? "above" : "below"} ${edge}${unit}, ${words}.` };
  };
  const line = (className, ...inside) => {
    const made = document.createElement("p");
    made.className = className;
    made.append(...inside);
    return made;
  };
  const keepBox = (input) => {
    const label = document.createElement("label");
    const box = document.createElement("input");
    Object.assign(box, { type: "checkbox", name: "sure", value: `${input.name}=${input.value}`.replaceAll(" ", ""), autocomplete: "off" });
    label.append(box, " Keep it");
    return label;
  };
  const drawLimit = (cell) => {
    const input = inputOf(cell);
    const note = cell.querySelector(".sheet-note");
    if (input.tagName !== "INPUT" || !note) return;
    const value = valueOf(cell);
    const passed = value === null ? null : limitOf(input, value, cell.closest("tr").dataset.unit === "°" ? "°" : ` ${cell.closest("tr").dataset.unit}`);
    input.toggleAttribute("aria-invalid", false);
    for (const old of note.querySelectorAll(".field-error, .sheet-unusual")) old.remove();
    if (!passed) return;
    if (passed.hard) {
      input.setAttribute("aria-invalid", "true");
      note.prepend(line("field-error small", passed.words));
    } else note.prepend(line("small sheet-unusual", `${passed.words} `, keepBox(input)));
  };

  const onTyping = (event) => {
    const cell = event.target.closest("[data-cell]");
    if (!cell) return;
    if (event.target.matches("[data-column]")) {
      drawStrip(cell);
      drawLimit(cell);
      drawDifference(cell.closest("tr"));
    }
    const part = cell.closest("[data-part]");
    if (part) countFilled(part);
  };
  const countFilled = (part) => {
    const filled = [...part.querySelectorAll("[data-cell]")].filter((cell) => inputOf(cell).value.trim() || cell.querySelector(".segment input:checked:not([value=''])"));
    part.querySelector("[data-filled]").textContent = filled.length ? `${filled.length} filled` : "";
  };
  const drawAll = () => {
    for (const cell of document.querySelectorAll("#sheet [data-cell]")) { drawStrip(cell); drawDifference(cell.closest("tr")); }
    for (const part of document.querySelectorAll("[data-part]")) countFilled(part);
  };
  document.getElementById("sheet").addEventListener("input", onTyping);
  document.getElementById("sheet").addEventListener("keep:restored", drawAll);
  drawAll();
})();
