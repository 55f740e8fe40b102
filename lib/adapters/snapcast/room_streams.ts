/**
 * What sounds when in one room: its streams in a row, on the line that holds.
 * Times are microseconds of the server's clock.
 *
 * @module
 */

/** A stream of sample frames of a song. */
export interface RoomStream {
  readonly stream: number;
  readonly rate: number;
  /** Sample frames of the stream; infinite if it is live. */
  readonly frames: number;
  /** The stream after whose last sample frame it sounds. */
  readonly follows?: number;
}

/** From `sinceUs` on, a sample frame of a stream sounds at `atUs`; null: silence. */
export interface RoomLine {
  readonly stream: number;
  readonly frame: number;
  readonly atUs: number | null;
  readonly sinceUs: number;
}

/** What sounds at a time. */
export interface Sounding<S extends RoomStream> {
  readonly stream: S;
  /** With a fraction. */
  readonly frame: number;
  /** When its first sample frame sounds, or would have sounded. */
  readonly startUs: number;
  /** When something else sounds, at the latest. */
  readonly untilUs: number;
}

/** Silence until something else sounds. */
export interface Silence {
  readonly stream: null;
  readonly untilUs: number;
}

/**
 * The streams of one room that are not over, and at most two lines: the one that
 * holds, and one that replaces it later.
 *
 * @example A stream after another
 * ```ts
 * import { RoomStreams } from "./room_streams.ts";
 * import assert from "node:assert/strict";
 *
 * const streams = new RoomStreams();
 * streams.add({ stream: 1, rate: 1000, frames: 500 });
 * streams.add({ stream: 2, rate: 1000, frames: 500, follows: 1 });
 * streams.setLine({ stream: 1, frame: 0, atUs: 1e6, sinceUs: 0 }, 0);
 * assert.equal(streams.at(0).untilUs, 1e6);
 * const { stream, frame } = streams.placeAt(1.6e6)!;
 * assert.deepEqual([stream.stream, frame], [2, 100]);
 * ```
 */
export class RoomStreams<S extends RoomStream = RoomStream> {
  #streams: S[] = [];
  #line: RoomLine | null = null;
  #next: RoomLine | null = null;

  get all(): readonly S[] {
    return this.#streams;
  }

  /** The latest line, which may hold only later. */
  get line(): RoomLine | null {
    return this.#next ?? this.#line;
  }

  /**
   * Adds one that sounds by its line, or after the one that it follows, which must
   * be the last.
   */
  add(stream: S): void {
    this.#streams.push(stream);
  }

  /** Obeys a line in place of every earlier one, from its `sinceUs` on. */
  setLine(line: RoomLine, nowUs: number): void {
    if (this.#next && this.#next.sinceUs <= nowUs) this.#line = this.#next;
    this.#next = line;
  }

  /** Everything sounds later by this, because a live song's sender is slower. */
  shift(us: number): void {
    const shifted = (line: RoomLine | null) =>
      line && line.atUs !== null ? { ...line, atUs: line.atUs + us } : line;
    this.#line = shifted(this.#line);
    this.#next = shifted(this.#next);
  }

  /** @returns The streams that are thrown away: this one, and those after it. */
  drop(stream: number): S[] {
    return this.#keep((it) => it.stream < stream);
  }

  /** @returns Likewise, without the stream itself. */
  dropAfter(stream: number): S[] {
    return this.#keep((it) => it.stream <= stream);
  }

  /** @returns The streams that are over once this time is reached. */
  prune(us: number): S[] {
    const line = this.#lineAt(us);
    if (line === null || (line === this.#line && this.#next)) return [];
    const { stream: sounding, ...place } = this.at(us);
    if (sounding && "startUs" in place && sounding.stream !== line.stream) {
      const { stream } = sounding;
      this.#next = { ...line, stream, frame: 0, atUs: place.startUs };
    }
    const first = sounding?.stream ?? line.stream;
    return this.#keep((it) => it.stream >= first);
  }

  /** Whether everything was heard by then. */
  isOver(us: number): boolean {
    const line = this.#lineAt(us);
    if (line === null || line !== this.#next || line.atUs === null) {
      return false;
    }
    return us >= line.atUs && this.at(us).stream === null &&
      this.#streams.length > 0;
  }

  /**
   * Where the line is: also before the first stream, at a negative frame, behind
   * the last one, and where it stands still. Null: there is no line.
   */
  placeAt(
    us: number,
  ): { stream: S; frame: number; isPlaying: boolean } | null {
    const line = this.#lineAt(us);
    const stream = line && this.#find(line.stream);
    if (!line || !stream) return null;
    const { frame, atUs } = line;
    if (atUs === null) return { stream, frame, isPlaying: false };
    const now = this.at(us);
    if ("frame" in now) {
      return { stream: now.stream, frame: now.frame, isPlaying: true };
    }
    if (us < atUs) return { stream, frame: -1, isPlaying: false };
    const last = this.#streams.at(-1)!;
    return { stream: last, frame: last.frames, isPlaying: false };
  }

  /** What sounds. */
  at(us: number): Sounding<S> | Silence {
    const line = this.#lineAt(us);
    const endUs = line === this.#next ? Infinity : this.#next?.sinceUs;
    const untilUs = endUs ?? Infinity;
    const silence: Silence = { stream: null, untilUs };
    if (line === null || line.atUs === null) return silence;
    let stream = this.#find(line.stream);
    let startUs = line.atUs - (line.frame / (stream?.rate ?? 1)) * 1e6;
    while (stream && us < startUs) {
      const before = this.#find(stream.follows);
      if (!before) {
        return { stream: null, untilUs: Math.min(startUs, untilUs) };
      }
      stream = before;
      startUs -= lengthUs(before);
    }
    while (stream && us >= startUs + lengthUs(stream)) {
      startUs += lengthUs(stream);
      const { stream: number } = stream;
      stream = this.#streams.find((it) => it.follows === number);
    }
    if (!stream) return silence;
    return {
      stream,
      frame: (us - startUs) / 1e6 * stream.rate,
      startUs,
      untilUs: Math.min(startUs + lengthUs(stream), untilUs),
    };
  }

  #lineAt(us: number): RoomLine | null {
    const next = this.#next;
    return next && next.sinceUs <= us ? next : this.#line;
  }

  #find(stream: number | undefined): S | undefined {
    return this.#streams.find((it) => it.stream === stream);
  }

  #keep(isKept: (stream: S) => boolean): S[] {
    const gone = this.#streams.filter((it) => !isKept(it));
    if (gone.length > 0) this.#streams = this.#streams.filter(isKept);
    return gone;
  }
}

function lengthUs({ frames, rate }: RoomStream): number {
  return frames / rate * 1e6;
}
