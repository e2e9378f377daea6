/* In the search: arrow keys walk from the field through the people found and back, Enter opens, typing goes on in the
   field. Without this file the list is links in order. */
"use strict";

document.addEventListener("keydown", (event) => {
  const box = event.target.closest?.(".search-dialog, main:has(.search-results)");
  if (!box) return;
  const field = box.querySelector("input[type='search']");
  const hits = [...box.querySelectorAll(".search-hit")];
  const place = hits.indexOf(document.activeElement);
  if (place < 0 && document.activeElement !== field) return;
  if (event.key === "ArrowDown" && hits.length) {
    event.preventDefault();
    hits[Math.min(place + 1, hits.length - 1)].focus();
  } else if (event.key === "ArrowUp" && place >= 0) {
    event.preventDefault();
    (hits[place - 1] || field).focus();
  } else if (event.key === "Enter" && place < 0 && box.matches(".search-dialog") && hits.length && box.dataset.shows === field.value.trim()) {
    event.preventDefault();
    hits[0].click();
  } else if (place >= 0 && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
    field.focus();
  }
});

/* Enter opens the first one only when the list is that of what stands in the field. */
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "search-found") return;
  event.target.closest(".search-dialog").dataset.shows = (event.detail.requestConfig.parameters.get?.("q") || event.detail.requestConfig.parameters.q || "").trim();
});
