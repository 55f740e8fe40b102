/**
 * The size of a song's buffer: a time, up to a limit, because a peer may claim
 * any format.
 *
 * @module
 */

import { bytesPerSecond, type PcmFormat } from "../audio/format.ts";
import { OndacastError } from "../errors.ts";

/** Audio that may be in transit and in the buffer together. */
const BUFFER_SECONDS = 4;
/** The largest buffer: 4 s of 32 channels of 32 bits at 128 kHz. */
export const MAX_BUFFER_BYTES = 64 * 2 ** 20;

/**
 * Bytes of four seconds.
 *
 * @param song Its name, for the error.
 * @throws {OndacastError} `unsupported` beyond {@linkcode MAX_BUFFER_BYTES}.
 *
 * @example
 * ```ts
 * import { bufferBytes } from "./buffer_size.ts";
 * import assert from "node:assert/strict";
 *
 * const format = { encoding: "s16le", rate: 44100, channels: 2, bits: 16 } as const;
 * assert.equal(bufferBytes(format, "a.wav"), 705_600);
 * ```
 */
export function bufferBytes(format: PcmFormat, song: string): number {
  const bytes = Math.ceil(bytesPerSecond(format) * BUFFER_SECONDS);
  if (bytes <= MAX_BUFFER_BYTES) return bytes;
  throw new OndacastError(
    "unsupported",
    `Cannot play ${song}: ${BUFFER_SECONDS} s of its ${format.channels} channels at ${format.rate} Hz take ${bytes} bytes, expected at most ${MAX_BUFFER_BYTES}`,
  );
}
