/* Shows what an answer on the same page asks for, and hides what it makes needless. Without it everything stands there,
   and the server leaves out what does not count.
   <div data-show-if="name of the deciding input" data-show-is="word word" | data-show-at-least="4"> */
"use strict";

(() => {
  const holds = (element) => {
    const { showIf, showIs, showAtLeast } = element.dataset;
    const inputs = [...document.querySelectorAll(`[name="${CSS.escape(showIf)}"]`)];
    if (!inputs.length) return true;
    if (inputs.some((input) => input.closest("[data-show-if]")?.hidden)) return false;
    const given = inputs.filter((input) => (input.type === "radio" || input.type === "checkbox" ? input.checked : input.value.trim()))
      .map((input) => input.value.trim());
    if (showAtLeast !== undefined) return given.some((word) => Number(word.replace(",", ".")) >= Number(showAtLeast));
    const wanted = (showIs || "").split(" ");
    return given.some((word) => wanted.includes(word));
  };
  const look = () => { for (const element of document.querySelectorAll("[data-show-if]")) element.hidden = !holds(element); };
  for (const name of ["input", "change", "keep:restored"]) document.addEventListener(name, look);
  look();
})();
