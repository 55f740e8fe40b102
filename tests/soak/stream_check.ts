/**
 * Checks one stream: that what came is the song from the place announced, by
 * its SHA-256, and that it ended in exactly one way.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { ToClient } from "../../lib/wire/messages.ts";
import { CD_RATE, hashOf, type SoakSong, type SoakSongs } from "./songs.ts";

/** How a stream came to its end. */
export type StreamEnd = "complete" | "stopped" | "replaced" | "lost";

/** A stream while it comes. */
export class StreamCheck {
  readonly start: ToClient<"start">;
  receivedBytes = 0;
  /** Bytes whose time has come and that were there. */
  playedBytes = 0;
  /** The server has said `end`. */
  ended: ToClient<"end"> | null = null;
  /** It is over: nothing more may come. */
  over = false;
  readonly #hash = createHash("sha256");

  constructor(start: ToClient<"start">) {
    this.start = start;
  }

  take(piece: Uint8Array): void {
    this.#hash.update(piece);
    this.receivedBytes += piece.length;
  }

  /** Bytes that are there and not played. */
  get waitingBytes(): number {
    return this.receivedBytes - this.playedBytes;
  }

  /**
   * Lets so much time pass. @returns Bytes that were played; null: nothing was
   * there, though there should have been.
   */
  play(seconds: number): number | null {
    const due = Math.round(seconds * CD_RATE);
    const played = Math.min(due, this.waitingBytes);
    this.playedBytes += played;
    return played === 0 && due > 0 && !this.over ? null : played;
  }

  /** What is wrong with it, now that it is over; null: nothing. */
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
    const told = this.ended?.sha256;
    if (told !== undefined && told !== song.sha256) {
      return `${what}: the server says its hash is ${told}`;
    }
    const expected = hashOf(song, from, from + receivedBytes);
    if (this.#hash.digest("hex") !== expected) {
      return `${what}: the ${receivedBytes} bytes that came are not the song's`;
    }
    return null;
  }
}

/** What is counted over all streams of a run. */
export class StreamCounts {
  readonly ended: Record<StreamEnd, number> = {
    complete: 0,
    stopped: 0,
    replaced: 0,
    lost: 0,
  };
  checkedBytes = 0;
  underruns = 0;
  /** What went wrong, in words; the first ones. */
  readonly wrong: string[] = [];
  wrongCount = 0;
  readonly #songs: SoakSongs;
  /** Streams of contents that the server has not told of yet. */
  readonly #late: { check: StreamCheck; how: StreamEnd }[] = [];

  constructor(songs: SoakSongs) {
    this.#songs = songs;
  }

  get streams(): number {
    return Object.values(this.ended).reduce((sum, count) => sum + count, 0);
  }

  /** A stream is over. */
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

  /** Looks again at the streams whose content was not known when they ended. */
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
