/* Keeps what is typed: on the server while it can be reached, on this device while it can't.

   <form method="post" action="…" data-keep="{{ keep_key }}" data-keep-user="{{ user.pk }}" data-keep-url="…/autosave/">
     {% csrf_token %}{{ form.revision }}  <!-- <input type="hidden" name="revision">: what this page was drawn from -->
     … <p data-keep-status></p>           <!-- where things stand; made at the end of the form where there is none;
                                                data-keep-status-at="id" on the form: elsewhere on the page -->

   data-keep   what is typed, from `clinic.keeping.key(user, "note", note.pk)`: whose, and which page. Whoever else logs
               in on this device is never shown it.
   data-keep-quietly   nobody is asked: what was left here is filled in and sent, a page sent offline goes on by itself.
               For a form whose server keeps field by field. data-say-… on the status: its words, see `words`.
   data-keep-unsaved   on a page that shows what was sent and refused: the server has none of it.
   data-keep-url   takes the form by POST and answers JSON, see `clinic.keeping`:
       200 {"revision": 4, "saved_at": "…"}   stored. May carry new "url", "action", "key" and "page" (the address bar),
                                              for a new row that came into being by this. "lines": told, but stored.
       409 {"merge": "/…"}    somebody else saved: a button sends the form there by POST, which shows both
       422 {"lines": ["…"]}   not stored as it is; kept on this device, and told
     With each come the headers X-Keep-User, and X-Keep-Tab: an answer that got lost is no second editor (keep the tab
     with your draft; a stale revision by the same tab is its own).
   After a real save the server says so by `keeping.done(response, key)`; only then the device forgets what was sent.

   Every named field goes along, hidden ones too (strokes, JSON); passwords, files and data-keep-skip don't.
   A script that writes a field says so: form.dispatchEvent(new Event("input", {bubbles: true})).
   Events on the form: "keep:restore" (before the fields are filled; detail.values = [[name, value], …]: add rows here),
   "keep:restored", "keep:saved" (detail = the answer), "keep:now" (you send it: save at once).

   On this device lies only what the server doesn't have: it is gone as soon as the server took it, after a real save,
   after 14 days, and at log-out (which first says when something would be lost). A time-out of the session is no
   log-out: the same person finds it again. */
"use strict";

