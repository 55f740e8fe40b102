/**
 * Checks one stream: its data is the song from the announced offset, by
 * SHA-256, and it ended in exactly one way.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { ToClient } from "../../lib/wire/messages.ts";
import { CD_RATE, hashOf, type SoakSong, type SoakSongs } from "./songs.ts";

/** The way in which a stream ended. */
export type StreamEnd = "complete" | "stopped" | "replaced" | "lost";

/** A stream in progress. */
export class StreamCheck {
  readonly start: ToClient<"start">;
  receivedBytes = 0;
  /** Bytes that were due and received. */
  playedBytes = 0;
  /** The server has said `end`. */
  ended: ToClient<"end"> | null = null;
  /** It is over, and no more data may arrive. */
  over = false;
  readonly #hash = createHash("sha256");

  constructor(start: ToClient<"start">) {
    this.start = start;
  }

  receive(piece: Uint8Array): void {
    this.#hash.update(piece);
    this.receivedBytes += piece.length;
  }

  /** Bytes that are received but not played. */
  get waitingBytes(): number {
    return this.receivedBytes - this.playedBytes;
  }

  /**
   * Plays for this time. @returns The bytes played; null: none was received in
   * time.
   */
  play(seconds: number): number | null {
    const due = Math.round(seconds * CD_RATE);
    const played = Math.min(due, this.waitingBytes);
    this.playedBytes += played;
    return played === 0 && due > 0 && !this.over ? null : played;
  }

  /** Ends the stream. @returns Its fault, or null. */
  finish(how: StreamEnd, song: SoakSong): string | null {
    this.over = true;
    const { start, receivedBytes } = this;
    const from = start.offset;
    const what = `stream ${start.stream} of ${start.song} from ${from}`;
    if (how === "complete" && receivedBytes !== start.bytes) {
      return `${what}: ${receivedBytes} bytes came, expected ${start.bytes}`;
    }
    if (how === "complete" && this.ended === null) {
      return `${what}: complete without an end`;
    }
    const sha256 = this.ended?.sha256;
    if (sha256 !== undefined && sha256 !== song.sha256) {
      return `${what}: the server says its hash is ${sha256}`;
    }
    const expected = hashOf(song, from, from + receivedBytes);
    if (this.#hash.digest("hex") !== expected) {
      return `${what}: the ${receivedBytes} bytes that came are not the song's`;
    }
    return null;
  }
}

/** Counts over all streams of a run. */
export class StreamCounts {
  readonly ended: Record<StreamEnd, number> = {
    complete: 0,
    stopped: 0,
    replaced: 0,
    lost: 0,
  };
  checkedBytes = 0;
  underruns = 0;
  /** The first faults. */
  readonly wrong: string[] = [];
  wrongCount = 0;
  readonly #songs: SoakSongs;
  /** Ended streams whose content is not known yet. */
  readonly #late: { check: StreamCheck; how: StreamEnd }[] = [];

  constructor(songs: SoakSongs) {
    this.#songs = songs;
  }

  get streams(): number {
    return Object.values(this.ended).reduce((sum, count) => sum + count, 0);
  }

  /** Counts and checks a stream that is over. */
  finish(check: StreamCheck, how: StreamEnd): void {
    const song = this.#songs.of(check.start.etag!);
    if (song === undefined) {
      this.#late.push({ check, how });
      return;
    }
    this.ended[how]++;
    this.checkedBytes += check.receivedBytes;
    const wrong = check.finish(how, song);
    if (wrong !== null) this.fault(wrong);
  }

  /** Checks the streams whose content was not known when they ended. */
  finishLate(): void {
    for (const { check, how } of this.#late.splice(0)) this.finish(check, how);
  }

  /** Streams that could not be checked. */
  get unchecked(): number {
    return this.#late.length;
  }

  fault(words: string): void {
    this.wrongCount++;
    if (this.wrong.length < 20) this.wrong.push(words);
  }
}
