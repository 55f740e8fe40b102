/**
 * IP addresses as the bytes that go over the wire, and back.
 *
 * @module
 */

/**
 * The 4 or 16 bytes of an address in network order; null if it is none. The zone
 * of an IPv6 address (`%eth0`) is ignored.
 *
 * @example
 * ```ts
 * import { ipBytes } from "./ip_bytes.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(ipBytes("192.0.2.1"), Uint8Array.of(192, 0, 2, 1));
 * assert.equal(ipBytes("fe80::1")?.length, 16);
 * assert.equal(ipBytes("pi.local"), null);
 * ```
 */
export function ipBytes(text: string): Uint8Array | null {
  if (text.length > MAX_TEXT) return null;
  return text.includes(":")
    ? ipv6Bytes(text.split("%", 1)[0])
    : ipv4Bytes(text);
}

/** An IPv6 address, and a zone of an interface's name. */
const MAX_TEXT = 128;

function ipv4Bytes(text: string): Uint8Array | null {
  const parts = text.split(".");
  const isWhole = parts.length === 4 &&
    parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
  return isWhole ? Uint8Array.from(parts.map(Number)) : null;
}

/** RFC 4291, section 2.2, without its third form, which ends in IPv4. */
function ipv6Bytes(text: string): Uint8Array | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const [front, back] = halves.map((half) => half ? half.split(":") : []);
  const missing = 8 - front.length - (back?.length ?? 0);
  if (back === undefined ? missing !== 0 : missing < 1) return null;
  const groups = [...front, ...Array(missing).fill("0"), ...back ?? []];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  return Uint8Array.from(
    groups.map((group) => parseInt(group, 16))
      .flatMap((group) => [group >> 8, group & 255]),
  );
}

/**
 * The address in 4 or 16 bytes, as text (RFC 5952).
 *
 * @throws {RangeError} If there are neither 4 nor 16 bytes.
 *
 * @example
 * ```ts
 * import { ipBytes, ipText } from "./ip_bytes.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(ipText(ipBytes("fd00:0:0:0:0:0:0:1")!), "fd00::1");
 * ```
 */
export function ipText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  if (bytes.length !== 16) {
    throw new RangeError(
      `Cannot read an address of ${bytes.length} bytes: expected 4 or 16`,
    );
  }
  const groups = Array.from(
    { length: 8 },
    (_, i) => (bytes[2 * i] << 8 | bytes[2 * i + 1]).toString(16),
  );
  const { start, length } = longestZeros(groups);
  if (length < 2) return groups.join(":");
  const before = groups.slice(0, start).join(":");
  const after = groups.slice(start + length).join(":");
  return `${before}::${after}`;
}

function longestZeros(groups: string[]): { start: number; length: number } {
  let longest = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === "0") length++;
    if (length > longest.length) longest = { start, length };
  }
  return longest;
}

/**
 * Whether an address is in the network of another.
 *
 * @param prefix The network's bits; addresses of two families share none.
 */
export function isInNetwork(
  ip: string,
  network: string,
  prefix: number,
): boolean {
  const [one, other] = [ipBytes(ip), ipBytes(network)];
  if (!one || !other || one.length !== other.length) return false;
  return one.every((byte, i) => {
    const bits = Math.min(8, Math.max(0, prefix - 8 * i));
    const mask = 0xff << (8 - bits) & 0xff;
    return (byte & mask) === (other[i] & mask);
  });
}
