/**
 * Checks of a browser's request: `Host` and `Origin`, which keep foreign web
 * pages from using a home server, and the header fields of proxies.
 *
 * @module
 */

/** Suffixes outside the public DNS: RFC 6762, RFC 8375, and those that routers use. */
const HOME_SUFFIXES = [".local", ".lan", ".internal", ".home.arpa"];

/**
 * Whether a `Host` header names this server. To prevent DNS rebinding, only IP
 * addresses, names without a dot, names of home networks and the given names
 * do. No name is resolved.
 *
 * @param host The header field, with or without a port.
 * @param names The names of this machine and configured ones, in any case.
 *
 * @example
 * ```ts
 * import { isOwnHost } from "./web_origin.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(isOwnHost("[::1]:4042", []), true);
 * assert.equal(isOwnHost("attic:4042", []), true);
 * assert.equal(isOwnHost("Attic.example.org", ["attic.example.org"]), true);
 * assert.equal(isOwnHost("rebind.example", ["attic"]), false);
 * ```
 */
export function isOwnHost(host: string, names: readonly string[]): boolean {
  const name = nameOf(host);
  if (name === null) return false;
  if (name.startsWith("[")) return URL.canParse(`http://${name}/`);
  return isIpv4(name) || !name.includes(".") ||
    HOME_SUFFIXES.some((end) =>
      name.endsWith(end) && name.length > end.length && !name.startsWith(".")
    ) ||
    names.some((own) => nameOf(own) === name);
}

/** A `Host` without its port and without a trailing dot; null if malformed. */
function nameOf(host: string): string | null {
  const name = /^(\[[0-9a-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i.exec(host)?.[1];
  if (name === undefined) return null;
  const plain = name.toLowerCase().replace(/\.$/, "");
  return plain === "" || plain.includes("..") ? null : plain;
}

/**
 * The names of a machine: its host name, alone and within each of its search
 * domains.
 *
 * @param resolvConf The text of `resolv.conf`; empty if there is none.
 *
 * @example
 * ```ts
 * import { machineNames } from "./web_origin.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(
 *   machineNames("attic", "search fritz.box\n"),
 *   ["attic", "attic.fritz.box"],
 * );
 * ```
 */
export function machineNames(hostName: string, resolvConf: string): string[] {
  const [label] = hostName.split(".", 1);
  let domains: string[] = [];
  // resolv.conf(5): `domain` and `search` replace each other.
  for (const line of resolvConf.split("\n")) {
    const [key, ...values] = line.trim().split(/\s+/);
    if (key === "search" || key === "domain") domains = values;
  }
  const names = domains.filter((domain) => domain !== ".")
    .map((domain) => `${label}.${domain}`);
  return [...new Set([hostName, label, ...names])];
}

/**
 * Whether an `Origin` header has the same host and port as the request. `null`,
 * sent by sandboxed pages and local files, never matches.
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

/**
 * The address that a proxy serves a server at; null if the text is none. It has
 * `http` or `https`, and at most a path besides its host.
 *
 * @returns With a `/` at its end.
 *
 * @example
 * ```ts
 * import { publicAddress } from "./web_origin.ts";
 * import assert from "node:assert/strict";
 *
 * const address = "https://example.org/music/";
 * assert.equal(publicAddress("https://Example.org/music"), address);
 * assert.equal(publicAddress("music.example.org"), null);
 * ```
 */
export function publicAddress(text: string): string | null {
  if (!/^https?:\/\/[^?#@]+$/i.test(text) || !URL.canParse(text)) return null;
  return new URL(text).href.replace(/\/?$/, "/");
}

/** Fields that proxies add (RFC 7239; RFC 9110, section 7.6.3). */
const PROXY_FIELDS = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];

/**
 * Whether a proxy forwarded a request. Such a request gets no privileges from its
 * source address, such as those of loopback.
 *
 * @param headers Header fields, with their names in lower case.
 */
export function isPassedOn(headers: ReadonlyMap<string, string>): boolean {
  return PROXY_FIELDS.some((field) => headers.has(field));
}

/** Host and port as URLs write them: lower case, without the default port. */
function hostOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).host : null;
}

function isIpv4(name: string): boolean {
  const parts = name.split(".");
  return parts.length === 4 &&
    parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}
