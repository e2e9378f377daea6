/* Messages. Without it: a button says what was read, and what was typed comes back with a refusal.
   [data-newest]        on the client's page it is what one sees first.
   [data-seen]          a form that says what was read; sent by itself at the first touch, key or wheel on the page. A
                        scanner that only opens pages does none of that.
   [data-message-form]  keeps what is typed in this tab until it is sent; the value says whose and to whom.
   [data-not-sent]      in such a form: shown, and nothing is sent, where the practice can't be reached. */
"use strict";

(() => {
  if (!location.hash && !new URLSearchParams(location.search).has("before")) {
    document.querySelector(".frame-portal [data-newest]")?.scrollIntoView({ block: "center" });
  }

  const seen = document.querySelector("form[data-seen]");
  if (seen) {
    const send = () => {
      for (const kind of ["pointerdown", "keydown", "wheel"]) removeEventListener(kind, send);
      fetch(seen.action, { method: "POST", body: new FormData(seen), headers: { "X-By-Script": "1" }, keepalive: true })
        .then((answer) => {
          if (!answer.ok) return;
          seen.hidden = true;
          document.querySelector('.portal-nav [aria-current="page"] .portal-news')?.remove();
        })
        .catch(() => { /* the button is still there */ });
    };
    for (const kind of ["pointerdown", "keydown", "wheel"]) addEventListener(kind, send, { passive: true });
  }

  for (const form of document.querySelectorAll("form[data-message-form]")) {
    const text = form.querySelector("textarea");
    const key = `plumbline.message.${form.dataset.messageForm}`;
    try {
      if (sessionStorage.getItem(`${key}.sent`) && location.hash === "#newest" && !form.querySelector(".field-error")) {
        sessionStorage.removeItem(key);
      }
      sessionStorage.removeItem(`${key}.sent`);
      if (!text.value) text.value = sessionStorage.getItem(key) || "";
      text.addEventListener("input", () => sessionStorage.setItem(key, text.value));
      form.addEventListener("submit", () => {
        sessionStorage.setItem(`${key}.sent`, "1");
        history.replaceState(history.state, "", location.pathname + location.search);  // only an answer says #newest
      });
    } catch { /* no storage: nothing is kept */ }
    const notSent = form.querySelector("[data-not-sent]");
    if (notSent) form.addEventListener("submit", (event) => { event.preventDefault(); tryToSend(form, notSent); });
  }

  let trying = false;
  async function tryToSend(form, notSent) {  // a page that is sent into nowhere is gone; so somebody is asked first
    if (trying) return;
    trying = true;
    const signal = AbortSignal.timeout ? AbortSignal.timeout(8000) : undefined;  // older phones have none
    const answer = await fetch(location.pathname, { method: "HEAD", cache: "no-store", signal }).catch(() => null);
    trying = false;
    notSent.hidden = Boolean(answer) && answer.status < 500;
    if (notSent.hidden) form.submit();
    else notSent.scrollIntoView({ block: "nearest" });
  }
})();
