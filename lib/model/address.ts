/**
 * Network addresses: parsing user input, and distinguishing home networks from
 * the internet.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";

/**
 * Parses `host`, `host:port`, `[ipv6]:port` or a bare IPv6 address.
 *
 * @throws {OndacastError} `usage`.
 *
 * @example
 * ```ts
 * import { parseAddress } from "./address.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(parseAddress("pi", 4040), { host: "pi", port: 4040 });
 * assert.deepEqual(parseAddress("[::1]:7", 4040), { host: "::1", port: 7 });
 * ```
 */
export function parseAddress(
  text: string,
  defaultPort: number,
): { host: string; port: number } {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(text);
  const plain = /^([^:\s[\]]+)(?::(\d+))?$/.exec(text);
  const match = bracketed ?? plain;
  if (match && (!bracketed || isIpv6(match[1]))) {
    const port = match[2] === undefined ? defaultPort : Number(match[2]);
    if (port >= 1 && port <= 65535) return { host: match[1], port };
  } else if (isIpv6(text)) {
    return { host: text, port: defaultPort };
  }
  throw new OndacastError(
    "usage",
    `Cannot read the address "${text}": expected HOST or HOST:PORT, an IPv6 address in brackets`,
  );
}

// RFC 1122 (loopback), RFC 1918 (private), RFC 3927 and RFC 4291
// (link-local), RFC 4193 (unique local).
const HOME_IPV4 =
  /^(127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.)/;
const HOME_IPV6 = /^(::1$|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/i;

/**
 * Whether an address is loopback, private or link-local.
 *
 * @param ip Without brackets; an IPv6 zone (`%eth0`) is ignored.
 */
export function isHomeAddress(ip: string): boolean {
  return HOME_IPV4.test(ip) || HOME_IPV6.test(ip);
}

/**
 * The unit that limits per address count. A public IPv6 /64 network counts as
 * one address, because a single household has 2^64 of them (RFC 6177). IPv4 and
 * home addresses each count alone.
 *
 * @param ip Without brackets; an IPv6 zone (`%eth0`) is ignored.
 *
 * @example
 * ```ts
 * import { addressGroup } from "./address.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(addressGroup("192.0.2.7"), "192.0.2.7");
 * assert.equal(addressGroup("2001:db8::7"), addressGroup("2001:db8::8"));
 * ```
 */
export function addressGroup(ip: string): string {
  const [address] = ip.split("%", 1);
  if (!address.includes(":") || isHomeAddress(address)) return address;
  const [front, back = ""] = address.split("::");
  const groups = [front, back].map((part) => part ? part.split(":") : []);
  const zeros = Math.max(0, 8 - groups[0].length - groups[1].length);
  return [...groups[0], ...Array(zeros).fill("0"), ...groups[1]]
    .slice(0, 4).join(":");
}

/** `host:port`, an IPv6 address in brackets (RFC 3986, section 3.2.2). */
export function formatHostPort(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The host of `ip:port` or `[ip]:port`, without brackets. */
export function peerHost(peer: string): string {
  return peer.replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
}

export function isLoopback(ip: string): boolean {
  return ip.startsWith("127.") || ip === "::1";
}

/** Whether a text is shaped like a bare IPv6 address (RFC 4291, section 2.2). */
function isIpv6(text: string): boolean {
  const groups = text.split(":").length;
  return /^[0-9a-f:.]+(%\w+)?$/i.test(text) &&
    (text.includes("::") ? groups <= 8 : groups >= 7 && groups <= 8);
}
