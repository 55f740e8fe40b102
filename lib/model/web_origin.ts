/**
 * What a browser's request may do: the checks of `Host` and `Origin` that keep
 * other people's web pages away from a server in the home, and of what proxies
 * add.
 *
 * @module
 */

/** Suffixes that no name of the public DNS has: RFC 6762, RFC 8375, and what routers use. */
const HOME_SUFFIXES = [".local", ".lan", ".internal", ".home.arpa"];

/**
 * Whether a `Host` header means this server. Names that a stranger's DNS
 * could point here do not (DNS rebinding): only addresses, names without a
 * dot, names of home networks, and those of a list. None is ever resolved.
 *
 * @param host The header, with or without a port.
 * @param names The machine's names and those it was given, in any case.
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

/** A `Host` without its port, and without the dot that ends a name in DNS; null: it is none. */
function nameOf(host: string): string | null {
  const name = /^(\[[0-9a-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i.exec(host)?.[1];
  if (name === undefined) return null;
  const plain = name.toLowerCase().replace(/\.$/, "");
  return plain === "" || plain.includes("..") ? null : plain;
}

/**
 * The names of a machine: its own, alone and within each of the domains that
 * it completes names with.
 *
 * @param resolvConf The text of `resolv.conf`; empty where there is none.
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

/** What proxies add to a request that they pass on (RFC 7239; RFC 9110, section 7.6.3). */
const PROXY_FIELDS = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];

/**
 * Whether a request was passed on by a proxy: it has no rights by the address
 * that it comes from, such as those of the server's own machine.
 *
 * @param headers Its fields, names in lower case.
 */
export function isPassedOn(headers: ReadonlyMap<string, string>): boolean {
  return PROXY_FIELDS.some((field) => headers.has(field));
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
