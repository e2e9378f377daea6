/* While somebody answers: an emergency answer stops at once, also without a network. Saving itself is keep.js. */
"use strict";

(() => {
  const form = document.getElementById("answers");
  const dialog = document.getElementById("stop-now");
  const stops = new Set((form?.dataset.stops || "").split(" ").filter(Boolean));
  let tapped = null;

  form?.addEventListener("keep:saved", (event) => {
    const told = dialog?.querySelector("[data-stop-told]");
    if (dialog?.open) { if (event.detail.stop) told.textContent = told.dataset.told; }
    else if (event.detail.stop) window.location.assign(event.detail.stop);
  });
  if (!form || !dialog) return;

  form.addEventListener("change", (event) => {
    const radio = event.target;
    if (!stops.has(radio.name) || radio.value !== "yes" || !radio.checked) return;
    tapped = radio;
    const told = dialog.querySelector("[data-stop-told]");
    told.textContent = navigator.onLine ? "" : told.dataset.away;
    dialog.showModal();
    dialog.scrollTop = 0;
    setTimeout(() => form.dispatchEvent(new CustomEvent("keep:now"))); // once keep.js saw the change
  });
  // Nothing but its buttons closes it.
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.querySelector("[data-stop-wrong]").addEventListener("click", () => {
    tapped.checked = false;
    dialog.close();
    tapped.focus();
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });
  dialog.querySelector("[data-stop-read]").addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault(); // it comes again as soon as the practice can be told
    dialog.close();
    tapped.focus();
  });
})();
