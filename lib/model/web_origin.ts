/**
 * Whom a browser may speak for: the checks of `Host` and `Origin` that keep
 * other people's web pages away from a server in the home.
 *
 * @module
 */

/**
 * Whether a `Host` header means this server. Names that a stranger's DNS
 * could point here do not (DNS rebinding): only addresses, names of this
 * machine or its link, and those it was given.
 *
 * @param host The header, with or without a port.
 * @param names The machine's name and those it was given, in any case.
 *
 * @example
 * ```ts
 * import { isOwnHost } from "./web_origin.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(isOwnHost("[::1]:4042", []), true);
 * assert.equal(isOwnHost("Attic:4042", ["attic"]), true);
 * assert.equal(isOwnHost("rebind.example", ["attic"]), false);
 * ```
 */
export function isOwnHost(host: string, names: readonly string[]): boolean {
  const name = /^(\[[0-9a-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i.exec(host)?.[1];
  if (name === undefined) return false;
  if (name.startsWith("[") || isIpv4(name)) return true;
  const plain = plainName(name);
  return plain === "localhost" || /.\.local$/.test(plain) ||
    names.some((own) => plainName(own) === plain);
}

/**
 * Whether an `Origin` header means a page of the very host and port that a
 * request is for. `null`, which sandboxed pages and files send, never does.
 *
 * @example
 * ```ts
 * import { isOwnOrigin } from "./web_origin.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(isOwnOrigin("http://pi.local:4042", "pi.local:4042"), true);
 * assert.equal(isOwnOrigin("http://pi.local:8080", "pi.local:4042"), false);
 * assert.equal(isOwnOrigin("null", "pi.local:4042"), false);
 * ```
 */
export function isOwnOrigin(origin: string, host: string): boolean {
  const scheme = /^(https?):\/\/[^/?#@\\]+$/i.exec(origin)?.[1];
  if (scheme === undefined) return false;
  const theirs = hostOf(origin);
  return theirs !== null && theirs === hostOf(`${scheme}://${host}`);
}

/** Host and port as URLs write them: lower case, without a scheme's own port. */
function hostOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).host : null;
}

function isIpv4(name: string): boolean {
  const parts = name.split(".");
  return parts.length === 4 &&
    parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}

/** Lower case, and without the dot that ends a name in DNS. */
function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}