(() => {
  const PREFIX = "plumbline.keep.";
  const DAYS = 14;
  const [QUIET, LONGEST_WAIT] = [1000, 60000];

  const read = (key) => {
    try { return JSON.parse(localStorage.getItem(PREFIX + key)); } catch { return null; }
  };
  const write = (key, entry) => {
    try { localStorage.setItem(PREFIX + key, JSON.stringify(entry)); return true; } catch { return false; }
  };
  const drop = (key) => {
    try { localStorage.removeItem(PREFIX + key); } catch { /* nothing is kept there anyway */ }
  };
  const keys = () => {
    try { return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(PREFIX.length)); } catch { return []; }
  };
  const cookie = (name) => document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
  const clock = (at) => new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const day = (at) => (new Date(at).toDateString() === new Date().toDateString() ? clock(at) : `${new Date(at).toLocaleDateString()} ${clock(at)}`);

  const make = (tag, className, ...inside) => {
    const made = document.createElement(tag);
    made.className = className;
    made.append(...inside);
    return made;
  };
  const button = (words, act, kind = "secondary") => {
    const made = make("button", `button button-${kind} button-small`, words);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  };
  const bar = (words, buttons) => {
    const made = make("div", "banner banner-waiting", make("div", "banner-text", words), make("div", "actions", ...buttons));
    made.setAttribute("role", "status");
    return made;
  };

  class Keeper {
    constructor(form) {
      this.form = form;
      this.quietly = form.dataset.keepQuietly !== undefined;
      this.tab = Math.random().toString(36).slice(2);
      this.timer = 0; this.failures = 0; this.running = null; this.state = "fine";
      this.changed = false; this.leaving = false; this.offered = []; this.stored = true;
      this.status = document.getElementById(form.dataset.keepStatusAt) || form.querySelector("[data-keep-status]") || form.appendChild(document.createElement("p"));
      this.status.classList.add("small", "quiet");
      this.status.setAttribute("aria-live", "polite");
      this.saved = this.fingerprint();
      this.token = cookie("csrftoken");
      this.look();
      if (form.dataset.keepUnsaved !== undefined) { this.saved = ""; this.touch(); }
      for (const name of ["input", "change"]) form.addEventListener(name, () => this.touch());
      form.addEventListener("keep:now", () => this.save());
      form.addEventListener("submit", (event) => this.send(event));
      for (const name of ["online", "focus"]) window.addEventListener(name, () => this.again());
      window.addEventListener("pagehide", () => this.leave());
      window.addEventListener("pageshow", (event) => { if (event.persisted && this.leaving) window.location.reload(); this.leaving = false; });
      document.addEventListener("visibilitychange", () => (document.hidden ? this.leave() : this.again()));
      window.addEventListener("beforeunload", (event) => { if (this.changed && !this.stored && !this.leaving) event.preventDefault(); });
    }

    words(name, english) { return this.status.dataset[`say${name}`] || english; }
    get key() { return this.form.dataset.keep; }
    get certain() { return ["fine", "refused", "conflict"].includes(this.state); } // the server can be reached as oneself
    values() {
      const out = new Set(["csrfmiddlewaretoken"]);
      for (const field of this.form.elements) if (field.type === "password" || field.dataset.keepSkip !== undefined) out.add(field.name);
      return [...new FormData(this.form)].filter(([name, value]) => !out.has(name) && typeof value === "string");
    }
    fingerprint(values = this.values()) { return JSON.stringify(values.filter(([name]) => name !== "revision").map(([name, value]) => [name, value.replace(/\r\n/g, "\n")])); }

    /* --- this device --- */
    keep() {
      this.stored = write(this.key, { at: Date.now(), tab: this.tab, values: this.values(), older: this.offered });
    }
    forget() {
      const [newest, ...older] = this.offered;
      if (newest) write(this.key, { ...newest, older });
      else drop(this.key);
    }
    /* What lies here from before is offered, never taken by itself, and stays until somebody chose. */
    look() {
      const entry = read(this.key);
      if (!entry) return;
      const news = [entry, ...(entry.older || [])].filter((found) => this.fingerprint(found.values) !== this.saved);
      if (this.quietly) {
        if (news.length) { this.fill(news[0]); this.touch(); } else drop(this.key);
        return;
      }
      this.offered = news.map(({ at, tab, values }) => ({ at, tab, values }));
      this.forget();
      for (const found of this.offered) this.offer(found);
    }
    offer(found) {
      const away = (act) => () => {
        this.offered = this.offered.filter((other) => other !== found);
        notice.remove();
        if (this.changed) this.keep(); else this.forget();
        act();
      };
      const notice = bar(`You typed more on this device at ${day(found.at)}. It isn’t on the page below.`, [
        button("Use it", away(() => this.fill(found)), "primary"), button("Drop it", away(() => {})),
      ]);
      this.form.before(notice);
    }
    fill(found) {
      this.form.dispatchEvent(new CustomEvent("keep:restore", { bubbles: true, detail: { values: found.values } }));
      const left = new Map();
      for (const [name, value] of found.values) left.set(name, [...(left.get(name) || []), value]);
      for (const field of this.form.elements) {
        const given = left.get(field.name);
        if (field.name === "csrfmiddlewaretoken" || ["password", "file", "submit", "button"].includes(field.type) || !field.name || field.dataset.keepSkip !== undefined) continue;
        if (field.type === "checkbox" || field.type === "radio") field.checked = Boolean(given?.includes(field.value));
        else if (field.multiple) for (const option of field.options) option.selected = Boolean(given?.includes(option.value));
        else if (given?.length) field.value = given.shift();
      }
      this.tab = found.tab; // its revision comes along: whoever saved since then is met, not overwritten
      this.form.dispatchEvent(new CustomEvent("keep:restored", { bubbles: true }));
      this.form.dispatchEvent(new Event("input", { bubbles: true }));
      this.save();
    }

    /* --- when --- */
    touch() {
      this.changed = this.fingerprint() !== this.saved;
      if (this.changed) this.wait(QUIET);
    }
    wait(milliseconds) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => { if (this.changed) this.keep(); this.save(); }, milliseconds);
    }
    again() { if (this.changed && this.failures) this.save(); }
    leave() {
      if (this.leaving || !this.changed) return;
      this.keep();
      if (this.state !== "conflict" && !this.running) this.save(true);
    }

    /* --- the server --- */
    save(keepalive = false) {
      clearTimeout(this.timer);
      if (this.running) return this.running.then(() => this.save());
      if (!this.changed || this.state === "conflict" || this.state === "gone") return Promise.resolve();
      this.keep();
      const slow = setTimeout(() => { if (this.state === "fine") this.say(this.words("Saving", "Saving…")); }, 400);
      this.running = this.post(keepalive).finally(() => { clearTimeout(slow); this.running = null; });
      return this.running;
    }
    async post(keepalive) {
      const sent = this.fingerprint();
      let answer = await this.request(keepalive);
      if (answer?.status === 403 && (await this.newToken())) answer = await this.request(keepalive);
      const told = answer?.headers.get("content-type")?.includes("json") ? await answer.json().catch(() => ({})) : {};
      if (answer?.ok && told.revision !== undefined) this.took(told, sent);
      else this.failed(answer, told);
    }
    request(keepalive) {
      const body = new FormData(this.form);
      for (const field of this.form.elements) if (field.type === "file" || field.type === "password") body.delete(field.name);
      const token = cookie("csrftoken") || this.form.elements.csrfmiddlewaretoken?.value || "";
      this.tried = token;
      const headers = { "X-CSRFToken": token, "X-Keep-User": this.form.dataset.keepUser || "", "X-Keep-Tab": this.tab, Accept: "application/json" };
      const signal = AbortSignal.timeout ? AbortSignal.timeout(15000) : undefined;
      return fetch(this.form.dataset.keepUrl, { method: "POST", headers, body: new URLSearchParams(body), redirect: "manual", keepalive, signal }).catch(() => null);
    }
    /* After log-in in another tab the token is another one: where no script may read the cookie, the page has it. */
    async newToken() {
      const page = await fetch(window.location.href, { redirect: "manual" }).catch(() => null);
      if (!page?.ok) return false;
      const fresh = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[name=csrfmiddlewaretoken]")?.value;
      if (!fresh) return false;
      this.form.elements.csrfmiddlewaretoken.value = fresh;
      return true;
    }
    took(told, sent) {
      this.failures = 0; this.state = "fine"; this.saved = sent;
      const field = this.form.elements.csrfmiddlewaretoken;
      if (field && cookie("csrftoken")) field.value = this.tried; // accepted for this person: the real save may use it
      this.token = cookie("csrftoken");
      if (this.form.elements.revision) this.form.elements.revision.value = told.revision;
      if (told.key && told.key !== this.key) { drop(this.key); this.form.dataset.keep = told.key; }
      if (told.url) this.form.dataset.keepUrl = told.url;
      if (told.action) this.form.setAttribute("action", told.action);
      if (told.page) window.history.replaceState(null, "", told.page);
      this.changed = this.fingerprint() !== sent;
      if (this.changed) { this.keep(); this.wait(QUIET); } else this.forget();
      this.say([this.words("Saved", "Saved {time}").replace("{time}", clock(told.saved_at || Date.now())), ...(told.lines || [])].join(". "));
      this.form.dispatchEvent(new CustomEvent("keep:saved", { bubbles: true, detail: told }));
      if (this.held && this.quietly && !this.changed && !told.lines?.length) { const go = this.held; this.held = null; this.form.requestSubmit(go); }
    }
    failed(answer, told) {
      const kept = this.stored ? "kept on this device" : "and this device can’t keep it: leave this page open";
      this.failures += 1;
      this.wait(Math.min(1000 * 2 ** this.failures, LONGEST_WAIT));
      if (!answer || answer.status >= 500 || answer.status === 0 && answer.type !== "opaqueredirect") { this.state = "away"; this.say(this.words(this.stored ? "Away" : "Lost", `Offline: ${kept}.`)); }
      else if (answer.type === "opaqueredirect" || answer.status === 401) {
        this.state = "out";
        this.say(told.other ? `Somebody else is logged in: ${kept}. Log in as yourself in another tab, then go on.` : `Logged out: ${kept}. Log in in another tab, then go on.`);
      } else if (answer.status === 409) { this.state = "conflict"; this.conflict(told.merge); }
      else if (answer.status === 422) { this.state = "refused"; clearTimeout(this.timer); this.say(`${this.words("Refused", `Not saved, ${kept}.`)} ${(told.lines || []).join(" ")}`); }
      else { this.state = "gone"; this.say(`${this.words("Gone", `This can’t be saved any more: ${kept}.`)} ${(told.lines || []).join(" ")}`); }
    }
    conflict(merge) {
      clearTimeout(this.timer);
      this.say("Somebody else changed this. Yours is kept on this device. ");
      const both = button("See both", () => {});
      both.type = "submit";
      if (this.form.id) both.setAttribute("form", this.form.id);
      if (merge) both.formAction = merge;
      this.status.append(both);
    }
    say(words) {
      if (this.status.textContent !== words) this.status.textContent = words;
      this.status.dataset.keepStatus = this.state;
    }

    /* --- the real save: never against an own save on its way, never into a page that can't be reached --- */
    send(event) {
      if (event.defaultPrevented) return;
      this.keep();
      if (!this.running && cookie("csrftoken") === this.token && this.certain && navigator.onLine) {
        clearTimeout(this.timer);
        this.leaving = true;
        return;
      }
      event.preventDefault();
      this.changed = true;
      (this.running || Promise.resolve()).then(() => { this.changed = true; return this.save(); }).then(() => {
        if (this.certain) { this.token = cookie("csrftoken"); this.form.requestSubmit(event.submitter); }
        else this.held = event.submitter;
      });
    }
  }

  /* --- on every page --- */
  const tidy = () => {
    const done = cookie("keep_done");
    if (done) {
      for (const key of decodeURIComponent(done).split("|")) drop(key);
      document.cookie = "keep_done=; path=/; max-age=0; samesite=lax";
    }
    for (const key of keys()) if (!(read(key)?.at > Date.now() - DAYS * 86400000)) drop(key);
  };
  const onLogOut = (event) => {
    const form = event.target;
    if (!form.matches("[data-logs-out], form[action*='logout']") || event.defaultPrevented) return;
    const whose = form.dataset.logsOut;
    const mine = keys().filter((key) => !whose || key.startsWith(`${whose}.`));
    if (mine.length && !form.dataset.keepTold) {
      event.preventDefault();
      form.dataset.keepTold = "true";
      const count = mine.length === 1 ? "Something you typed is" : `${mine.length} things you typed are`;
      const notice = bar(`${count} only on this device, because saving didn’t work. Logging out removes it from here.`, [
        button("Stay logged in", () => { notice.remove(); delete form.dataset.keepTold; }, "primary"), button("Log out and remove", () => form.requestSubmit()),
      ]);
      (document.getElementById("content") || document.body).prepend(notice);
      notice.querySelector("button").focus();
      return;
    }
    mine.forEach(drop);
    for (const kept of document.querySelectorAll("form[data-keep]")) kept.keeper.leaving = true;
  };

  tidy();
  document.addEventListener("submit", onLogOut, true);
  window.addEventListener("load", () => { for (const form of document.querySelectorAll("form[data-keep]")) form.keeper = new Keeper(form); });
})();
