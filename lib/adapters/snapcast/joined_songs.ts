/**
 * Songs of one sample rate in a row, as one piece of PCM: a filter runs over their
 * joints, and an album has no gap.
 *
 * @module
 */

import { deviceMix } from "../../audio/device_mix.ts";
import { sampleFrameBytes, type SongFormat } from "../../audio/format.ts";
import type { OpenSong } from "../../ports/server.ts";
import { LAYOUT } from "./wire.ts";

/** A song of the row. */
export interface JoinedSong {
  readonly song: OpenSong;
  readonly format: SongFormat;
  /** The sample frame of the row that is its first. */
  readonly firstFrame: number;
  /** Its sample frames. */
  readonly frames: number;
  /** Why it is silent; null: it can be read. */
  failure: { error: unknown } | null;
}

export class JoinedSongs {
  readonly rateHz: number;
  #songs: JoinedSong[] = [];

  constructor(rateHz: number) {
    this.rateHz = rateHz;
  }

  get all(): readonly JoinedSong[] {
    return this.#songs;
  }

  /** The sample frame behind the last one. */
  get endFrame(): number {
    const last = this.#songs.at(-1);
    return last ? last.firstFrame + last.frames : 0;
  }

  /** @param song Can be played, and is not live; closed when it is removed. */
  add(song: OpenSong): JoinedSong {
    const format = song.entry.format!;
    const frames = Math.floor(format.dataBytes! / sampleFrameBytes(format));
    const firstFrame = this.endFrame;
    const added = { song, format, firstFrame, frames, failure: null };
    this.#songs.push(added);
    return added;
  }

  after(song: JoinedSong): JoinedSong | undefined {
    return this.#songs[this.#songs.indexOf(song) + 1];
  }

  /** Removes songs; those that stay keep their places. */
  remove(isRemoved: (song: JoinedSong) => boolean): void {
    for (const it of this.#songs.filter(isRemoved)) it.song.close();
    this.#songs = this.#songs.filter((it) => !isRemoved(it));
  }

  /**
   * Reads sample frames of one song, or silence where there is none.
   *
   * @returns Interleaved stereo, mono on both sides; at least one sample frame.
   */
  async read(frame: number, most: number): Promise<Float32Array> {
    const joined = this.#songs.find((it) => frame < it.firstFrame + it.frames);
    if (!joined) return silence(most);
    const { song, format, firstFrame, frames } = joined;
    if (frame < firstFrame) return silence(Math.min(most, firstFrame - frame));
    const read = Math.min(most, firstFrame + frames - frame);
    if (joined.failure) return silence(read);
    const frameBytes = sampleFrameBytes(format);
    const pcm = new Uint8Array(read * frameBytes);
    const offset = format.dataOffset + (frame - firstFrame) * frameBytes;
    try {
      await song.read(pcm, offset);
    } catch (error) {
      joined.failure = { error };
      return silence(read);
    }
    return stereo(format, pcm);
  }
}

export function silence(frames: number): Float32Array {
  return new Float32Array(frames * LAYOUT.channels);
}

/** Whole sample frames as interleaved stereo, mono on both sides. */
export function stereo(format: SongFormat, pcm: Uint8Array): Float32Array {
  const [left, right = left] = deviceMix(format, LAYOUT.channels).planes(pcm);
  const samples = new Float32Array(2 * left.length);
  for (let i = 0; i < left.length; i++) {
    samples[2 * i] = left[i];
    samples[2 * i + 1] = right[i];
  }
  return samples;
}
