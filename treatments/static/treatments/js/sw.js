/* Keeps what one client needs for today on their phone, so that it works without a network: the page of today, its
   exercises, their files, and nothing else. An answer that finds no network waits here and is sent later, once.

   Its scope is one link, /p/<token>/; `?person=` is the same for all links of one person, so that what was tapped under
   an old link is sent by a newer one. It never asks with a cookie: the link is the only authority, and nobody's "Well
   done" is eaten by a page that is fetched in the background. */
"use strict";

const scope = new URL(self.registration.scope).pathname;
const person = new URL(self.location.href).searchParams.get("person") || "nobody";
const PAGES = "portal-pages-" + person, FILES = "portal-files-" + person;
const LIST = scope + "kept.json", OTHER = scope + "phone/", SYNC = scope + "sync/";
const PATIENCE = 5000;  // milliseconds for a network that is there and answers nothing
const A_WEEK = 7 * 24 * 3600 * 1000;
const FILE = /\.(css|js|svg|png|jpe?g|webp|woff2)$/, HASHED = /\.[0-9a-f]{12}\.\w+$/;
const ITEM = /^([0-9a-f-]{36})\/$/;
const AWAY = [502, 503, 504];  // somebody answers, but not the practice

self.addEventListener("install", event => {
  event.waitUntil(remember().catch(() => null).then(() => self.skipWaiting()));
});
self.addEventListener("activate", event => {
  event.waitUntil(takeOver().catch(() => null).then(() => self.clients.claim()));
});
self.addEventListener("sync", event => event.waitUntil(send()));
self.addEventListener("message", event => {
  const doing = { keep, send, state, forget, seen }[event.data.do] || state;
  event.waitUntil(doing().catch(() => null).then(async () => event.ports[0].postMessage(await state())));
});
self.addEventListener("fetch", event => {
  const url = new URL(event.request.url);
  if (url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && url.pathname.startsWith(scope)) {
    event.respondWith(event.request.method === "POST" ? tapped(event, url) : page(event, url));
  } else if (event.request.method === "GET" && FILE.test(url.pathname)) {
    event.respondWith(file(event.request, url));
  }
});

// --- the small database: taps to send, what was refused, links of this person -----------------------------------------

