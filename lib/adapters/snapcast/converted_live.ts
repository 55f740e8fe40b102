/**
 * A live song as PCM of 48,000 Hz, 16 bits, stereo: converted as it comes, once for
 * all rooms that play it together. The last seconds are kept, because rooms read
 * earlier by their `delay`.
 *
 * @module
 */

import { sampleFrameBytes, type SongFormat } from "../../audio/format.ts";
import type { OpenResampler, Resampler } from "../../audio/resampler.ts";
import type { LiveFeed, OpenSong } from "../../ports/server.ts";
import {
  atOnceFrames,
  type ConvertedSound,
  earlyFrames,
  openConversion,
  type Pause,
  rounded,
  SETTLING_FRAMES,
} from "./converted_sound.ts";
import { type JoinedSong, silence, stereo } from "./joined_songs.ts";
import { LAYOUT } from "./wire.ts";

/** Sample frames that are kept. */
const KEPT_FRAMES = 4 * LAYOUT.rate;

/** Where a conversion goes on. */
interface Place {
  readonly resampler: Resampler;
  /** The next sample frame of the song to read. */
  inFrame: number;
}

export class ConvertedLive implements ConvertedSound {
  readonly song: JoinedSong;
  readonly #live: LiveFeed;
  readonly #format: SongFormat;
  readonly #open: OpenResampler;
  readonly #pause: Pause;
  readonly #ring = new Int16Array(KEPT_FRAMES * LAYOUT.channels);
  /** What is in the ring: from the oldest sample frame to before the next one. */
  #oldest = 0;
  #next = 0;
  #place: Place | null = null;
  #working: Promise<void> | null = null;

  /** @param song Is live. */
  constructor(song: OpenSong, open: OpenResampler, pause: Pause) {
    const live = this.#live = song.live!;
    const format = this.#format = song.entry.format!;
    this.song = {
      ...{ song, format, firstFrame: 0, failure: null },
      get frames() {
        return live.frames ?? Infinity;
      },
    };
    this.#open = open;
    this.#pause = pause;
  }

  get rateHz(): number {
    return this.#format.rate;
  }

  get songs(): readonly JoinedSong[] {
    return [this.song];
  }

  want(frame: number): Promise<void> {
    return this.#working ??= this.#follow(frame)
      .catch((error) => void (this.song.failure ??= { error }))
      .finally(() => this.#working = null);
  }

  read(into: Int16Array, frame: number): number | null {
    const { channels } = LAYOUT;
    const most = into.length / channels;
    if (frame < this.#oldest) return Math.min(most, this.#oldest - frame);
    if (frame >= this.#endFrame) return most;
    const frames = Math.min(most, this.#next - frame);
    if (frames <= 0) return null;
    const begin = frame % KEPT_FRAMES * channels;
    const wanted = into.subarray(0, frames * channels);
    const some = this.#ring.subarray(begin, begin + wanted.length);
    wanted.set(some);
    wanted.set(
      this.#ring.subarray(0, wanted.length - some.length),
      some.length,
    );
    return frames;
  }

  /** Sample frames of the whole song; infinite while it goes on. */
  get #endFrame(): number {
    return Math.round(this.song.frames * LAYOUT.rate / this.rateHz);
  }

  /** Converts what has come. @param frame From where on, at first. */
  async #follow(frame: number): Promise<void> {
    const { song: { song } } = this;
    this.#place ??= this.#begun(
      await openConversion(this.rateHz, this.#open),
      Math.floor(frame * this.rateHz / LAYOUT.rate),
    );
    while (true) {
      song.gone.throwIfInvalid();
      const place = this.#place = this.#kept(this.#place);
      const samples = await this.#more(place.inFrame);
      if (samples === null) return;
      place.inFrame += samples.length / LAYOUT.channels;
      this.#append(place.resampler.process(samples));
      await this.#pause();
    }
  }

  /** Begins at a sample frame of the song, or where it is kept from. */
  #begun(resampler: Resampler, frame: number): Place {
    const inFrame = Math.max(frame - SETTLING_FRAMES, this.#oldestFrame);
    this.#oldest = this.#next = this.#firstOf(resampler, inFrame);
    return { resampler, inFrame };
  }

  /**
   * Leaves silence for what is not kept any more, but skips no more than that: a
   * burst of its sender may be as long as what is kept, and has yet to sound.
   */
  #kept(place: Place): Place {
    const { inFrame, resampler } = place;
    const oldestFrame = this.#oldestFrame;
    if (inFrame >= oldestFrame) return place;
    resampler.reset();
    const lost = this.#firstOf(resampler, oldestFrame) - this.#next;
    const silent = Math.min(lost, KEPT_FRAMES);
    this.#next += lost - silent;
    this.#append(silence(silent));
    return { resampler, inFrame: oldestFrame };
  }

  /** The first sample frame that is made of a sample frame of the song. */
  #firstOf(resampler: Resampler, inFrame: number): number {
    return Math.round(inFrame * LAYOUT.rate / this.rateHz) -
      earlyFrames(resampler, this.rateHz);
  }

  /** Behind the last sample frame that has come. */
  get #edgeFrame(): number {
    const { dataOffset } = this.#format;
    const bytes = this.#live.edge - dataOffset;
    return Math.floor(bytes / sampleFrameBytes(this.#format));
  }

  /** The first sample frame that can be read. */
  get #oldestFrame(): number {
    const { dataOffset } = this.#format;
    const bytes = Math.max(0, this.#live.keptOffset - dataOffset);
    return Math.ceil(bytes / sampleFrameBytes(this.#format));
  }

  /** @returns Null: nothing more is there, or needed. */
  async #more(inFrame: number): Promise<Float32Array | null> {
    const { isComplete } = this.#live;
    const frameBytes = sampleFrameBytes(this.#format);
    const { dataOffset } = this.#format;
    const most = atOnceFrames(this.rateHz);
    const there = this.#edgeFrame - inFrame;
    if (there <= 0) {
      // What the filter holds still comes out.
      const isOver = !isComplete || this.#next >= this.#endFrame;
      return isOver ? null : silence(Math.min(SETTLING_FRAMES, most));
    }
    const pcm = new Uint8Array(Math.min(there, most) * frameBytes);
    await this.song.song.read(pcm, dataOffset + inFrame * frameBytes);
    return stereo(this.#format, pcm);
  }

  #append(samples: Float32Array): void {
    const { length } = this.#ring;
    const begin = this.#next * LAYOUT.channels;
    for (let i = 0; i < samples.length; i++) {
      // Before the song's beginning there is nothing.
      if (begin + i >= 0) {
        this.#ring[(begin + i) % length] = rounded(samples[i]);
      }
    }
    this.#next += samples.length / LAYOUT.channels;
    this.#oldest = Math.max(this.#oldest, this.#next - KEPT_FRAMES);
  }
}
