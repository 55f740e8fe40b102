/**
 * A song as PCM of 48,000 Hz, 16 bits, stereo, in blocks of one second: made once
 * for all rooms that play it together.
 *
 * @module
 */

import { deviceMix } from "../../audio/device_mix.ts";
import { sampleFrameBytes, type SongFormat } from "../../audio/format.ts";
import type { OpenResampler, Resampler } from "../../audio/resampler.ts";
import type { OpenSong } from "../../ports/server.ts";
import { LAYOUT } from "./wire.ts";

/** Sample frames of a block. */
export const BLOCK_FRAMES = LAYOUT.rate;
/** Blocks that are kept: rooms of a group are less than a block apart. */
const MOST_KEPT = 4;
/** Sample frames of the song that settle the resampler's filter after a jump. */
const SETTLING_FRAMES = 1024;
/** Leaves samples as they are, to the bit. */
const AS_IT_IS: Resampler = {
  ratio: 1,
  delayFrames: 0,
  process: (samples) => samples,
  reset() {},
};
/** Sample frames that are converted without a pause, some 2 ms of work. */
const AT_ONCE_FRAMES = 4096;

/** Where a conversion goes on. */
interface Place {
  resampler: Resampler;
  /** The next sample frame of the song to read. */
  inFrame: number;
  /** Made, but not yet in a block. */
  rest: Float32Array;
  /** The block that comes next. */
  block: number;
}

/** Pauses for others. */
export type Pause = () => Promise<void>;

export class ConvertedSong {
  readonly format: SongFormat;
  /** Sample frames of the song. */
  readonly frames: number;
  readonly #song: OpenSong;
  readonly #open: OpenResampler;
  readonly #pause: Pause;
  /** In the order of their use. */
  readonly #blocks = new Map<number, Int16Array>();
  readonly #wanted = new Map<number, Promise<unknown>>();
  #working: Promise<unknown> = Promise.resolve();
  #place: Place | null = null;
  #isClosed = false;

  /** @param song Can be played, and is not live; {@linkcode close} closes it. */
  constructor(song: OpenSong, open: OpenResampler, pause: Pause) {
    this.format = song.entry.format!;
    this.frames = Math.floor(
      this.format.dataBytes! / sampleFrameBytes(this.format),
    );
    this.#song = song;
    this.#open = open;
    this.#pause = pause;
  }

  /** Sample frames that it is converted to. */
  get madeFrames(): number {
    return Math.round(this.frames * LAYOUT.rate / this.format.rate);
  }

  /** A block, interleaved; the last one is shorter. Null: it has yet to be made. */
  block(number: number): Int16Array | null {
    const block = this.#blocks.get(number);
    if (!block) return null;
    this.#blocks.delete(number);
    this.#blocks.set(number, block);
    return block;
  }

  /**
   * Makes a block.
   *
   * @throws {OndacastError} `changed`, if the content is no longer available.
   */
  async want(number: number): Promise<void> {
    if (this.#blocks.has(number)) return;
    if (number * BLOCK_FRAMES >= this.madeFrames) return;
    const wanted = this.#wanted.get(number) ?? this.#inTurn(number);
    await wanted;
  }

  close(): void {
    this.#isClosed = true;
    this.#blocks.clear();
    this.#song.close();
  }

  #inTurn(number: number): Promise<unknown> {
    const made = this.#working.catch(() => {}).then(() => this.#make(number))
      .finally(() => this.#wanted.delete(number));
    this.#wanted.set(number, made);
    this.#working = made;
    return made;
  }

  async #make(number: number): Promise<void> {
    if (this.#isClosed) return;
    let place = this.#place;
    if (place?.block !== number) place = await this.#jump(number);
    this.#place = null; // A failure begins anew.
    const begin = number * BLOCK_FRAMES;
    const frames = Math.min(BLOCK_FRAMES, this.madeFrames - begin);
    const block = new Int16Array(frames * LAYOUT.channels);
    let filled = 0;
    while (filled < block.length) {
      if (place.rest.length === 0) await this.#more(place);
      if (this.#isClosed) return;
      const some = place.rest.subarray(0, block.length - filled);
      for (let i = 0; i < some.length; i++) {
        block[filled + i] = rounded(some[i]);
      }
      filled += some.length;
      place.rest = place.rest.subarray(some.length);
    }
    place.block++;
    this.#place = place;
    this.#blocks.set(number, block);
    const [oldest] = this.#blocks.keys();
    if (this.#blocks.size > MOST_KEPT) this.#blocks.delete(oldest);
  }

  /** Begins before a block, at a sample frame that both rates share. */
  async #jump(number: number): Promise<Place> {
    const { rate } = this.format;
    const resampler = this.#place?.resampler ?? await this.#resampler();
    resampler.reset();
    const settling = resampler === AS_IT_IS ? 0 : SETTLING_FRAMES;
    // Both rates share a sample frame each second.
    const shared = number - Math.ceil(settling / rate);
    const inFrame = Math.max(0, shared) * rate;
    const place = {
      resampler,
      inFrame,
      rest: new Float32Array(0),
      block: number,
    };
    const outFrame = Math.max(0, shared) * LAYOUT.rate;
    // The first output is from before the first input.
    let skipped = Math.round(resampler.delayFrames * LAYOUT.rate / rate) +
      number * BLOCK_FRAMES - outFrame;
    while (skipped > 0) {
      if (place.rest.length === 0) await this.#more(place);
      if (this.#isClosed) break;
      const some = Math.min(skipped * LAYOUT.channels, place.rest.length);
      place.rest = place.rest.subarray(some);
      skipped -= some / LAYOUT.channels;
    }
    return place;
  }

  async #resampler(): Promise<Resampler> {
    const { channels, rate: toHz } = LAYOUT;
    const { rate: fromHz } = this.format;
    if (fromHz === toHz) return AS_IT_IS;
    return await this.#open({ channels, fromHz, toHz });
  }

  /** Converts what comes next; after the song's end, silence. */
  async #more(place: Place): Promise<void> {
    const frames = Math.min(AT_ONCE_FRAMES, this.frames - place.inFrame);
    if (frames <= 0) {
      const silence = new Float32Array(AT_ONCE_FRAMES * LAYOUT.channels);
      place.rest = place.resampler.process(silence).slice();
      return;
    }
    const frameBytes = sampleFrameBytes(this.format);
    const pcm = new Uint8Array(frames * frameBytes);
    const offset = this.format.dataOffset + place.inFrame * frameBytes;
    await this.#song.read(pcm, offset);
    place.inFrame += frames;
    place.rest = place.resampler.process(stereo(this.format, pcm)).slice();
    await this.#pause();
  }
}

/** Interleaved; mono on both sides. */
function stereo(format: SongFormat, pcm: Uint8Array): Float32Array {
  const [left, right = left] = deviceMix(format, LAYOUT.channels).planes(pcm);
  const samples = new Float32Array(2 * left.length);
  for (let i = 0; i < left.length; i++) {
    samples[2 * i] = left[i];
    samples[2 * i + 1] = right[i];
  }
  return samples;
}

function rounded(sample: number): number {
  const scaled = Math.round(sample * 32768);
  return scaled > 32767 ? 32767 : scaled < -32768 ? -32768 : scaled;
}
