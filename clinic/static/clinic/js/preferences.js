/* Offers the device's own time zone where another one is chosen. It only fills the field: saving is the reader's. */
(function () {
  "use strict";
  const offer = document.querySelector("[data-zone-offer]");
  const field = document.querySelector("[data-zone]");
  let zone = "";
  try { zone = Intl.DateTimeFormat().resolvedOptions().timeZone || ""; } catch { return; }
  if (!offer || !field || zone === field.value) return;
  const likePractice = field.value === "practice" && field.options[0].textContent.includes(zone);
  if (likePractice || !Array.from(field.options).some((one) => one.value === zone)) return;
  offer.querySelector("[data-zone-name]").textContent = zone.split("/").pop().replace(/_/g, " ");
  offer.hidden = false;
  offer.querySelector("[data-zone-take]").addEventListener("click", () => {
    field.value = zone;
    offer.hidden = true;
    field.focus();
  });
})();
