/**
 * The service worker, which shows the page and its covers while the server is away. Browsers run
 * it where the connection is encrypted, or on the server's own machine.
 *
 * @module
 */

import { artAnswer, isKeptArt } from "./kept_art.ts";
import { SHELL, shellAnswer } from "./kept_shell.ts";

// The globals of a service worker, which TypeScript's DOM types leave out
// (Service Workers, sections 4.1 and 4.5).
interface LifeEvent extends Event {
  waitUntil(done: Promise<unknown>): void;
}
interface FetchEvent extends LifeEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
interface WorkerEvents {
  install: LifeEvent;
  activate: LifeEvent;
  fetch: FetchEvent;
}
declare function addEventListener<K extends keyof WorkerEvents>(
  type: K,
  act: (event: WorkerEvents[K]) => void,
): void;
declare const clients: { claim(): Promise<void> };
declare function skipWaiting(): Promise<void>;

const kept = caches.open("ondacast");
const keptArt = caches.open("ondacast art");

addEventListener("install", (event) => {
  event.waitUntil(kept.then((cache) => cache.addAll([...SHELL])));
  skipWaiting();
});

addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin || request.method !== "GET") return;
  const ask = () => fetch(request);
  if (isKeptArt(url)) {
    event.respondWith(keptArt.then((kept) => artAnswer(url, { ask, kept })));
  } else if (SHELL.includes(url.pathname)) {
    const wait = (ms: number) =>
      new Promise<void>((resolve) => setTimeout(resolve, ms));
    event.respondWith(
      kept.then((kept) => shellAnswer(url.pathname, { ask, kept, wait })),
    );
  }
});
