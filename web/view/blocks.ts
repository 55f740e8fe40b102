/**
 * Which parts of a long list exist: blocks of rows, of which one comes and one goes
 * in each frame, so that no frame takes long however far the list was scrolled.
 *
 * @module
 */

/** What is seen of a list, in pixels from its top. */
export interface View {
  top: number;
  height: number;
}

/** Pixels above and below the view, so that rows are there before they are seen. */
const MARGIN = 500;
/** How many times the wanted blocks exist at most, while others come. */
const MOST = 1.5;

/**
 * The blocks of the next frame, in order: with missing ones, the nearest to the
 * middle of the view first, or, once all have come, without one that is not wanted.
 *
 * @param blocks The blocks that exist.
 * @param blockHeight In pixels.
 * @param count Blocks of the whole list.
 * @param most How many may come, at least 1.
 * @returns The same array once nothing is left to do.
 */
export function nextBlocks(
  blocks: readonly number[],
  { top, height }: View,
  { blockHeight, count, most }: {
    blockHeight: number;
    count: number;
    most: number;
  },
): readonly number[] {
  const at = (pixels: number) => Math.floor(pixels / blockHeight);
  const last = Math.min(count - 1, Math.max(0, at(top + height + MARGIN)));
  const first = Math.max(0, Math.min(last, at(top - MARGIN)));
  const middle = at(top + height / 2);
  const missing = Array.from({ length: last - first + 1 }, (_, i) => first + i)
    .filter((block) => !blocks.includes(block))
    .sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))
    .slice(0, most);
  const over = blocks.filter((block) => block < first || block > last);
  if (missing.length === 0 && over.length === 0) return blocks;
  const spare = Math.ceil(MOST * (last - first + 1)) - blocks.length;
  const gone = missing.length === 0
    ? over.slice(0, 1)
    : over.slice(0, Math.max(0, missing.length - spare));
  return [...blocks.filter((block) => !gone.includes(block)), ...missing]
    .sort((a, b) => a - b);
}
