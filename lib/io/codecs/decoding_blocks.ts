/**
 * The blocks in which songs are decoded if the state of their decoder depends on
 * the place where it began: all ranges of a block share a decoder that begins a
 * little before the block.
 *
 * @module
 */

export interface DecodingBlocks {
  /** Ranges before this are decoded from the start of the song. */
  readonly exactSeconds: number;
  readonly blockSeconds: number;
  readonly leadSeconds: number;
}

/**
 * Opus without SILK is within one 16-bit step after 600 ms at the worst; RFC 7845,
 * section 4.6, asks for 80 ms.
 */
export const OPUS_BLOCKS: DecodingBlocks = {
  ...{ exactSeconds: 0, blockSeconds: 15, leadSeconds: 0.8 },
};

/**
 * The long-term prediction of SILK (RFC 6716, section 4.2.7.9.1) may keep a difference
 * for ever. After 10 s it is below 2 % and no longer shrinks.
 */
export const SILK_BLOCKS: DecodingBlocks = {
  ...{ exactSeconds: 40, blockSeconds: 30, leadSeconds: 10 },
};

/**
 * The noise substitution of AAC depends on the whole song. All else is exact after
 * 2 frames.
 */
export const AAC_BLOCKS: DecodingBlocks = {
  ...{ exactSeconds: 120, blockSeconds: 30, leadSeconds: 0.3 },
};

/** The sample frame at or before which decoding begins for a range that begins at one. */
export function blockStart(
  blocks: DecodingBlocks,
  at: number,
  rateHz: number,
): number {
  const exact = blocks.exactSeconds * rateHz;
  if (at < exact) return 0;
  const inBlock = (at - exact) % (blocks.blockSeconds * rateHz);
  return Math.max(0, Math.floor(at - inBlock - blocks.leadSeconds * rateHz));
}
