/* Drawing with a finger, a pen or a mouse: marks on the body chart, and a signature. Both write JSON into a hidden field. */
"use strict";

(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const NEAR = 7;
  const changed = (field) => field.form.dispatchEvent(new Event("input", { bubbles: true }));
  const made = (name, attributes, text = "") => {
    const element = document.createElementNS(SVG, name);
    for (const [key, given] of Object.entries(attributes)) element.setAttribute(key, given);
    element.textContent = text;
    return element;
  };
  const read = (field) => { try { return JSON.parse(field.value || "[]") || []; } catch { return []; } };

  /* One stroke at a time on `sheet`. `may()`: whether a finger draws, or scrolls the page. */
  const draws = (sheet, { most, may, show, end }) => {
    let now = null;
    const place = (event) => {
      const box = sheet.viewBox.baseVal;
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(sheet.getScreenCTM().inverse());
      return [point.x / box.width, point.y / box.height].map((part) => Math.min(1000, Math.max(0, Math.round(part * 1000))));
    };
    // A stroke is no fling to the browser, which would lose the tap that follows.
    sheet.addEventListener("touchstart", (event) => { if (may()) event.preventDefault(); }, { passive: false });
    sheet.addEventListener("pointerdown", (event) => {
      if (!may() || event.button > 0 || now) return;
      event.preventDefault();
      sheet.setPointerCapture(event.pointerId);
      now = [place(event)];
      show(now);
    });
    sheet.addEventListener("pointermove", (event) => {
      if (!now) return;
      const several = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
      for (const one of several.length ? several : [event]) {
        const next = place(one);
        const last = now[now.length - 1];
        if (Math.hypot(next[0] - last[0], next[1] - last[1]) >= NEAR && now.length < most) now.push(next);
      }
      show(now);
    });
    for (const name of ["pointerup", "pointercancel"]) sheet.addEventListener(name, () => { if (now) { const done = now; now = null; end(done); } });
  };

  const line = (points, wide, high) => {
    const all = points.map(([x, y]) => `${(x * wide) / 1000},${(y * high) / 1000}`);
    return (all.length > 1 ? all : [all[0], all[0]]).join(" ");
  };

  /* --- the body chart --- */
  const chart = (root) => {
    const field = root.querySelector("[data-marks]");
    const kinds = new Map([...root.querySelectorAll("[data-kind]")].map((button) => [button.dataset.kind, button]));
    const figures = [...root.querySelectorAll("svg[data-view]")];
    const [undo, told, list] = ["[data-undo]", "[data-told]", "[data-place]"].map((name) => root.querySelector(name));
    const [type, howBad] = [root.querySelector("[data-type]"), root.querySelector("[data-how-bad]")];
    const places = [...list.options].filter((option) => option.dataset.at).map((option) => {
      const [x, y, wide, high] = option.dataset.at.split(" ").map(Number);
      return { key: option.value, words: option.textContent, view: option.dataset.view, x, y, wide, high };
    });
    for (const each of [list, type, howBad]) each.removeAttribute("name"); // only for who has no script
    let marks = read(field);
    let kind = "";

    const label = (mark) => kinds.get(mark.kind).querySelector("span").textContent;
    const where = (mark) => {
      const [x, y] = [0, 1].map((axis) => mark.points.reduce((sum, point) => sum + point[axis], 0) / mark.points.length);
      const far = (place) => Math.hypot((x - place.x) / place.wide, (y - place.y) / place.high);
      return places.filter((place) => place.view === mark.view).reduce((best, place) => (far(place) < far(best) ? place : best)).words;
    };
    const picture = (mark, figure) => {
      const wide = Number(figure.dataset.width);
      const { dashes, letter } = kinds.get(mark.kind).dataset;
      const group = made("g", { class: `stroke stroke-${mark.kind}` });
      const path = made("polyline", { points: line(mark.points, wide, 1000) });
      if (dashes) path.setAttribute("stroke-dasharray", dashes);
      const [x, y] = mark.points[0];
      group.append(path, made("circle", { class: "stroke-letter", cx: (x * wide) / 1000, cy: y, r: 22 }), made("text", { x: (x * wide) / 1000, y: y + 10 }, letter));
      return group;
    };
    const row = (mark, number) => {
      const item = document.createElement("li");
      const words = document.createElement("span");
      words.textContent = `${label(mark)}: ${where(mark)}`;
      const bad = howBad.cloneNode(true);
      for (const name of ["data-how-bad", "id"]) bad.removeAttribute(name);
      bad.setAttribute("aria-label", `${root.dataset.severity} ${words.textContent}`);
      bad.options[0].textContent = root.dataset.severity;
      bad.value = mark.severity ?? "";
      bad.addEventListener("change", (event) => {
        event.stopPropagation();
        if (bad.value === "") delete mark.severity; else mark.severity = Number(bad.value);
        write();
      });
      const away = document.createElement("button");
      away.type = "button";
      away.className = "button button-quiet button-small";
      away.textContent = root.dataset.remove;
      away.setAttribute("aria-label", `${root.dataset.remove}: ${words.textContent}`);
      away.addEventListener("click", () => { marks.splice(number, 1); write(); draw(); (told.querySelector("button") || list).focus(); });
      item.append(words, bad, away);
      return item;
    };
    const draw = () => {
      for (const figure of figures) figure.querySelector(".chart-strokes").replaceChildren(...marks.filter((mark) => mark.view === figure.dataset.view).map((mark) => picture(mark, figure)));
      told.replaceChildren(...marks.map(row));
      undo.hidden = !marks.length;
    };
    const write = () => { field.value = JSON.stringify(marks); changed(field); };
    const add = (mark) => { marks.push(mark); write(); draw(); };

    for (const [key, button] of kinds) button.addEventListener("click", () => {
      kind = kind === key ? "" : key;
      for (const [other, each] of kinds) each.setAttribute("aria-pressed", String(other === kind));
      root.classList.toggle("chart-drawing", Boolean(kind));
    });
    for (const figure of figures) {
      const view = figure.dataset.view;
      let shown = null;
      draws(figure, {
        most: 200,
        may: () => Boolean(kind),
        show: (points) => { shown?.remove(); shown = picture({ kind, view, points }, figure); figure.querySelector(".chart-strokes").append(shown); },
        end: (points) => { shown = null; add({ view, kind, points }); },
      });
    }
    undo.addEventListener("click", () => { marks.pop(); write(); draw(); });
    root.querySelector("[data-add]").addEventListener("click", () => {
      const there = places.find((place) => place.key === list.value);
      if (!there) { list.focus(); return; }
      const ring = Array.from({ length: 13 }, (_, step) => (2 * Math.PI * step) / 12);
      const points = ring.map((turn) => [there.x + 0.6 * there.wide * Math.cos(turn), there.y + 0.6 * there.high * Math.sin(turn)].map(Math.round));
      add({ view: there.view, kind: type.value, points, ...(howBad.value === "" ? {} : { severity: Number(howBad.value) }) });
      list.value = howBad.value = "";
    });
    field.form.addEventListener("keep:restored", () => { marks = read(field); draw(); });
    draw();
  };

  /* --- the signature --- */
  const signature = (root) => {
    const [field, sheet, again] = ["[data-strokes]", "[data-sheet]", "[data-again]"].map((name) => root.querySelector(name));
    let strokes = read(field);
    let now = null;
    const draw = () => {
      const { width, height } = sheet.viewBox.baseVal;
      const all = now ? [...strokes, now] : strokes;
      sheet.querySelector("g").replaceChildren(...all.map((points) => made("polyline", { points: line(points, width, height) })));
      again.hidden = !strokes.length;
    };
    const write = () => { field.value = strokes.length ? JSON.stringify(strokes) : ""; draw(); changed(field); };
    draws(sheet, { most: 400, may: () => true, show: (points) => { now = points; draw(); }, end: (points) => { now = null; strokes.push(points); write(); } });
    again.addEventListener("click", () => { strokes = []; write(); });
    field.form.addEventListener("keep:restored", () => { strokes = read(field); draw(); });
    draw();
  };

  document.querySelectorAll("[data-body-chart]").forEach(chart);
  document.querySelectorAll("[data-signature]").forEach(signature);
})();
