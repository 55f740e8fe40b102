var c = [
  "/",
  "/page.js",
  "/page.css",
  "/icon.svg",
  "/timer_worker.js",
  "/pcm_worklet.js",
  "/resampler.wasm",
];
async function o(t, { ask: e, kept: i, wait: a }) {
  let s = e().then((n) => (n.ok && i.put(t, n.clone()).catch(() => {}), n));
  return await Promise.race([s.catch(() => null), a(4e3).then(() => null)]) ??
    await i.match(t) ?? await s;
}
var l = caches.open("ondacast");
addEventListener("install", (t) => {
  t.waitUntil(l.then((e) => e.addAll([...c]))), skipWaiting();
});
addEventListener("activate", (t) => t.waitUntil(clients.claim()));
addEventListener("fetch", (t) => {
  let { request: e } = t, { origin: i, pathname: a } = new URL(e.url);
  i !== location.origin || e.method !== "GET" ||
    c.includes(a) &&
      t.respondWith(l.then((s) =>
        o(a, {
          ask: () => fetch(e),
          kept: s,
          wait: (r) => new Promise((n) => setTimeout(n, r)),
        })
      ));
});
