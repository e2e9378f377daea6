/* What the pages do with JavaScript; every one of them works without. */
"use strict";

document.documentElement.classList.add("script");

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (dialog && dialog.showModal) {
    event.preventDefault();
    dialog.showModal();
    return;
  }
  const step = event.target.closest("[data-step]");
  if (step) {
    const input = step.parentElement.querySelector("input");
    if (Number(step.dataset.step) > 0) input.stepUp();
    else input.stepDown();
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
    return;
  }
  const dismiss = event.target.closest("[data-dismiss]");
  if (dismiss) dismiss.parentElement.remove();
  if (event.target.closest("[data-print]")) window.print();
});

/* A form is sent once: a double tap must not book two visits. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "true";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

/* After a refused form the summary is read first. */
const announceProblems = (root) => root.querySelector(".error-summary")?.focus();
document.addEventListener("DOMContentLoaded", () => announceProblems(document));
document.addEventListener("htmx:afterSettle", (event) => announceProblems(event.target));

/* What stands on a page when it comes is not read out by itself: messages are said once more, for the ear only. */
document.addEventListener("DOMContentLoaded", () => {
  const words = [...document.querySelectorAll("#messages .toast p")].map((line) => line.textContent.trim()).join(" ");
  if (!words) return;
  const said = document.createElement("p");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  document.body.append(said);
  setTimeout(() => { said.textContent = words; }, 200);
  setTimeout(() => said.remove(), 5000);
});

document.addEventListener("click", (event) => {
  const dialog = event.target.closest("dialog");
  if (event.target.closest("[data-closes]") || (event.target === dialog && dialog.classList.contains("search-dialog"))) dialog.close();
});

/* A part of a page that did not come, or was not taken, says so where it would have stood. */
const couldNot = (event) => {
  const { elt, target, requestConfig } = event.detail;
  if (!elt || elt.closest("[data-own-errors]")) return;
  const reading = requestConfig.verb === "get";
  let place = reading && target ? target : elt.closest("form") || elt.parentElement;
  if (!place || place === document.body) place = document.getElementById("content");
  const listed = place.closest("table, ul, ol");
  place = listed ? listed.parentElement : place;
  place.querySelector(":scope > .load-problem")?.remove();
  const line = document.createElement("p");
  line.className = "load-problem";
  line.setAttribute("role", "alert");
  const again = document.createElement("button");
  again.type = "button";
  again.className = "button button-secondary button-small";
  again.textContent = "Try again";
  again.addEventListener("click", () => {
    line.remove();
    window.htmx.ajax(requestConfig.verb.toUpperCase(), requestConfig.path, { source: elt, target, swap: elt.getAttribute("hx-swap") || "innerHTML" });
  });
  line.append(reading ? "Could not be loaded." : "Could not be saved.", " ", again);
  place.append(line);
};
document.addEventListener("htmx:responseError", couldNot);
document.addEventListener("htmx:sendError", couldNot);
document.addEventListener("htmx:timeout", couldNot);
document.addEventListener("htmx:beforeRequest", (event) => {
  for (const line of document.querySelectorAll(".load-problem")) if (line.parentElement.contains(event.detail.elt) || line.parentElement === event.detail.target) line.remove();
});
/* Logged out meanwhile: the answer is the log-in page, which comes as a page and brings one back here. */
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, pathInfo } = event.detail;
  const asked = new URL(pathInfo.requestPath, location.href).pathname;
  if (!xhr.responseURL || new URL(xhr.responseURL).pathname === asked || !/^\s*<!doctype/i.test(xhr.response)) return;
  event.detail.shouldSwap = false;
  location.reload();
});

/* Files: dropped or chosen, and how far they are. */
const dropOf = (event) => (event.dataTransfer?.types.includes("Files") ? event.target.closest("[data-drop]") : null);
for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    const form = dropOf(event);
    if (!form) return;
    event.preventDefault();
    form.classList.add("drop-here");
  });
}
document.addEventListener("dragleave", (event) => {
  const form = dropOf(event);
  if (form && !form.contains(event.relatedTarget)) form.classList.remove("drop-here");
});
document.addEventListener("drop", (event) => {
  const form = dropOf(event);
  if (!form) return;
  event.preventDefault();
  form.classList.remove("drop-here");
  form.querySelector("input[type='file']").files = event.dataTransfer.files;
  form.requestSubmit();
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-drop] input[type='file']") && event.target.files.length) event.target.form.requestSubmit();
});
document.addEventListener("htmx:xhr:progress", (event) => {
  const shown = event.target.querySelector("[data-upload-progress]");
  if (!shown || !event.detail.lengthComputable) return;
  const percent = Math.round((100 * event.detail.loaded) / event.detail.total);
  shown.hidden = false;
  shown.querySelector("progress").value = percent;
  shown.querySelector(".progress-label").textContent = percent < 100 ? `Sending, ${percent} %` : "Sent, being looked at";
});
document.addEventListener("htmx:afterRequest", (event) => {
  const shown = event.target.querySelector?.("[data-upload-progress]");
  if (shown && !event.detail.successful) shown.hidden = true;
});
