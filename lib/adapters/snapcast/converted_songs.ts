/**
 * Songs in a row as PCM of 48,000 Hz, 16 bits, stereo, in blocks of one second:
 * made once for all rooms that play them together.
 *
 * @module
 */

import type { OpenResampler, Resampler } from "../../audio/resampler.ts";
import type { OpenSong } from "../../ports/server.ts";
import {
  AS_IT_IS,
  atOnceFrames,
  type ConvertedSound,
  earlyFrames,
  openConversion,
  type Pause,
  rounded,
  SETTLING_FRAMES,
} from "./converted_sound.ts";
import { type JoinedSong, JoinedSongs } from "./joined_songs.ts";
import { LAYOUT } from "./wire.ts";

/** Sample frames of a block. */
const BLOCK_FRAMES = LAYOUT.rate;
/** Blocks that are kept: rooms of a group are less than a block apart. */
const MOST_KEPT = 4;
/** Where a conversion goes on. */
interface Place {
  /** The next sample frame of the row to read. */
  inFrame: number;
  /** Made, but not yet in a block. */
  rest: Float32Array;
  /** The block that comes next. */
  block: number;
}

export class ConvertedSongs implements ConvertedSound {
  readonly #row: JoinedSongs;
  readonly #open: OpenResampler;
  readonly #pause: Pause;
  /** In the order of their use. */
  readonly #blocks = new Map<number, Int16Array>();
  readonly #wanted = new Map<number, Promise<void>>();
  #working: Promise<void> = Promise.resolve();
  #resampler: Resampler | null = null;
  #place: Place | null = null;
  /** The block that is being made; null: none. */
  #making: number | null = null;
  /** Rises when what it is made of has changed. */
  #version = 0;

  constructor(rateHz: number, open: OpenResampler, pause: Pause) {
    this.#row = new JoinedSongs(rateHz);
    this.#open = open;
    this.#pause = pause;
  }

  get rateHz(): number {
    return this.#row.rateHz;
  }

  get songs(): readonly JoinedSong[] {
    return this.#row.all;
  }

  /** Sample frames that the row is converted to. */
  get madeFrames(): number {
    return Math.round(this.#row.endFrame * LAYOUT.rate / this.rateHz);
  }

  /** Adds a song of the same rate. */
  add(song: OpenSong): JoinedSong {
    this.#forget(this.#row.endFrame);
    return this.#row.add(song);
  }

  after(song: JoinedSong): JoinedSong | undefined {
    return this.#row.after(song);
  }

  /** Removes the first songs, which are not played any more. */
  removeBefore({ firstFrame }: JoinedSong): void {
    this.#row.remove((it) => it.firstFrame < firstFrame);
  }

  /** Removes a song, and all after it. */
  removeFrom({ firstFrame }: JoinedSong): void {
    this.#forget(firstFrame);
    this.#row.remove((it) => it.firstFrame >= firstFrame);
  }

  async want(frame: number): Promise<void> {
    const number = Math.floor(frame / BLOCK_FRAMES);
    await Promise.all([this.#made(number), this.#made(number + 1)]);
  }

  read(into: Int16Array, frame: number): number | null {
    const { channels } = LAYOUT;
    if (frame >= this.madeFrames) return into.length / channels;
    const number = Math.floor(frame / BLOCK_FRAMES);
    const block = this.#blocks.get(number);
    if (!block) return null;
    this.#blocks.delete(number);
    this.#blocks.set(number, block);
    const from = (frame - number * BLOCK_FRAMES) * channels;
    const some = block.subarray(from, from + into.length);
    into.set(some);
    return Math.max(1, some.length / channels);
  }

  /** Makes a block, unless it is there. */
  #made(number: number): Promise<void> | undefined {
    const isThere = this.#blocks.has(number) ||
      number * BLOCK_FRAMES >= this.madeFrames;
    return isThere
      ? undefined
      : this.#wanted.get(number) ?? this.#inTurn(number);
  }

  #inTurn(number: number): Promise<void> {
    const made = this.#working.then(() => this.#make(number))
      .finally(() => this.#wanted.delete(number));
    this.#wanted.set(number, made);
    this.#working = made;
    return made;
  }

  /** Forgets what depends on the row from a sample frame on. */
  #forget(frame: number): void {
    const readsIt = (number: number, ahead: number) =>
      (number + 1) * this.rateHz + ahead > frame;
    for (const number of [...this.#blocks.keys()]) {
      if (readsIt(number, SETTLING_FRAMES)) this.#blocks.delete(number);
    }
    if (this.#place && this.#place.inFrame > frame) this.#place = null;
    const ahead = SETTLING_FRAMES + atOnceFrames(this.rateHz);
    if (this.#making !== null && readsIt(this.#making, ahead)) this.#version++;
  }

  async #make(number: number): Promise<void> {
    let version: number;
    this.#making = number;
    try {
      do {
        version = this.#version;
        await this.#fill(number, version);
      } while (version !== this.#version);
    } catch (error) {
      for (const it of this.songs) it.failure ??= { error };
    }
    this.#making = null;
  }

  async #fill(number: number, version: number): Promise<void> {
    const begin = number * BLOCK_FRAMES;
    const frames = Math.min(BLOCK_FRAMES, this.madeFrames - begin);
    if (frames <= 0) return;
    const resampler = this.#resampler ??= await openConversion(
      this.rateHz,
      this.#open,
    );
    let place = this.#place;
    this.#place = null;
    if (place?.block !== number) place = await this.#jump(number, resampler);
    const block = new Int16Array(frames * LAYOUT.channels);
    let filled = 0;
    while (filled < block.length) {
      if (place.rest.length === 0) await this.#more(place, resampler);
      if (version !== this.#version) return;
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
  async #jump(number: number, resampler: Resampler): Promise<Place> {
    const { rateHz } = this;
    resampler.reset();
    const settling = resampler === AS_IT_IS ? 0 : SETTLING_FRAMES;
    // Both rates share a sample frame each second.
    const shared = Math.max(0, number - Math.ceil(settling / rateHz));
    const rest = new Float32Array(0);
    const place = { inFrame: shared * rateHz, rest, block: number };
    let skipped = earlyFrames(resampler, rateHz) +
      (number - shared) * BLOCK_FRAMES;
    while (skipped > 0) {
      if (place.rest.length === 0) await this.#more(place, resampler);
      const some = Math.min(skipped * LAYOUT.channels, place.rest.length);
      place.rest = place.rest.subarray(some);
      skipped -= some / LAYOUT.channels;
    }
    return place;
  }

  /** Converts what comes next. */
  async #more(place: Place, resampler: Resampler): Promise<void> {
    const most = atOnceFrames(this.rateHz);
    const samples = await this.#row.read(place.inFrame, most);
    place.inFrame += samples.length / LAYOUT.channels;
    place.rest = resampler.process(samples).slice();
    await this.#pause();
  }
}
