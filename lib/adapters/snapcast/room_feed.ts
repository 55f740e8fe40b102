/**
 * Feeds the player of one room: a chunk of sound each 20 ms, some time before it
 * is heard, and silence that opens the player and keeps it open.
 *
 * @module
 */

import type { RoomSound } from "./room_sound.ts";
import { LAYOUT } from "./wire.ts";

/** Sound is sent this long before it is heard. */
const AHEAD_US = 400_000;
/** Time for a command to reach the client. */
const MARGIN_US = 50_000;
/** Time for its player to open and to find its place, which it loses in between. */
const OPENING_US = 500_000;
/** Below this time before it is heard, sound that is not there is left out. */
const LATE_US = 100_000;
/** A chunk: 20 ms. */
const CHUNK_FRAMES = 960;
const CHUNK_US = CHUNK_FRAMES / LAYOUT.rate * 1e6;
/** The player is kept open by silence for this long. */
const WARM_US = 60_000_000;

/** What a feed needs of its room. */
export interface Fed {
  readonly sound: RoomSound;
  /** How much earlier than others it is fed, in microseconds; may be negative. */
  delayUs(): number;
  /** Sends a chunk whose first sample frame is heard at a time. */
  send(pcm: Uint8Array, atUs: number): void;
}

export class RoomFeed {
  readonly #fed: Fed;
  /** The time of the next chunk. */
  #dueUs = 0;
  #soundedUs = -Infinity;
  /** When the player has found its place. */
  #openUs = -Infinity;
  #underruns = 0;

  constructor(fed: Fed) {
    this.#fed = fed;
  }

  /** Chunks whose sound was not there in time. */
  get underruns(): number {
    return this.#underruns;
  }

  /** Whether the player is open, or opens. */
  isWarm(nowUs: number): boolean {
    return nowUs - this.#soundedUs < WARM_US;
  }

  /** Has silence open the player, for what will sound. */
  warm(nowUs: number): void {
    if (!this.isWarm(nowUs)) {
      this.#openUs = nowUs + this.#leadUs + OPENING_US;
    }
    this.#soundedUs = Math.max(this.#soundedUs, nowUs);
  }

  /** How long before it sounds PCM must be there. */
  leadUs(nowUs: number): number {
    return this.#leadUs + this.openingUs(nowUs);
  }

  /** How much of it is because the player has yet to be open. */
  openingUs(nowUs: number): number {
    if (!this.isWarm(nowUs)) return OPENING_US;
    return Math.max(0, this.#openUs - nowUs - this.#leadUs);
  }

  /** When something else can be heard. */
  earliestUs(nowUs: number): number {
    return Math.max(nowUs + this.leadUs(nowUs), this.#dueUs);
  }

  /** Sends what is due. */
  pump(nowUs: number): void {
    const nextUs = nowUs + this.#aheadUs;
    this.#dueUs = Math.max(this.#dueUs, nextUs - AHEAD_US);
    const lateUs = nextUs - AHEAD_US + LATE_US;
    while (this.#dueUs < nextUs) {
      if (!this.#send(this.#dueUs, this.#dueUs < lateUs)) break;
      this.#dueUs += CHUNK_US;
    }
  }

  get #aheadUs(): number {
    return AHEAD_US + Math.max(0, this.#fed.delayUs());
  }

  /** With an open player. */
  get #leadUs(): number {
    return this.#aheadUs + MARGIN_US;
  }

  /** @returns Whether it was sent, or left out; else its sound is not there yet. */
  #send(atUs: number, isLate: boolean): boolean {
    const samples = new Int16Array(CHUNK_FRAMES * LAYOUT.channels);
    const isSound = this.#fed.sound.fill(samples, atUs);
    if (isSound === null && !isLate) return false;
    if (isSound === null) this.#underruns++;
    if (isSound) this.#soundedUs = atUs;
    if (atUs - this.#soundedUs > WARM_US) return true;
    this.#fed.send(new Uint8Array(samples.buffer), atUs - this.#fed.delayUs());
    return true;
  }
}
