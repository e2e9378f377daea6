/* Copies the value of the input that a button names, and says so. */
"use strict";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  const input = document.getElementById(button.dataset.copies);
  input.select();
  try {
    await navigator.clipboard.writeText(input.value);
    button.lastElementChild.textContent = "Copied";
  } catch {
    button.lastElementChild.textContent = "Press Ctrl+C";
  }
});
