/* Building a form: dragging a question to its place, Alt with an arrow key, and the answers of a condition at once.
   Every one of them presses a button that works without. */
"use strict";

(() => {
  const form = document.getElementById("builder");
  if (!form) return;
  const list = form.querySelector("[data-asked]");
  const said = document.getElementById("said");
  const items = () => [...list.querySelectorAll(":scope > [data-item]")];
  const key = (item) => item.id.slice(2);
  const name = (item) => item.querySelector(".asked-name").textContent;
  let drag = null;
  form.querySelector(".builder-pages [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

  const send = (value) => {
    const button = document.createElement("button");
    button.type = "submit"; button.name = "do"; button.value = value; button.hidden = true;
    form.append(button);
    form.requestSubmit(button);
  };

  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-look]")) send(`look:${key(event.target.closest("[data-item]"))}`);
  });

  const begin = () => {
    drag.began = true;
    drag.ghost = Object.assign(document.createElement("div"), { className: "drag-ghost", textContent: name(drag.item) });
    document.body.append(drag.ghost);
    drag.mark = Object.assign(document.createElement("li"), { className: "drop-mark" });
    drag.mark.setAttribute("aria-hidden", "true");
    drag.item.classList.add("dragged");
    document.body.classList.add("dragging");
  };
  const tidy = () => {
    if (drag?.began) {
      drag.ghost.remove(); drag.mark.remove();
      drag.item.classList.remove("dragged");
      document.body.classList.remove("dragging");
    }
    drag = null;
  };
  /* Before the first one whose middle is below the pointer. */
  const place = (y) => {
    const rest = items().filter((other) => other !== drag.item);
    const found = rest.findIndex((other) => { const box = other.getBoundingClientRect(); return y < box.top + box.height / 2; });
    return found < 0 ? { at: rest.length, before: null } : { at: found, before: rest[found] };
  };

  form.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip || event.button > 0 || drag) return;
    event.preventDefault();
    drag = { item: grip.closest("[data-item]"), id: event.pointerId, x: event.clientX, y: event.clientY, began: false };
    grip.setPointerCapture(event.pointerId);
  });
  // Lifted, a dragging finger is no fling to the browser, which would lose the tap that follows.
  form.addEventListener("touchstart", (event) => { if (event.target.closest("[data-grip]")) event.preventDefault(); }, { passive: false });
  form.addEventListener("pointermove", (event) => {
    if (!drag || event.pointerId !== drag.id) return;
    if (!drag.began && Math.abs(event.clientX - drag.x) + Math.abs(event.clientY - drag.y) < 6) return;
    if (!drag.began) begin();
    drag.ghost.style.transform = `translate(${event.clientX + 12}px,${event.clientY + 8}px)`;
    if (event.clientY < 120) window.scrollBy(0, -14);
    else if (event.clientY > window.innerHeight - 90) window.scrollBy(0, 14);
    const to = place(event.clientY);
    drag.to = to.at;
    list.insertBefore(drag.mark, to.before);
  });
  form.addEventListener("pointerup", (event) => {
    if (!drag || event.pointerId !== drag.id) return;
    const done = drag;
    const from = items().indexOf(done.item);
    tidy();
    if (!done.began || done.to === undefined || done.to === from) return;
    said.textContent = `${name(done.item)}: moved to place ${done.to + 1}`;
    send(`place:${key(done.item)}:${done.to}`);
  });
  form.addEventListener("pointercancel", tidy);

  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drag) { tidy(); return; }
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    const item = event.target.closest("[data-item]");
    const button = item?.querySelector(event.key === "ArrowUp" ? "[id^='up-']" : "[id^='down-']");
    if (!button) return;
    event.preventDefault();
    button.click();
  });
})();
