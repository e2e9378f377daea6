/* Dragging in the programme builder, by mouse, pen or finger, and Alt with an arrow key. Every move is a form that
   works without: a drag only fills in the place and sends it. */
"use strict";

(function () {
  var drag = null;

  function list() { return document.querySelector("[data-chosen]"); }
  function away() { return document.querySelector("[data-leave]"); }
  function items() { return Array.prototype.slice.call(document.querySelectorAll("[data-chosen] > [data-item]")); }
  function say(text) { var said = document.getElementById("said"); if (said) said.textContent = text; }
  function within(box, event) {
    return event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  }

  document.addEventListener("pointerdown", function (event) {
    var grip = event.target.closest && event.target.closest("[data-grip]");
    if (!grip || event.button > 0 || drag) return;
    event.preventDefault();
    var item = grip.closest("[data-item]");
    var card = item || grip.closest(".offer");
    drag = { item: item, card: card, form: grip.closest("form"), id: event.pointerId, x: event.clientX, y: event.clientY, began: false };
    grip.setPointerCapture(event.pointerId);
  });

  // Lifted, a dragging finger is no fling to the browser, which would lose the tap that follows.
  document.addEventListener("touchstart", function (event) {
    if (event.target.closest && event.target.closest("[data-grip]")) event.preventDefault();
  }, { passive: false });

  function begin() {
    drag.began = true;
    drag.ghost = document.createElement("div");
    drag.ghost.className = "drag-ghost";
    drag.ghost.textContent = drag.card.querySelector("h3").textContent.replace(/^\d+\.\s*/, "");
    document.body.appendChild(drag.ghost);
    drag.mark = document.createElement("li");
    drag.mark.className = "drop-mark";
    drag.mark.setAttribute("aria-hidden", "true");
    drag.card.classList.add("dragged");
    document.body.classList.add("dragging");
  }

  /* The place among the others: before the first one whose middle is below the pointer. */
  function place(event) {
    var rest = items().filter(function (other) { return other !== drag.item; });
    for (var at = 0; at < rest.length; at++) {
      var box = rest[at].getBoundingClientRect();
      if (event.clientY < box.top + box.height / 2) break;
    }
    return { at: at, before: rest[at] || null };
  }

  document.addEventListener("pointermove", function (event) {
    if (!drag || event.pointerId !== drag.id) return;
    if (!drag.began && Math.abs(event.clientX - drag.x) + Math.abs(event.clientY - drag.y) < 6) return;
    if (!drag.began) begin();
    drag.ghost.style.transform = "translate(" + (event.clientX + 12) + "px," + (event.clientY + 8) + "px)";
    if (event.clientY < 140) window.scrollBy(0, -14);
    else if (event.clientY > window.innerHeight - 90) window.scrollBy(0, 14);
    var target = list();
    var column = target && target.parentElement.getBoundingClientRect();
    drag.to = null;
    if (column && within(column, event)) {
      var found = place(event);
      drag.to = found.at;
      target.insertBefore(drag.mark, found.before);
    } else if (drag.mark.parentElement) drag.mark.remove();
    drag.out = Boolean(drag.item && away() && within(away().getBoundingClientRect(), event) && drag.to === null);
    if (away()) away().classList.toggle("drop-away", drag.out);
  });

  function tidy() {
    if (drag.began) {
      drag.ghost.remove();
      drag.mark.remove();
      drag.card.classList.remove("dragged");
      document.body.classList.remove("dragging");
      if (away()) away().classList.remove("drop-away");
    }
    drag = null;
  }

  function send(form, name, value) {
    var input = form.querySelector("input[name='" + name + "']");
    if (!input) {
      input = document.createElement("input");
      input.type = "hidden";
      input.name = name;
      form.appendChild(input);
    }
    input.value = value;
    form.requestSubmit();
  }

  document.addEventListener("pointerup", function (event) {
    if (!drag || event.pointerId !== drag.id) return;
    var done = drag;
    tidy();
    if (!done.began) return;
    var name = done.ghost.textContent;
    if (done.to !== null && done.to !== undefined) {
      if (done.item && items().indexOf(done.item) === done.to) return;
      say(name + (done.item ? ": moved to place " : ": added at place ") + (done.to + 1));
      send(done.form, "to", done.to);
    } else if (done.out) {
      say(name + ": left out");
      send(done.item.querySelector("[data-leave-form]"), "reason", "Taken out while building");
    }
  });
  document.addEventListener("pointercancel", function () { if (drag) tidy(); });

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && drag) return tidy();
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    var item = event.target.closest && event.target.closest("[data-item]");
    if (!item) return;
    event.preventDefault();
    var to = items().indexOf(item) + (event.key === "ArrowUp" ? -1 : 1);
    if (to < 0 || to >= items().length) return;
    var button = item.querySelectorAll(".order-button")[event.key === "ArrowUp" ? 0 : 1];
    button.focus();
    say(item.querySelector("h3").textContent.replace(/^\d+\.\s*/, "") + ": moved to place " + (to + 1));
    button.click();
  });
})();
