/**
 * What a device in step is to sound, in chunks: begun at the line's place, kept
 * there by resampling, and ended without a click.
 *
 * @module
 */

import type { PcmFormat } from "../audio/format.ts";
import type { OpenResampler } from "../audio/resampler.ts";
import { OndacastError } from "../errors.ts";
import type { Position } from "../model/course.ts";
import type { MemberLine, TimeBy } from "../model/member_line.ts";
import type { LentPcm } from "./lent_pcm.ts";
import type { ServerClockRun } from "./server_clock.ts";
import { StepControl } from "./step_control.ts";
import { StepFeed } from "./step_feed.ts";
import type { StepSong, StepSongs } from "./step_songs.ts";

/** PCM that must be there before a stream is begun. */
const BEGIN_SECONDS = 0.05;
/** How long a sound fades in or out where it does not begin or end by itself. */
const FADE_SECONDS = 0.002;
/** Songs whose resamplers are opened ahead: the one that sounds, and the next. */
const PREPARED = 2;

/** A chunk to be made. */
export interface Chunk {
  frames: number;
  /** When its first sample frame sounds. */
  time: TimeBy<ServerClockRun>;
  /**
   * How much faster the device is to be fed, by its clocks; null: not measured;
   * undefined: it is not to be corrected.
   */
  drift: number | null | undefined;
}

/** The voice of one player. */
export class StepVoice {
  readonly #line: MemberLine<ServerClockRun>;
  readonly #songs: StepSongs;
  readonly #layout: PcmFormat;
  readonly #feed: StepFeed;
  readonly #control: StepControl;
  readonly #sounds: (take: number) => void;
  #fadesIn = false;
  /** The take whose PCM goes on from what a lone device has written of it. */
  #adopted: number | null;

  /**
   * @param layout Of the player.
   * @param control Kept from player to player.
   * @param sounds Called when a sample frame of another take goes out.
   */
  constructor(
    { line, songs, layout, openResampler, control, adopted, sounds }: {
      line: MemberLine<ServerClockRun>;
      songs: StepSongs;
      layout: PcmFormat;
      openResampler: OpenResampler;
      control: StepControl;
      adopted: number | null;
      sounds(take: number): void;
    },
  ) {
    this.#line = line;
    this.#songs = songs;
    this.#layout = layout;
    this.#feed = new StepFeed(openResampler, layout);
    this.#control = control;
    this.#adopted = adopted;
    this.#sounds = sounds;
  }

  /** Opens what is needed ahead of time; a song of another rate fails. */
  async prepare(): Promise<void> {
    for (const [take, song] of this.#songs.entries().slice(0, PREPARED)) {
      try {
        await this.#feed.prepare(song.pcm.format.rate);
      } catch (cause) {
        this.#songs.remove(take);
        song.playback.fail(unsupported(song, cause));
      }
    }
  }

  /** Forgets what sounds. */
  stop(): void {
    this.#feed.stop();
  }

  /** The samples of a chunk, interleaved; null: silence. */
  async samples(chunk: Chunk): Promise<Float32Array | null> {
    const { time, frames, drift } = chunk;
    const feed = this.#feed;
    const place = this.#line.placeAt(time);
    if (place?.kind !== "playing") return await this.#fadeOut(frames);
    if (feed.next === null && !await this.#begin(place)) return null;
    const { take, frame } = feed.next!;
    const lateUs = this.#line.behindUs(take, frame, time);
    if (lateUs === null) return await this.#fadeOut(frames);
    if (drift !== undefined) {
      const seconds = frames / this.#layout.rate;
      const correction = this.#control.correct(lateUs, seconds, drift);
      if (correction.is === "jump") return await this.#fadeOut(frames);
      feed.ratio = correction.ratio;
    }
    return await this.#continue(take, frames);
  }

  async #continue(take: number, frames: number): Promise<Float32Array> {
    const feed = this.#feed;
    const { channels } = this.#layout;
    const made = await feed.take(frames, (it) => this.#follower(it));
    if (feed.next && feed.next.frame >= 0) this.#sounds(feed.next.take);
    if (this.#fadesIn) fade(made, channels, this.#fadeFrames, 0, 1);
    this.#fadesIn = false;
    if (made.length === frames * channels) return made;
    const isMissed = feed.next !== null;
    if (isMissed) this.#songs.get(take)?.pcm.missed();
    feed.stop();
    if (isMissed) fade(made, channels, made.length / channels, 1, 0);
    const padded = new Float32Array(frames * channels);
    padded.set(made);
    return padded;
  }

  /** Begins at the line's place, or where a lone device has written to. */
  async #begin({ take, frame }: Position): Promise<boolean> {
    const pcm = this.#songs.get(take.id)?.pcm;
    if (!pcm) return false;
    const isAdopted = this.#adopted === take.id;
    this.#adopted = null;
    if (!isAdopted && !pcm.moveTo(Math.round(frame))) return false;
    const least = pcm.isComplete ? 1 : pcm.format.rate * BEGIN_SECONDS;
    if (pcm.frames < least) return false;
    this.#sounds(take.id);
    await this.#feed.begin(pcm);
    this.#control.begin();
    this.#fadesIn = !isAdopted && frame > 0;
    return true;
  }

  /** Ends what sounds without a click. */
  async #fadeOut(frames: number): Promise<Float32Array | null> {
    if (this.#feed.next === null) return null;
    const { channels } = this.#layout;
    const most = Math.min(frames, this.#fadeFrames);
    const tail = await this.#feed.take(most, () => null);
    this.#feed.stop();
    fade(tail, channels, tail.length / channels, 1, 0);
    const samples = new Float32Array(frames * channels);
    samples.set(tail);
    return samples;
  }

  #follower(take: number): LentPcm | null {
    return this.#songs.get(this.#line.followerOf(take))?.pcm ?? null;
  }

  get #fadeFrames(): number {
    return Math.round(this.#layout.rate * FADE_SECONDS);
  }
}

function unsupported({ stream, pcm }: StepSong, cause: unknown): OndacastError {
  return new OndacastError(
    "unsupported",
    `Cannot play ${stream.start.song} in step: its sample rate is ${pcm.format.rate} Hz`,
    { cause },
  );
}

/** Fades the first sample frames, in place. */
function fade(
  samples: Float32Array,
  channels: number,
  frames: number,
  from: number,
  to: number,
): void {
  const most = Math.min(frames, samples.length / channels);
  for (let i = 0; i < most * channels; i++) {
    samples[i] *= from + (to - from) * Math.floor(i / channels) / frames;
  }
}
