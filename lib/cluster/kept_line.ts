/**
 * The line of a device at another server, whose clock drifts against the one here:
 * says how the line is to be sent, and again when it is off.
 *
 * @module
 */

import type { StreamLine } from "../server/groups/receiver.ts";

/** A line that is off by less is not sent again. */
const LEAST_MOVE_US = 30;
/** Streams that are known: more than follow each other on a line. */
const MOST_STREAMS = 64;

/** A line in microseconds of the other server's clock, without `since`: from now on. */
export interface LineThere {
  stream: number;
  frame: number;
  at: number | null;
  since?: number;
}

interface Stream {
  readonly rateHz: number;
  /** Its sample frames; null: it is live. */
  readonly frames: number | null;
  readonly follows: number | undefined;
}

interface Sent {
  readonly line: StreamLine;
  /** By how much the other clock was ahead when it was to hold. */
  readonly aheadUs: number;
}

export class KeptLine {
  readonly #nowUs: () => number;
  readonly #thereUs: (hereUs: number) => number;
  /** Those that are not over, in the order of their numbers. */
  readonly #streams = new Map<number, Stream>();
  #current: Sent | null = null;
  #pending: Sent | null = null;

  /** @param thereUs A time of the clock here by the other one. */
  constructor(nowUs: () => number, thereUs: (hereUs: number) => number) {
    this.#nowUs = nowUs;
    this.#thereUs = thereUs;
  }

  started(stream: number, about: Stream): void {
    this.#streams.set(stream, about);
    const [oldest] = this.#streams.keys();
    if (this.#streams.size > MOST_STREAMS) this.#streams.delete(oldest);
  }

  /** A stream is thrown away, and all after it. */
  dropped(stream: number): void {
    for (const known of this.#streams.keys()) {
      if (known >= stream) this.#streams.delete(known);
    }
  }

  /** No line holds any more. */
  clear(): void {
    this.#current = this.#pending = null;
  }

  /** A new line, which replaces all before it. */
  send(line: StreamLine): LineThere {
    this.#settle();
    const sent = { line, aheadUs: this.#aheadUs(line) };
    const isDue = line.sinceUs <= this.#nowUs();
    if (isDue) this.#current = sent;
    this.#pending = isDue ? null : sent;
    return this.#there(sent);
  }

  /** What has to be sent again, in this order. */
  corrections(): LineThere[] {
    this.#settle();
    const all = [this.#current, this.#pending].filter((it) => it !== null);
    const isOff = all.some(({ line, aheadUs }) =>
      line.atUs !== null &&
      Math.abs(this.#aheadUs(line) - aheadUs) >= LEAST_MOVE_US
    );
    if (!isOff) return [];
    const again = (sent: Sent | null) =>
      sent && { line: sent.line, aheadUs: this.#aheadUs(sent.line) };
    this.#current = again(this.#current);
    this.#pending = again(this.#pending);
    return [this.#current, this.#pending].filter((it) => it !== null)
      .map((it) => this.#there(it));
  }

  #there({ line, aheadUs }: Sent): LineThere {
    const { stream, frame, atUs, sinceUs } = line;
    const isDue = sinceUs <= this.#nowUs();
    return {
      ...{ stream, frame, at: atUs === null ? null : atUs + aheadUs },
      ...(!isDue && { since: sinceUs + aheadUs }),
    };
  }

  #settle(): void {
    const nowUs = this.#nowUs();
    if (this.#pending && this.#pending.line.sinceUs <= nowUs) {
      this.#current = this.#pending;
      this.#pending = null;
    }
    if (this.#current) this.#current = this.#heard(this.#current, nowUs);
  }

  /** The same, as a line of the stream that sounds: the device forgets others. */
  #heard({ line, aheadUs }: Sent, nowUs: number): Sent {
    let { stream, frame, atUs } = line;
    while (atUs !== null) {
      const { rateHz, frames } = this.#streams.get(stream) ?? {};
      if (!rateHz || frames == null) break;
      const endsUs: number = atUs + (frames - frame) * 1e6 / rateHz;
      const next = this.#streams.entries()
        .find(([, { follows }]) => follows === stream)?.[0];
      if (endsUs > nowUs || next === undefined) break;
      this.#streams.delete(stream);
      [stream, frame, atUs] = [next, 0, endsUs];
    }
    return { line: { ...line, stream, frame, atUs }, aheadUs };
  }

  /** How far the other clock is ahead when a line holds, at the earliest now. */
  #aheadUs({ sinceUs }: StreamLine): number {
    const us = Math.max(this.#nowUs(), sinceUs);
    return this.#thereUs(us) - us;
  }
}
