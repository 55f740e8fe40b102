/**
 * The files of the page, built by `deno task build:web`. Each is read once,
 * from the source folder or from the compiled program.
 *
 * @module
 */

import { promisify } from "node:util";
import { gzip } from "node:zlib";

const FOLDER = new URL("../../web/dist/", import.meta.url);

const TYPES: Record<string, string> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
  // Named so because `deno compile` would take a `.wasm` for a module.
  bin: "application/wasm",
  webmanifest: "application/manifest+json",
};

/** Path on the HTTP port → file. */
export const PAGE_FILES: Readonly<Record<string, string>> = {
  "/": "index.html",
  "/page.js": "page.js",
  "/page.css": "page.css",
  "/pcm_worklet.js": "pcm_worklet.js",
  "/resampler.wasm": "resampler.bin",
  "/timer_worker.js": "timer_worker.js",
  "/service_worker.js": "service_worker.js",
  "/icon.svg": "icon.svg",
  "/icon-192.png": "icon-192.png",
  "/icon-512.png": "icon-512.png",
  "/icon-maskable.png": "icon-maskable.png",
  "/page.webmanifest": "page.webmanifest",
};

/**
 * The page may only run its own scripts and styles and talk to its own server.
 * `wasm-unsafe-eval` lets it compile the resampler, and no script from a text
 * (Content Security Policy 3, section 6.7.2.2). `blob:` is the silent audio that
 * enables the media keys.
 */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "media-src blob:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "cache-control": "private, no-cache",
};

/** A file of the page, ready to be sent. */
export interface PageFile {
  type: string;
  bytes: Uint8Array<ArrayBuffer>;
  gzipped: Uint8Array<ArrayBuffer>;
  /** Changes with the content; includes the quotes that HTTP requires. */
  etag: string;
}

const loaded = new Map<string, Promise<PageFile>>();

/** Reads a file of {@linkcode PAGE_FILES} by its path, and caches it. */
export function pageFile(path: string): Promise<PageFile> {
  let file = loaded.get(path);
  if (!file) {
    file = load(PAGE_FILES[path]);
    loaded.set(path, file);
    file.catch(() => loaded.delete(path));
  }
  return file;
}

async function load(name: string): Promise<PageFile> {
  const bytes = await Deno.readFile(new URL(name, FOLDER));
  // Once a start, and so as well as it can be.
  const gzipped = await promisify(gzip)(bytes, { level: 9 });
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return {
    type: TYPES[name.slice(name.lastIndexOf(".") + 1)],
    bytes,
    gzipped: new Uint8Array(gzipped),
    etag: `"${new Uint8Array(digest).toHex().slice(0, 32)}"`,
  };
}
