/* The page's side of the service worker (sw.js): lets it keep the pages, send what waits, and shows what it says.
   Every word is a <template> of treatments/portal/offline.html. Without a service worker the pages work as ever. */
"use strict";

(function () {
  var script = document.querySelector("script[data-worker]");
  if (!script || !("serviceWorker" in navigator)) return;
  var given = script.dataset, timer = null, pause = 1000;

  function tell(what) {  // an action of the worker; answers what waits and what was refused
    return navigator.serviceWorker.ready.then(function (registration) {
      return new Promise(function (done) {
        var channel = new MessageChannel();
        channel.port1.onmessage = function (event) { done(event.data); };
        registration.active.postMessage({ do: what }, [channel.port2]);
      });
    });
  }

  function words(name) {
    var made = document.getElementById("offline-" + name).content.cloneNode(true);
    Array.prototype.forEach.call(made.children, function (each) { each.setAttribute("data-offline", name); });
    return made;
  }

  function show(name) {
    var main = document.getElementById("content"), title = main.querySelector("h1");
    if (document.querySelector("[data-offline=" + name + "]")) return null;
    var stack = main.querySelector(".stack");
    if (stack) stack.insertBefore(words(name), stack.firstChild);
    else main.insertBefore(words(name), title ? title.nextSibling : main.firstChild);
    return main.querySelector("[data-offline=" + name + "]");
  }

  function clear() {
    Array.prototype.forEach.call(document.querySelectorAll("[data-offline]"), function (each) { each.remove(); });
  }

  function marked(tap) {  // where an exercise stands on this page, and on its own page what follows when it hurt
    if (!tap.item || tap.local_date !== given.day) return;
    Array.prototype.forEach.call(document.querySelectorAll("[data-item='" + tap.item + "']"), function (place) {
      place.appendChild(words(tap.outcome));
      place.setAttribute("data-answered", tap.outcome);
    });
    if (tap.outcome === "too_painful" && location.pathname.indexOf(tap.item) > 0) show("hurt");
  }

  function onward(state) {  // a button to an exercise that was answered here leads to the next one instead
    Array.prototype.forEach.call(document.querySelectorAll(".action-bar a[href]"), function (link) {
      var answered = state.waiting.some(function (tap) { return tap.item && link.pathname.indexOf(tap.item) > 0; });
      if (answered && state.next === location.pathname) link.hidden = true;
      else if (answered) link.href = state.next;
    });
  }

  function draw(state, sent) {
    if (!state) return;
    clear();
    var refused = state.refused.length && show("refused");
    if (refused) {
      state.refused.forEach(function (each) {
        var line = document.createElement("li");
        line.textContent = each.why;
        refused.querySelector("ul").appendChild(line);
      });
      refused.querySelector("button").addEventListener("click", function () { tell("seen").then(draw); });
    }
    if (state.waiting.length) show("waiting");
    else if (!navigator.onLine) show("none");
    else if (sent) show("sent");
    state.waiting.forEach(marked);
    onward(state);
    var kept = document.querySelector("[data-kept]");
    if (kept) kept.hidden = false;
  }

  function again(waiting) {  // a network that is just coming back, or a server that is away for a moment
    clearTimeout(timer);
    pause = waiting ? Math.min(pause * 2, 60000) : 1000;
    if (waiting && navigator.onLine) timer = setTimeout(send, pause);
  }

  function send() {
    return tell("state").then(function (before) {
      draw(before);
      if (!before.waiting.length) return tell("keep").then(function (state) {
        draw(state);
        document.documentElement.setAttribute("data-kept-here", "");
      });
      return tell("send").then(function (state) {
        draw(state, before.waiting.length > state.waiting.length && !state.refused.length);
        again(state.waiting.length);
      });
    });
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("[data-forget]");
    if (!button) return;
    tell("forget").then(function () {
      clear();
      document.querySelector("[data-kept]").hidden = true;
      document.querySelector("[data-forgotten]").hidden = false;
      document.querySelector("[data-forgotten]").focus();
    });
  });

  navigator.serviceWorker.register(given.worker, { scope: given.scope, updateViaCache: "none" }).then(send, function () { });
  window.addEventListener("online", send);
  window.addEventListener("offline", function () { tell("state").then(draw); });
})();
