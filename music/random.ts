/**
 * A seeded source of numbers, for plucking, breath, timing and dither: the
 * same seed gives the same recording, to the byte.
 *
 * @module
 */

/** Gives numbers from 0 up to, not including, 1. */
export type Random = () => number;

/** Mulberry32, by Tommy Ettinger, public domain: 32 bits of state suffice. */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
