/**
 * The samples of one room: what its streams sound like at a time, from the
 * conversions of their songs.
 *
 * @module
 */

import type { Conversion } from "./conversions.ts";
import type { ConvertedSound } from "./converted_sound.ts";
import type { RoomStream, RoomStreams } from "./room_streams.ts";
import { LAYOUT } from "./wire.ts";

/**
 * Sample frames that a place may be off by: it is corrected by one a chunk then, as
 * a client corrects itself, within two seconds.
 */
const NEAR_FRAMES = LAYOUT.rate / 500;

/** A stream of a song. */
export interface SoundingSong extends RoomStream {
  readonly name: string;
  /** The sample frame of the song that is its first. */
  readonly fromFrame: number;
  readonly conversion: Conversion;
}

/** The stream of a conversion, from a sample frame of the song on. */
export function soundingSong(
  conversion: Conversion,
  fromFrame: number,
  numbers: Pick<RoomStream, "stream" | "follows">,
): SoundingSong {
  const { song } = conversion;
  return {
    ...numbers,
    name: song.song.entry.name,
    rate: song.format.rate,
    fromFrame,
    conversion,
    // A live song ends while it is played.
    get frames() {
      return Math.max(0, song.frames - fromFrame);
    },
  };
}

/** What follows the samples that were read last. */
interface Next {
  readonly sound: ConvertedSound;
  readonly frame: number;
}

export class RoomSound {
  readonly #streams: RoomStreams<SoundingSong>;
  readonly #failed: () => void;
  #next: Next | null = null;

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
    let next = this.#next;
    for (let filled = 0; filled < all;) {
      const us = atUs + filled / rate * 1e6;
      const now = this.#streams.at(us);
      const left = Math.round((now.untilUs - us) * rate / 1e6);
      let frames = Math.min(all - filled, Math.max(1, left));
      if (now.stream) {
        const end = (filled + frames) * channels;
        const into = samples.subarray(filled * channels, end);
        const { sound } = now.stream.conversion;
        const frame = this.#frameOf(now.stream, now.frame, next);
        const read = sound.read(into, frame);
        if (read === null) return null;
        frames = read;
        next = { sound, frame: frame + read };
        isSound = true;
      } else next = null;
      filled += frames;
    }
    // What is not there yet is read once more.
    this.#next = next;
    return isSound;
  }

  /** Has a stream converted from its beginning on. */
  prepare({ conversion, fromFrame, rate }: SoundingSong): void {
    const { firstFrame } = conversion.song;
    this.#want(conversion, (firstFrame + fromFrame) / rate * LAYOUT.rate);
  }

  /** Has what is read next converted. @param frame Of the converted sound. */
  #want({ sound }: Conversion, frame: number): void {
    sound.want(frame).then(() => {
      if (sound.songs.some(({ failure }) => failure)) this.#failed();
    });
  }

  /** The frame of the converted sound that is read for a frame of a stream. */
  #frameOf(
    { conversion, fromFrame, rate }: SoundingSong,
    frame: number,
    next: Next | null,
  ): number {
    const { sound, song } = conversion;
    const exact = (song.firstFrame + fromFrame + frame) * LAYOUT.rate / rate;
    const at = next?.sound === sound
      ? nearest(next.frame, exact)
      : Math.round(exact);
    this.#want(conversion, at);
    return at;
  }
}

/**
 * The frame to read, which is what follows unless that is off by two: rounding each
 * chunk by itself would skip or repeat.
 */
function nearest(next: number, exact: number): number {
  const off = exact - next;
  if (Math.abs(off) < 2) return next;
  return Math.abs(off) < NEAR_FRAMES
    ? next + Math.sign(off)
    : Math.round(exact);
}
