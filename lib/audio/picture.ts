/**
 * Recognises pictures of supported formats by their beginning and their length.
 *
 * @module
 */

/** The longest picture, in bytes. */
export const MAX_PICTURE_BYTES = 10 * 2 ** 20;

/** Bytes by which a picture is recognised. */
export const PICTURE_HEAD_BYTES = 12;

/** JPEG (SOI and a marker), PNG and WebP. */
const KINDS = /^(?:\xff\xd8\xff|\x89PNG|RIFF[^]{4}WEBP)/;

/**
 * Whether a file looks like a supported picture.
 *
 * @param head Its beginning.
 * @param bytes Its length.
 *
 * @example
 * ```ts
 * import { isPicture } from "./picture.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(isPicture(new TextEncoder().encode("<svg/>")), false);
 * assert.equal(isPicture(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)), true);
 * ```
 */
export function isPicture(head: Uint8Array, bytes = head.length): boolean {
  const start = String.fromCharCode(...head.subarray(0, PICTURE_HEAD_BYTES));
  return bytes <= MAX_PICTURE_BYTES && KINDS.test(start);
}