function database(whose) {
  return new Promise((found, failed) => {
    const asked = indexedDB.open("portal-" + whose, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("taps", { keyPath: "id" });
      asked.result.createObjectStore("refused", { keyPath: "key" });
      asked.result.createObjectStore("links", { keyPath: "scope" });
    };
    asked.onsuccess = () => found(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

async function rows(store, mode, work, whose = person) {
  const open = await database(whose);
  try {
    return await new Promise((done, failed) => {
      const step = open.transaction(store, mode);
      const asked = work(step.objectStore(store));
      step.oncomplete = () => done(asked && asked.result);
      step.onerror = step.onabort = () => failed(step.error);
    });
  } finally {
    open.close();
  }
}

const all = (store, whose) => rows(store, "readonly", found => found.getAll(), whose);
const put = (store, row) => rows(store, "readwrite", found => found.put(row));
const drop = (store, id) => rows(store, "readwrite", found => found.delete(id));
const seen = () => rows("refused", "readwrite", found => found.clear());

function dropSent(tap) {  // unless it was tapped anew meanwhile
  return rows("taps", "readwrite", found => {
    found.get(tap.id).onsuccess = event => {
      if (event.target.result && event.target.result.key === tap.key) found.delete(tap.id);
    };
  });
}

async function state() {
  const [waiting, refused] = [await all("taps"), await all("refused")];
  const next = await after("", {});
  return { waiting: waiting.map(({ item, outcome, local_date }) => ({ item, outcome, local_date })), refused, next };
}

// --- a link that leads to another row of the same person since two rows became one ------------------------------------

async function remember() {  // whom this link was for until now; the worker that replaces another one sees it last here
  const worker = self.registration.active;
  const before = worker && new URL(worker.scriptURL).searchParams.get("person");
  if (before && before !== person) await put("links", { scope, at: 0, before });
}

async function takeOver() {  // what still waits is sent from here; nothing else of then stays on the phone
  const { before } = (await all("links")).find(link => link.scope === scope) || {};
  if (!before) return;
  const [waiting, ours] = [await all("taps", before), await all("taps")];
  for (const tap of waiting) {
    const known = ours.find(each => each.id === tap.id);
    if (!known || known.answered_at < tap.answered_at) await put("taps", tap);
  }
  await put("links", { scope, at: 0 });
  await Promise.all(["pages", "files"].map(kind => caches.delete("portal-" + kind + "-" + before)));
  await new Promise(done => {
    const asked = indexedDB.deleteDatabase("portal-" + before);
    asked.onsuccess = asked.onerror = asked.onblocked = done;
  });
  send().then(keep).catch(() => null);  // without waiting: pages are opened only after this
}

// --- keeping pages ----------------------------------------------------------------------------------------------------

const ask = (url, more) => fetch(url, { credentials: "omit", cache: "no-store", ...more });
const gone = answer => answer.status === 404 || answer.status === 410;

let keeping = null;
function keep() { return keeping = keeping || keepNow().finally(() => { keeping = null; }); }

async function keepNow() {
  const answer = await ask(LIST);
  if (gone(answer)) return leave(answer.status);
  if (!answer.ok) return;
  const list = await answer.clone().json(), cache = await caches.open(PAGES), old = await listed();
  const kept = await Promise.all(list.pages.map(url => cache.match(url)));
  if (!old || old.version !== list.version || kept.includes(undefined)) await keepAll(cache, list.pages);
  await cache.put(LIST, answer);
  for (const request of await cache.keys()) {  // of other days, and of older links
    if (![LIST, ...list.pages].includes(new URL(request.url).pathname)) await cache.delete(request);
  }
  await put("links", { scope, at: Date.now() });
}

async function listed() {
  const kept = await caches.match(LIST, { cacheName: PAGES });
  return kept ? kept.json() : null;
}

async function keepAll(cache, pages) {
  const wanted = new Set(), files = await caches.open(FILES);
  for (const url of pages) (await keepPage(cache, url)).forEach(found => wanted.add(found));
  for (const url of [...wanted]) (await keepFile(files, url)).forEach(found => wanted.add(found));
  for (const url of [...wanted]) await keepFile(files, url);
  for (const request of await files.keys()) {
    if (!wanted.has(new URL(request.url).pathname)) await files.delete(request);
  }
}

async function keepPage(cache, url) {  // and the addresses of the files it is made with
  const answer = await ask(url);
  if (!answer.ok || answer.redirected) return [];
  const text = await answer.clone().text();
  await cache.put(url, answer);
  return [...text.matchAll(/\s(?:href|src)="(\/[^"#?]+)/g)].map(found => found[1]).filter(found => FILE.test(found) && !found.startsWith(scope));
}

async function keepFile(cache, url) {  // and of a style sheet the addresses in it
  if (HASHED.test(url) && await cache.match(url)) return [];
  const answer = await fetch(url, { credentials: "omit" }).catch(() => null);
  if (!answer || !answer.ok) return [];
  await cache.put(url, answer.clone());
  if (!url.endsWith(".css")) return [];
  const text = await answer.text();
  const found = [...text.matchAll(/url\(["']?([^"')#?]+)/g)].map(each => new URL(each[1], self.location.origin + url));
  return found.filter(each => each.origin === self.location.origin && FILE.test(each.pathname)).map(each => each.pathname);
}

// --- opening pages ----------------------------------------------------------------------------------------------------

function within(milliseconds, promise) {
  const late = new Promise((_, failed) => setTimeout(() => failed(new Error("late")), milliseconds));
  return Promise.race([promise, late]);
}

async function page(event, url) {
  const kept = await keptPage(url.pathname);
  try {
    const asked = fetch(event.request), answer = await (kept ? within(PATIENCE, asked) : asked);
    if (AWAY.includes(answer.status) && kept) return kept;
    if (answer.status === 410 || (url.pathname === scope && gone(answer))) return await leave(answer.status) || answer;
    return answer;
  } catch (nothing) {
    return kept || await elsewhere(url.pathname === scope) || await keptPage(OTHER) || Response.error();
  }
}

async function keptPage(path) {
  const cache = await caches.open(PAGES), kept = await cache.match(path);
  if (!kept) return null;
  if (Date.now() - Date.parse(kept.headers.get("Date") || "") < A_WEEK) return kept;
  await cache.delete(path);
  return null;
}

async function elsewhere(wanted) {  // a newer link of the same person, that this phone opened itself
  const links = wanted ? (await all("links")).filter(link => link.scope !== scope) : [];
  links.sort((one, other) => other.at - one.at);
  return links.length ? Response.redirect(links[0].scope, 302) : null;
}

async function file(request, url) {
  const kept = await caches.match(request, { cacheName: FILES, ignoreSearch: true });
  if (kept && HASHED.test(url.pathname)) return kept;
  return fetch(request).catch(nothing => { if (kept) return kept; throw nothing; });
}

// --- answers ----------------------------------------------------------------------------------------------------------

async function tapped(event, url) {
  const path = url.pathname.slice(scope.length), item = (ITEM.exec(path) || [])[1];
  if (!item && path !== "pain/") return fetch(event.request);
  const at = new Date().toISOString(), form = event.request.clone().formData();
  try {
    const answer = await within(2 * PATIENCE, fetch(event.request));
    if (!AWAY.includes(answer.status)) {
      event.waitUntil(answered(url, item, await form).catch(() => null));
      return answer;
    }
  } catch (nothing) { /* it waits here */ }
  const tap = { ...Object.fromEntries(await form), item: item || null, answered_at: at, key: self.crypto.randomUUID() };
  delete tap.csrfmiddlewaretoken;
  await put("taps", { ...tap, id: name(item, tap) });
  if (self.registration.sync) await self.registration.sync.register("taps").catch(() => null);
  return Response.redirect(await after(url.pathname, tap), 303);
}

const name = (item, tap) => [item || ("before" in tap ? "before" : "after"), tap.local_date].join(" ");

async function answered(url, item, form) {  // what waited for the same day is no longer so
  await drop("taps", name(item, Object.fromEntries(form)));
  const cache = await caches.open(PAGES);
  for (const path of [scope, url.pathname]) if (await cache.match(path)) await keepPage(cache, path);
  const list = await ask(LIST);
  if (list.ok) await cache.put(LIST, list);
}

async function after(here, tap) {  // where one goes on: the next exercise that nobody answered
  if (tap.outcome === "too_painful") return here;
  const list = await listed(), done = new Set((await all("taps")).map(each => each.item));
  const open = ((list && list.items) || []).filter(each => each.open && !done.has(each.pk));
  const place = list ? list.items.findIndex(each => each.url === here) : -1;
  const next = open.find(each => list.items.indexOf(each) > place) || open[0];
  return next && !("after" in tap) ? next.url : scope;
}

let sending = null;
function send() { return sending = sending || sendNow().finally(() => { sending = null; }); }

async function sendNow() {
  const taps = await all("taps");
  if (!taps.length) return;
  const body = JSON.stringify({ sent_at: new Date().toISOString(), taps });
  const answer = await ask(SYNC, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  if (gone(answer)) return leave(answer.status);
  if (!answer.ok) throw new Error("not now");
  const { results } = await answer.json(), cache = await caches.open(PAGES);
  for (const tap of taps) {
    const result = results.find(each => each.key === tap.key);
    if (!result || result.again) continue;
    if (result.why) await put("refused", { key: tap.key, item: tap.item, why: result.why });
    await dropSent(tap);
    if (tap.item) await keepPage(cache, scope + tap.item + "/");
  }
  if (results.some(each => each.again) && results.some(each => !each.again)) return sendNow();  // the next ones
  await keepPage(cache, scope);
  await keep();
}

// --- forgetting -------------------------------------------------------------------------------------------------------

async function leave(status) {  // the link opens nothing any more; taps wait for a newer one of the same person
  const newer = await elsewhere(true);
  if (!newer) await Promise.all([caches.delete(PAGES), caches.delete(FILES)]);
  if (status === 404 && !newer) await wipe();
  await drop("links", scope).catch(() => null);
  await self.registration.unregister();
  return newer;
}

async function forget() {
  const clear = () => Promise.all([caches.delete(PAGES), caches.delete(FILES), wipe()]);
  await clear();
  await within(2 * PATIENCE, Promise.allSettled([sending, keeping])).catch(() => null);  // what these kept meanwhile
  await clear();
  await self.registration.unregister();
}

function wipe() {
  return Promise.all(["taps", "refused", "links"].map(store => rows(store, "readwrite", found => found.clear())));
}
