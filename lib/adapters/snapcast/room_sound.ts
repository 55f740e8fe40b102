/**
 * The samples of one room: what its streams sound like at a time, from the
 * conversions of their songs.
 *
 * @module
 */

import type { Conversion } from "./conversions.ts";
import { BLOCK_FRAMES, type ConvertedSongs } from "./converted_songs.ts";
import type { RoomStream, RoomStreams } from "./room_streams.ts";
import { LAYOUT } from "./wire.ts";

/** A stream of a song. */
export interface SoundingSong extends RoomStream {
  readonly name: string;
  /** The sample frame of the song that is its first. */
  readonly fromFrame: number;
  readonly conversion: Conversion;
}

export class RoomSound {
  readonly #streams: RoomStreams<SoundingSong>;
  readonly #failed: () => void;
  /** What follows the samples that were read last. */
  #next: { row: ConvertedSongs; frame: number } | null = null;

  /** @param failed Called when a song of a stream has failed, maybe repeatedly. */
  constructor(streams: RoomStreams<SoundingSong>, failed: () => void) {
    this.#streams = streams;
    this.#failed = failed;
  }

  /**
   * Reads samples, whose rest is left as it is where nothing sounds.
   *
   * @param samples Interleaved, all 0.
   * @param atUs When the first sample frame sounds.
   * @returns Whether anything sounds; null: some of it is not there yet.
   */
  fill(samples: Int16Array, atUs: number): boolean | null {
    const { rate, channels } = LAYOUT;
    const all = samples.length / channels;
    let isSound = false;
    for (let filled = 0; filled < all;) {
      const us = atUs + filled / rate * 1e6;
      const now = this.#streams.at(us);
      const left = Math.round((now.untilUs - us) * rate / 1e6);
      let frames = Math.min(all - filled, Math.max(1, left));
      if (now.stream) {
        const into = samples.subarray(filled * channels);
        const read = this.#read(into, now.stream, now.frame, frames);
        if (read === null) return null;
        frames = read;
        isSound = true;
      } else this.#next = null;
      filled += frames;
    }
    return isSound;
  }

  /** Has what is read next converted. @param frame Of the converted row. */
  want({ row }: Conversion, frame: number): void {
    const number = Math.floor(frame / BLOCK_FRAMES);
    for (const block of [number, number + 1]) {
      row.want(block).then(() => {
        if (row.songs.some(({ failure }) => failure)) this.#failed();
      });
    }
  }

  /** @returns The sample frames that were read; null: they are not there yet. */
  #read(
    into: Int16Array,
    stream: SoundingSong,
    frame: number,
    most: number,
  ): number | null {
    const { conversion, fromFrame, rate } = stream;
    const { row, song } = conversion;
    const exact = (song.firstFrame + fromFrame + frame) * LAYOUT.rate / rate;
    // Rounding each chunk by itself would skip or repeat a sample frame.
    const isNext = this.#next?.row === row &&
      Math.abs(this.#next.frame - exact) < 1;
    const at = isNext ? this.#next!.frame : Math.round(exact);
    this.want(conversion, at);
    if (at >= row.madeFrames) return most;
    const number = Math.floor(at / BLOCK_FRAMES);
    const block = row.block(number);
    if (block === null) return null;
    const offset = at - number * BLOCK_FRAMES;
    const { channels } = LAYOUT;
    const some = block.subarray(offset * channels, (offset + most) * channels);
    into.set(some);
    const frames = Math.max(1, some.length / channels);
    this.#next = { row, frame: at + frames };
    return frames;
  }
}
