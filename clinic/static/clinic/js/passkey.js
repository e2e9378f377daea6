/* Makes a passkey: asks the server what to make, the browser to make it, and sends that as the form's own field.
   <form method="post" data-passkey="address of what to make"> with a hidden input "credential", [data-passkey-can] (shown
   where the browser can), [data-passkey-not] and [data-passkey-says="what to say when nothing came of it"]. */
"use strict";

(() => {
  const form = document.querySelector("form[data-passkey]");
  if (!form || !window.PublicKeyCredential || !window.webauthnJSON) return;
  const says = form.querySelector("[data-passkey-says]");
  form.querySelector("[data-passkey-can]").hidden = false;
  form.querySelector("[data-passkey-not]").hidden = true;

  const make = async () => {
    const answer = await fetch(form.dataset.passkey, { method: "POST", headers: { Accept: "application/json" } });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.line);
    form.elements.credential.value = JSON.stringify(await window.webauthnJSON.create(told));
    form.submit();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    says.hidden = true;
    const button = form.querySelector("button");
    button.disabled = true;
    make().catch(() => {
      says.textContent = says.dataset.passkeySays;
      says.hidden = false;
      button.disabled = false;
    });
  });
})();
