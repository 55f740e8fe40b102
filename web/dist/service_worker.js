function c({ pathname: t, searchParams: e }) {
  return t.startsWith("/art/") && e.has("etag");
}
async function l(t, { ask: e, kept: n }) {
  let a = new URL(t);
  a.searchParams.delete("key");
  let s = await n.match(a.href);
  if (s) return s;
  let r = await e(), i = Number(r.headers.get("content-length") ?? 1 / 0);
  return r.ok && i <= 128e3 && w(n, a.href, r.clone()).catch(() => {}), r;
}
async function w(t, e, n) {
  await t.put(e, n);
  let a = await t.keys(), s = a.slice(0, Math.max(0, a.length - 300));
  for (let { url: r } of s) await t.delete(r);
}
var o = [
  "/",
  "/page.js",
  "/page.css",
  "/icon.svg",
  "/timer_worker.js",
  "/pcm_worklet.js",
  "/resampler.wasm",
];
async function h(t, { ask: e, kept: n, wait: a }) {
  let s = e().then((i) => (i.ok && n.put(t, i.clone()).catch(() => {}), i));
  return await Promise.race([s.catch(() => null), a(4e3).then(() => null)]) ??
    await n.match(t) ?? await s;
}
var m = caches.open("ondacast"), d = caches.open("ondacast art");
addEventListener("install", (t) => {
  t.waitUntil(m.then((e) => e.addAll([...o]))), skipWaiting();
});
addEventListener("activate", (t) => t.waitUntil(clients.claim()));
addEventListener("fetch", (t) => {
  let { request: e } = t, n = new URL(e.url);
  if (n.origin !== location.origin || e.method !== "GET") return;
  let a = () => fetch(e);
  if (c(n)) t.respondWith(d.then((s) => l(n, { ask: a, kept: s })));
  else if (o.includes(n.pathname)) {
    let s = (r) => new Promise((i) => setTimeout(i, r));
    t.respondWith(m.then((r) => h(n.pathname, { ask: a, kept: r, wait: s })));
  }
});
