/* The arc of one field: a limb that is dragged, or moved by the arrow keys; one degree at a time. */
"use strict";

(() => {
  const { number, short, changed, start } = window.sheetTools;
  const panel = document.getElementById("arc");
  const picture = document.getElementById("arc-picture");
  const RADIUS = 86;
  let cell = null;
  let strip = null;

  const input = () => cell.querySelector("[data-column]");
  const least = () => Number(input().dataset.hardMin);
  const most = () => Number(input().dataset.hardMax);
  const mirrored = () => (cell.dataset.side === "right" ? -1 : 1); // the client's right is on the viewer's left
  const point = (angle, radius = RADIUS) => {
    const turn = (angle * Math.PI) / 180;
    return [mirrored() * radius * Math.sin(turn), -radius * Math.cos(turn)].map((part) => Math.round(part * 10) / 10);
  };
  const make = (tag, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    picture.append(made);
    return made;
  };
  const bow = (from, to, radius) => {
    const [x1, y1] = point(from, radius);
    const [x2, y2] = point(to, radius);
    return `M${x1} ${y1}A${radius} ${radius} 0 ${to - from > 180 ? 1 : 0} ${mirrored() > 0 ? 1 : 0} ${x2} ${y2}`;
  };
  const wedge = (from, to, inner, outer) => {
    const back = bow(from, to, inner).slice(1).split("A");
    const [end, sweep] = [point(to, inner), mirrored() > 0 ? 0 : 1];
    return `${bow(from, to, outer)}L${end.join(" ")}A${inner} ${inner} 0 ${to - from > 180 ? 1 : 0} ${sweep} ${back[0]}Z`;
  };
  const inside = (angle) => Math.min(Math.max(angle, least()), most());

  const draw = () => {
    const side = cell.dataset.side;
    const value = number(input().value);
    const [low, high] = [inside(Number(strip.dataset.low)), inside(Number(strip.dataset.high))];
    picture.replaceChildren();
    make("path", { class: "axis", d: bow(low, high, RADIUS) });
    if (strip.dataset.band) make("path", { class: "arc-norm", d: wedge(...strip.dataset.band.split(" ").map(Number), RADIUS - 12, RADIUS) });
    if (strip.dataset.mean) {
      const [[x1, y1], [x2, y2]] = [point(Number(strip.dataset.mean), RADIUS - 12), point(Number(strip.dataset.mean))];
      make("line", { class: "norm-mean", x1, y1, x2, y2 });
    }
    for (let angle = Math.ceil(low / 10) * 10; angle <= high; angle += 10) {
      const [[x1, y1], [x2, y2]] = [point(angle), point(angle, RADIUS + (angle % 30 ? 4 : 7))];
      make("line", { class: "tick", x1, y1, x2, y2 });
      const [x, y] = point(angle, RADIUS + 15);
      if (angle % 30 === 0) make("text", { class: "tick-label", x, y: y + 4, "text-anchor": "middle" }).textContent = `${angle}`;
    }
    const [nx, ny] = point(0);
    make("line", { class: "norm-edge", x1: 0, y1: 0, x2: nx, y2: ny });
    const before = number(cell.dataset.previous);
    if (before !== null) {
      const [cx, cy] = point(before);
      make("circle", { class: `dot-previous ${side}`, cx, cy, r: 5 });
    }
    const error = Number(strip.dataset.error);
    if (value !== null && error) make("path", { class: "whisker", d: bow(value - error, value + error, RADIUS - 18) });
    const [lx, ly] = point(value ?? start(input()), RADIUS - 8);
    make("line", { class: `limb ${side}${value === null ? " limb-unset" : ""}`, x1: 0, y1: 0, x2: lx, y2: ly });
    if (value !== null) {
      const [cx, cy] = point(value);
      make("circle", { class: `dot-today ${side}`, cx, cy, r: 7 });
    }
    make("circle", { class: "limb-joint", cx: 0, cy: 0, r: 7 });
    tell(value);
  };
  const tell = (value) => {
    document.getElementById("arc-value").textContent = value === null ? "not measured" : `${short(value)}°`;
    picture.setAttribute("aria-valuemin", least());
    picture.setAttribute("aria-valuemax", most());
    picture.setAttribute("aria-valuenow", value ?? start(input()));
    picture.setAttribute("aria-valuetext", value === null ? "not measured" : `${short(value)} degrees`);
  };
  const set = (value) => {
    input().value = short(inside(value));
    changed(input());
    draw();
  };
  const turn = (by) => set((number(input().value) ?? start(input()) - by) + by);
  const angleAt = (event) => {
    const box = picture.getScreenCTM();
    const [x, y] = [(event.clientX - box.e) / box.a, (event.clientY - box.f) / box.d];
    const angle = Math.round((Math.atan2(mirrored() * x, -y) * 180) / Math.PI);
    return angle < least() - 60 && angle + 360 <= most() + 60 ? angle + 360 : angle;
  };

  document.getElementById("sheet").addEventListener("click", (event) => {
    const opener = event.target.closest("[data-arc]");
    if (!opener || opener.dataset.arc !== "deg") return;
    cell = opener.closest("[data-cell]");
    strip = opener.querySelector("svg");
    document.getElementById("arc-name").textContent = cell.querySelector("label").textContent;
    document.getElementById("arc-norm").textContent = strip.dataset.norm;
    panel.showPopover();
    draw();
    picture.focus();
  });
  /* Taken from the browser: it would hold a lifted finger for a fling, and lose the tap that follows. */
  picture.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  picture.addEventListener("pointerdown", (event) => { picture.setPointerCapture(event.pointerId); set(angleAt(event)); });
  picture.addEventListener("pointermove", (event) => { if (picture.hasPointerCapture(event.pointerId)) set(angleAt(event)); });
  picture.addEventListener("keydown", (event) => {
    const by = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 5, PageDown: -5 }[event.key];
    if (by) turn(by);
    else if (event.key === "Home") set(least());
    else if (event.key === "End") set(most());
    else if (event.key === "Enter") panel.hidePopover();
    else return;
    event.preventDefault();
  });
  panel.addEventListener("click", (event) => {
    const by = event.target.closest("[data-arc-by]");
    if (by) turn(Number(by.dataset.arcBy));
    if (event.target.closest("#arc-done")) panel.hidePopover();
  });
  panel.addEventListener("toggle", (event) => { if (event.newState === "closed") input().focus({ preventScroll: true }); });
})();
