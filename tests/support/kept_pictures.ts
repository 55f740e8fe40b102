/**
 * Compares a picture of the page with one that was kept. Both are seen as through
 * frosted glass, in overlapping squares, so that the last pixel of a letter does not
 * count; a control that is missing does, and so does another colour.
 *
 * @module
 */

import type { Pixels } from "./pictures.ts";

/** The side of a square, and the distance to the next one, in pixels. */
const SIDE = 12;
const STEP = 6;
/** How far what a square shows may have moved, in pixels. */
const MOVED = 2;
/** How much brighter or darker a square may be, of 255, in each colour. */
const TOLERANCE = 12;

/** Where a square is looked for; at its own place first. */
const MOVES = Array.from({ length: (2 * MOVED + 1) ** 2 }, (_, i) => {
  const side = 2 * MOVED + 1;
  return [i % side - MOVED, Math.floor(i / side) - MOVED] as const;
}).sort((a, b) => Math.hypot(...a) - Math.hypot(...b));

/** The top left corners of the squares that look different. */
export function differences(
  kept: Pixels,
  taken: Pixels,
): [x: number, y: number][] {
  const { width, height } = kept;
  if (taken.width !== width || taken.height !== height) return [[0, 0]];
  const found: [number, number][] = [];
  const [before, after] = [kept, taken].map(sums);
  const limit = TOLERANCE * SIDE * SIDE;
  for (let y = MOVED; y + SIDE + MOVED <= height; y += STEP) {
    for (let x = MOVED; x + SIDE + MOVED <= width; x += STEP) {
      if (!looksAlike(before, after, x, y, limit)) found.push([x, y]);
    }
  }
  return found;
}

/** For each pixel and colour, the sum of all pixels above and to the left. */
interface Sums {
  stride: number;
  colors: Float64Array[];
}

function sums({ width, height, bytes, channels }: Pixels): Sums {
  const stride = width + 1;
  const colors = [0, 1, 2].map((color) => {
    const all = new Float64Array(stride * (height + 1));
    for (let y = 0; y < height; y++) {
      for (let x = 0, row = 0; x < width; x++) {
        row += bytes[channels * (y * width + x) + color];
        all[(y + 1) * stride + x + 1] = all[y * stride + x + 1] + row;
      }
    }
    return all;
  });
  return { stride, colors };
}

/** Whether a square is found again near its place. */
function looksAlike(
  before: Sums,
  after: Sums,
  x: number,
  y: number,
  limit: number,
): boolean {
  const wanted = after.colors.map((all) => square(all, after.stride, x, y));
  return MOVES.some(([dx, dy]) =>
    before.colors.every((all, i) => {
      const is = square(all, before.stride, x + dx, y + dy);
      return Math.abs(is - wanted[i]) <= limit;
    })
  );
}

function square(
  all: Float64Array,
  stride: number,
  x: number,
  y: number,
): number {
  const [top, bottom] = [y * stride + x, (y + SIDE) * stride + x];
  return all[bottom + SIDE] - all[bottom] - all[top + SIDE] + all[top];
}
