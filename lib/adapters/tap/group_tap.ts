/**
 * What a group plays, as one endless live song that any number of listeners hear:
 * silence wherever the group is silent. It reads the songs by the group's time
 * line, and is no device of it, so that nothing in the group knows of it.
 *
 * @module
 */

import type { PcmFormat } from "../../audio/format.ts";
import type { OpenResampler } from "../../audio/resampler.ts";
import { toOndacastError } from "../../errors.ts";
import type { Clock } from "../../ports/common.ts";
import type { OpenSong } from "../../ports/server.ts";
import type { Group } from "../../server/groups/group.ts";
import { LiveSong } from "../../server/live/live_song.ts";
import { TapReader } from "./tap_reader.ts";

/** Of all that is heard there, so that one header serves every song. */
export const TAP_FORMAT: PcmFormat = {
  encoding: "s16le",
  rate: 48_000,
  channels: 2,
  bits: 16,
};
/** How often sound is taken. */
const TICK_MS = 50;
/** The most silence at once, after the machine slept. */
const MOST_SILENCE_MS = 1000;

/** What a tap needs of the server. */
export interface TapWorld {
  /**
   * The group by its present name.
   *
   * @throws {OndacastError} `not-found`, `ambiguous`, `not-receiving`.
   */
  find(): Group;
  readonly clock: Clock;
  readonly openResampler: OpenResampler;
}

/** Runs while anyone listens. */
export class GroupTap {
  readonly #name: string;
  readonly #world: TapWorld;
  #listeners = 0;
  #song: LiveSong | null = null;

  constructor(name: string, world: TapWorld) {
    this.#name = name;
    this.#world = world;
  }

  /**
   * A listener's handle.
   *
   * @throws {OndacastError} `not-found`, …, if the group is not there. One that
   * goes away later is silent.
   */
  open(): OpenSong {
    this.#world.find();
    const song = this.#song ?? this.#begin();
    this.#listeners++;
    let isOpen = true;
    return {
      ...song.open(),
      close: () => {
        if (isOpen) this.#listeners--;
        isOpen = false;
      },
    };
  }

  #begin(): LiveSong {
    const song = this.#song = new LiveSong(this.#name, TAP_FORMAT);
    this.#run(song).catch((error) => song.fail(toOndacastError(error)));
    return song;
  }

  async #run(song: LiveSong): Promise<void> {
    const { clock, openResampler } = this.#world;
    const reader = new TapReader(TAP_FORMAT, openResampler, clock);
    const sink = (pcm: Uint8Array) => void song.append(pcm, clock.now() * 1000);
    let heardAtMs = clock.now();
    try {
      do {
        await clock.sleep(TICK_MS);
        const nowMs = clock.now();
        const isSound = await reader.read(this.#group, nowMs * 1000, sink);
        const silentMs = Math.min(nowMs - heardAtMs, MOST_SILENCE_MS);
        if (!isSound) song.appendSilence(silentMs / 1000);
        heardAtMs = nowMs;
      } while (this.#listeners > 0);
    } finally {
      this.#song = null;
      reader.close();
    }
  }

  get #group(): Group | null {
    try {
      return this.#world.find();
    } catch {
      return null;
    }
  }
}
