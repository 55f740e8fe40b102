/**
 * The PCM of one stream in the buffer of its playback, by sample frames from the
 * stream's first.
 *
 * @module
 */

import { type PcmFormat, sampleFrameBytes } from "../audio/format.ts";
import type { Take } from "../model/course.ts";
import type { ToClient } from "../wire/messages.ts";
import type { Pump } from "./pump.ts";
import type { StepSource } from "./step_feed.ts";

/** The parts of a `start` that say what a stream brings. */
type Start = Pick<ToClient<"start">, "offset" | "format" | "entry">;

/** The sample frame of the song that is a stream's first: the first whole one. */
function firstFrame({ offset, format }: Start): number {
  const bytes = Math.max(0, offset - format.dataOffset);
  return Math.ceil(bytes / sampleFrameBytes(format));
}

/** A stream as a take of a row. */
export function takeOf(id: number, start: Start): Take {
  const { format, entry = 0 } = start;
  const { rate, dataBytes } = format;
  const frames = dataBytes === null
    ? null
    : dataBytes / sampleFrameBytes(format) - firstFrame(start);
  // A stream of nothing is over as soon as it begins.
  const endFrame = frames === null ? null : Math.max(frames, 1e-3);
  return { id, entry, rateHz: rate, fromFrame: 0, endFrame };
}

/** PCM that was read stays for as long: a line may go back to before a pause. */
const KEPT_SECONDS = 1.5;
/** But no more than this many bytes. */
const MOST_KEPT_BYTES = 4 << 20;
/** Frames that are skipped at once. */
const SKIPPED_FRAMES = 4096;

/** The PCM of a stream. */
export class LentPcm implements StepSource {
  readonly take: number;
  readonly format: PcmFormat;
  readonly #pump: Pump;
  readonly #firstFrame: number;
  readonly #frameBytes: number;
  /** What was read last, and of it what is to be read again. */
  readonly #kept = new Pieces();
  readonly #again = new Pieces();

  /** @param pump It has begun. */
  constructor(take: number, start: Start, pump: Pump) {
    this.take = take;
    this.format = start.format;
    this.#pump = pump;
    this.#firstFrame = firstFrame(start);
    this.#frameBytes = sampleFrameBytes(start.format);
  }

  get nextFrame(): number {
    const byte = this.#pump.nextByte + this.#partBytes - this.#again.bytes;
    return byte / this.#frameBytes - this.#firstFrame;
  }

  get frames(): number {
    const bytes = this.#pump.bufferedBytes - this.#partBytes;
    const whole = Math.max(0, Math.floor(bytes / this.#frameBytes));
    return whole + this.#again.bytes / this.#frameBytes;
  }

  get isComplete(): boolean {
    return this.#pump.isComplete || this.#pump.over;
  }

  read(frames: number): Uint8Array {
    const bytes = frames * this.#frameBytes;
    const pcm = this.#again.bytes > 0
      ? this.#again.shift(bytes)
      : this.#take(bytes);
    this.#kept.push(pcm);
    const { rate } = this.format;
    const most = Math.round(KEPT_SECONDS * rate) * this.#frameBytes;
    this.#kept.trim(Math.min(most, MOST_KEPT_BYTES));
    return pcm;
  }

  #take(bytes: number): Uint8Array {
    if (this.#partBytes > 0) this.#pump.take(this.#partBytes);
    return this.#pump.take(bytes).slice();
  }

  /**
   * Moves to a frame, forwards or back.
   *
   * @returns False if it has not come yet, or was read too long ago; then the
   * next one is as near as can be.
   */
  moveTo(frame: number): boolean {
    let back = (this.nextFrame - frame) * this.#frameBytes;
    while (back > 0 && this.#kept.bytes > 0) {
      const piece = this.#kept.pop(back);
      this.#again.unshift(piece);
      back -= piece.length;
    }
    while (this.nextFrame < frame && this.frames > 0) {
      const most = Math.min(
        frame - this.nextFrame,
        this.frames,
        SKIPPED_FRAMES,
      );
      this.read(Math.ceil(most));
    }
    return this.nextFrame === frame;
  }

  /** It had nothing to read when it was time. */
  missed(): void {
    this.#pump.missed();
  }

  /** The byte of the song's PCM at a frame. */
  byteAt(frame: number): number {
    return Math.round(frame + this.#firstFrame) * this.#frameBytes;
  }

  /** The rest of a sample frame whose beginning the stream does not bring. */
  get #partBytes(): number {
    const over = this.#pump.nextByte % this.#frameBytes;
    return over === 0 ? 0 : this.#frameBytes - over;
  }
}

/** Pieces of PCM in order. */
class Pieces {
  readonly #pieces: Uint8Array[] = [];
  bytes = 0;

  push(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.bytes += piece.length;
  }

  unshift(piece: Uint8Array): void {
    this.#pieces.unshift(piece);
    this.bytes += piece.length;
  }

  /** Removes the first piece, or the beginning of it. */
  shift(most: number): Uint8Array {
    const piece = this.#pieces.shift()!;
    this.bytes -= piece.length;
    if (piece.length > most) this.unshift(piece.subarray(most));
    return piece.subarray(0, most);
  }

  /** Removes the last piece, or the end of it. */
  pop(most: number): Uint8Array {
    const piece = this.#pieces.pop()!;
    this.bytes -= piece.length;
    const rest = Math.max(0, piece.length - most);
    if (rest > 0) this.push(piece.subarray(0, rest));
    return piece.subarray(rest);
  }

  /** Forgets the first pieces beyond a number of bytes. */
  trim(most: number): void {
    while (this.bytes - (this.#pieces[0]?.length ?? 0) >= most) {
      this.bytes -= this.#pieces.shift()!.length;
    }
  }
}
