/**
 * Complete writes, where the system may accept only a part at a time.
 *
 * @module
 */

/** Writes all bytes. @throws What the system throws; a part may be written then. */
export async function writeAll(
  out: { write(bytes: Uint8Array): Promise<number> },
  bytes: Uint8Array,
): Promise<void> {
  for (let rest = bytes; rest.length > 0;) {
    rest = rest.subarray(await out.write(rest));
  }
}

/** The same, blocking. */
export function writeAllSync(
  out: { writeSync(bytes: Uint8Array): number },
  bytes: Uint8Array,
): void {
  for (let rest = bytes; rest.length > 0;) {
    rest = rest.subarray(out.writeSync(rest));
  }
}
