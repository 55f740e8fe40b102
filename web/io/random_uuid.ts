/**
 * A random UUID. `crypto.randomUUID` is missing on a page served over plain HTTP
 * by another machine.
 *
 * @module
 */

/** A random UUID (RFC 9562, section 5.4). */
export function randomUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = bytes[6] & 0x0F | 0x40;
  bytes[8] = bytes[8] & 0x3F | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"));
  return [[0, 4], [4, 6], [6, 8], [8, 10], [10, 16]]
    .map(([from, to]) => hex.slice(from, to).join("")).join("-");
}
