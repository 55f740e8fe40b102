/**
 * Waits for two parts of a song that may be in memory already.
 *
 * @module
 */

/**
 * Waits for two reads, of which either may be done. A failure is thrown once both
 * have ended, since until then they write to their buffers.
 */
export function both(
  first: Promise<void> | null,
  second: Promise<void> | null,
): Promise<void> | null {
  if (first === null || second === null) return first ?? second;
  return Promise.allSettled([first, second]).then(() => first)
    .then(() => second);
}
