/* The body chart: strokes by finger, pen or mouse; or a place from the list. Kept as JSON in the form's hidden field. */
"use strict";

(() => {
  const chart = document.querySelector("[data-chart]");
  const value = document.querySelector("[data-chart-value]");
  if (!chart || !value) return;
  const SVG = "http://www.w3.org/2000/svg";
  const NEAR = 7;
  const MOST = 400;
  const kinds = new Map([...chart.querySelectorAll("[data-kind]")].map((button) => [button.dataset.kind, button]));
  const figures = new Map([...chart.querySelectorAll("svg[data-view]")].map((figure) => [figure.dataset.view, figure]));
  const words = chart.querySelector("[data-chart-words]");
  const kindList = chart.querySelector("select:not([name='mark_place'])");
  const placeList = chart.querySelector("[name='mark_place']");
  const places = [...placeList.options].filter((option) => option.dataset.place).map((option) => {
    const [x, y, wide, high] = option.dataset.place.split(" ").map(Number);
    return { key: option.value, name: option.textContent.trim(), view: option.dataset.view, x, y, wide, high };
  });
  let strokes = [];
  let kind = "";

  const read = () => { try { strokes = JSON.parse(value.value || "[]") || []; } catch { strokes = []; } };
  const write = () => {
    value.value = JSON.stringify(strokes);
    value.form.dispatchEvent(new Event("input", { bubbles: true }));
    draw();
  };
  const made = (name, attributes, text = "") => {
    const element = document.createElementNS(SVG, name);
    for (const [key, given] of Object.entries(attributes)) element.setAttribute(key, given);
    element.textContent = text;
    return element;
  };
  const line = (stroke) => {
    const wide = Number(figures.get(stroke.view).dataset.width) / 1000;
    const points = stroke.points.map(([x, y]) => `${x * wide},${y}`);
    return points.length > 1 ? points.join(" ") : `${points[0]} ${points[0]}`;
  };
  const drawn = (stroke) => {
    const group = made("g", { class: `stroke stroke-${stroke.kind}` });
    const [x, y] = stroke.points[0];
    const left = (x * Number(figures.get(stroke.view).dataset.width)) / 1000;
    const about = kinds.get(stroke.kind).dataset;
    const path = made("polyline", { points: line(stroke) });
    if (about.dashes) path.setAttribute("stroke-dasharray", about.dashes);
    group.append(path, made("circle", { class: "stroke-letter", cx: left, cy: y, r: 19 }), made("text", { x: left, y: y + 9 }, about.letter));
    return group;
  };
  const nearest = (view, x, y) => places.filter((place) => place.view === view)
    .reduce((best, place) => {
      const far = Math.hypot((x - place.x) / place.wide, (y - place.y) / place.high);
      return far < best.far ? { far, name: place.name } : best;
    }, { far: Infinity, name: "" }).name;
  const said = (stroke) => {
    const middle = [0, 1].map((axis) => stroke.points.reduce((sum, point) => sum + point[axis], 0) / stroke.points.length);
    const ends = [stroke.points[0], stroke.points[stroke.points.length - 1]].map(([x, y]) => nearest(stroke.view, x, y));
    const where = ends[0] === ends[1] ? nearest(stroke.view, ...middle) : `${ends[0]} to ${ends[1].toLowerCase()}`;
    return `${kinds.get(stroke.kind).dataset.label}: ${where.toLowerCase()}`;
  };
  const draw = () => {
    for (const [view, figure] of figures) figure.querySelector(".chart-strokes").replaceChildren(...strokes.filter((stroke) => stroke.view === view).map(drawn));
    words.replaceChildren(...strokes.map((stroke, place) => {
      const item = document.createElement("li");
      const away = document.createElement("button");
      away.type = "button";
      away.className = "button button-secondary button-small";
      away.textContent = `${said(stroke)} ×`;
      away.setAttribute("aria-label", `Remove ${said(stroke)}`);
      away.addEventListener("click", () => { strokes.splice(place, 1); write(); (words.querySelector("button") || placeList).focus(); });
      item.append(away);
      return item;
    }));
  };

  const choose = (wanted) => {
    kind = wanted === kind ? "" : wanted;
    for (const [key, button] of kinds) button.setAttribute("aria-pressed", String(key === kind));
    chart.classList.toggle("chart-drawing", Boolean(kind));
  };
  for (const [key, button] of kinds) button.addEventListener("click", () => choose(key));

  const place = (figure, event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(figure.getScreenCTM().inverse());
    const within = (number) => Math.min(1000, Math.max(0, Math.round(number)));
    return [within((point.x / Number(figure.dataset.width)) * 1000), within(point.y)];
  };
  for (const figure of figures.values()) {
    let now = null;
    let shown = null;
    // A stroke is no fling to the browser, which would lose the tap that follows.
    figure.addEventListener("touchstart", (event) => { if (kind) event.preventDefault(); }, { passive: false });
    figure.addEventListener("pointerdown", (event) => {
      if (!kind || event.button > 0 || now) return;
      event.preventDefault();
      figure.setPointerCapture(event.pointerId);
      now = { view: figure.dataset.view, kind, points: [place(figure, event)] };
      shown = drawn(now);
      figure.querySelector(".chart-strokes").append(shown);
    });
    figure.addEventListener("pointermove", (event) => {
      if (!now) return;
      for (const one of (event.getCoalescedEvents && event.getCoalescedEvents().length ? event.getCoalescedEvents() : [event])) {
        const next = place(figure, one);
        const [x, y] = now.points[now.points.length - 1];
        if (Math.hypot(next[0] - x, next[1] - y) >= NEAR && now.points.length < MOST) now.points.push(next);
      }
      shown.querySelector("polyline").setAttribute("points", line(now));
    });
    const end = () => { if (now) { strokes.push(now); now = null; write(); } };
    figure.addEventListener("pointerup", end);
    figure.addEventListener("pointercancel", end);
  }

  chart.querySelector("[data-chart-undo]").addEventListener("click", () => { if (strokes.pop()) write(); });
  chart.querySelector("[data-chart-mark]").addEventListener("click", (event) => {
    event.preventDefault();
    const there = places.find((one) => one.key === placeList.value);
    if (!there) { placeList.focus(); return; }
    const ring = Array.from({ length: 13 }, (_, step) => (2 * Math.PI * step) / 12);
    const points = ring.map((turn) => [Math.round(there.x + 0.6 * there.wide * Math.cos(turn)), Math.round(there.y + 0.6 * there.high * Math.sin(turn))]);
    strokes.push({ view: there.view, kind: kindList.value, points });
    placeList.value = "";
    write();
  });
  value.form.addEventListener("keep:restored", () => { read(); draw(); });
  read();
  draw();
})();
