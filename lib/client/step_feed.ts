/**
 * PCM of streams in a row, resampled for one player, with the place in its stream
 * of each sample frame that goes out. It is "PCM → pump" on the walk of one byte,
 * for a device in step with others.
 *
 * @module
 */

import { deviceMix } from "../audio/device_mix.ts";
import type { PcmFormat } from "../audio/format.ts";
import { interleave } from "../audio/pcm.ts";
import type { OpenResampler, Resampler } from "../audio/resampler.ts";

/** The PCM of one stream. */
export interface StepSource {
  readonly take: number;
  readonly format: PcmFormat;
  /** The sample frame that is read next, from the stream's first on. */
  readonly nextFrame: number;
  /** Sample frames that can be read. */
  readonly frames: number;
  /** Whether no more PCM comes. */
  readonly isComplete: boolean;
  /** @returns At least one sample frame of those that can be read. */
  read(frames: number): Uint8Array;
}

/** A sample frame of a stream, with a fraction. */
export interface StepPlace {
  take: number;
  frame: number;
}

/** Resampled PCM whose frames lie at equal distances in a stream. */
interface Piece extends StepPlace {
  samples: Float32Array;
  frames: number;
  /** Sample frames of the stream from one to the next. */
  step: number;
}

/** Sample frames that are resampled at once: 10 ms of CD audio. */
const READ_FRAMES = 441;
/** Resamplers that are kept, for songs of other rates. */
const MOST_KEPT = 3;

/** Feeds one player. */
export class StepFeed {
  readonly #open: OpenResampler;
  readonly #layout: PcmFormat;
  readonly #kept = new Map<number, Resampler>();
  #source: StepSource | null = null;
  #resampler: Resampler | null = null;
  #pieces: Piece[] = [];
  /** Resampled frames before the place where it began. */
  #skipFrames = 0;

  /** @param layout Of the player. */
  constructor(open: OpenResampler, layout: PcmFormat) {
    this.#open = open;
    this.#layout = layout;
  }

  /** The place of the next sample frame; null: there is none. */
  get next(): StepPlace | null {
    const piece = this.#pieces[0];
    if (piece) return { take: piece.take, frame: piece.frame };
    return this.#source && this.#end;
  }

  /** Sample frames of the stream per one of the player, at a ratio of 1. */
  get step(): number {
    return (this.#source?.format.rate ?? 0) / this.#layout.rate;
  }

  set ratio(ratio: number) {
    if (this.#resampler) this.#resampler.ratio = ratio;
  }

  /** Forgets what was read. */
  stop(): void {
    this.#pieces = [];
    this.#source = null;
  }

  /** Opens a resampler ahead of time: the first one takes some. */
  async prepare(rate: number): Promise<Resampler> {
    const kept = this.#kept.get(rate);
    if (kept) return kept;
    const resampler = await this.#open({
      channels: this.#layout.channels,
      fromHz: rate,
      toHz: this.#layout.rate,
    });
    this.#kept.set(rate, resampler);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT) this.#kept.delete(oldest);
    return resampler;
  }

  /** Begins at the next frame of a stream. */
  async begin(source: StepSource): Promise<void> {
    this.#pieces = [];
    await this.#enter(source);
  }

  /**
   * The next sample frames, interleaved.
   *
   * @param follower The stream that follows a take, if it is known.
   * @returns Fewer if no more have come, or none follow.
   */
  async take(
    frames: number,
    follower: (take: number) => StepSource | null,
  ): Promise<Float32Array> {
    let made = this.#pieces.reduce((sum, it) => sum + it.frames, 0);
    while (made < frames && this.#source) {
      const more = await this.#make(follower);
      if (more === null) break;
      made += more;
    }
    return this.#cut(Math.min(frames, made));
  }

  /** @returns Frames made; null: none can be, for now. */
  async #make(
    follower: (take: number) => StepSource | null,
  ): Promise<number | null> {
    const source = this.#source!;
    if (source.frames > 0) return this.#resample(source);
    if (!source.isComplete) return null;
    const next = follower(source.take);
    if (next && next.format.rate === source.format.rate) {
      this.#source = next;
      return 0;
    }
    const made = this.#flush(source);
    if (next) await this.#enter(next);
    else this.#source = null;
    return made;
  }

  #resample(source: StepSource): number {
    const from = source.nextFrame - this.#resampler!.delayFrames;
    const pcm = source.read(Math.min(READ_FRAMES, source.frames));
    const samples = this.#process(
      interleaved(source.format, pcm, this.#layout),
    );
    const to = source.nextFrame - this.#resampler!.delayFrames;
    return this.#add(source.take, from, to, samples);
  }

  /** Makes the frames that the resampler still holds. */
  #flush(source: StepSource): number {
    const { channels } = this.#layout;
    const from = source.nextFrame - this.#resampler!.delayFrames;
    const rest = source.nextFrame - from;
    const samples = this.#process(
      new Float32Array(Math.ceil(rest + 2) * channels),
    );
    const most = Math.max(0, Math.round(rest / this.step)) * channels;
    const kept = samples.subarray(0, most);
    const to = from + kept.length / channels * this.step;
    return this.#add(source.take, from, to, kept);
  }

  #process(input: Float32Array): Float32Array {
    return this.#resampler!.process(input);
  }

  #add(take: number, from: number, to: number, samples: Float32Array): number {
    const { channels } = this.#layout;
    const made = samples.length / channels;
    const skipped = Math.min(this.#skipFrames, made);
    this.#skipFrames -= skipped;
    const frames = made - skipped;
    if (frames === 0) return 0;
    const step = (to - from) / made;
    this.#pieces.push({
      ...{ take, frame: from + skipped * step, step, frames },
      samples: samples.slice(skipped * channels),
    });
    return frames;
  }

  #cut(frames: number): Float32Array {
    const { channels } = this.#layout;
    const all = new Float32Array(frames * channels);
    for (let filled = 0; filled < frames;) {
      const piece = this.#pieces[0];
      const some = Math.min(piece.frames, frames - filled);
      all.set(piece.samples.subarray(0, some * channels), filled * channels);
      piece.samples = piece.samples.subarray(some * channels);
      piece.frames -= some;
      piece.frame += some * piece.step;
      filled += some;
      if (piece.frames === 0) this.#pieces.shift();
    }
    return all;
  }

  /** Where the next piece will begin. */
  get #end(): StepPlace {
    const { take, nextFrame } = this.#source!;
    const skipped = this.#skipFrames * this.step;
    return { take, frame: nextFrame - this.#resampler!.delayFrames + skipped };
  }

  async #enter(source: StepSource): Promise<void> {
    const resampler = await this.prepare(source.format.rate);
    resampler.reset();
    this.#resampler = resampler;
    this.#source = source;
    this.#skipFrames = Math.max(
      0,
      Math.round(resampler.delayFrames / this.step),
    );
  }
}

/** PCM as interleaved floats for a player. */
function interleaved(
  format: PcmFormat,
  pcm: Uint8Array,
  { channels }: PcmFormat,
): Float32Array {
  return interleave(deviceMix(format, channels).planes(pcm), channels);
}
