/**
 * The line of a live song for a client that plays it alone: when its sample frames
 * sound, by the server's clock, whenever the sender's rate has moved that.
 *
 * @module
 */

import type { LiveFeed } from "../ports/server.ts";
import type { Channel } from "../wire/channel.ts";

/** What has come sounds this much later: enough for any player. */
const BEHIND_US = 500_000;
/** A line that is off by less stays. */
const LEAST_MOVE_US = 50;
/** The least time from one line to the next: the first estimates are rough. */
const PAUSE_US = 500_000;

export class LoneLine {
  readonly #channel: Channel;
  readonly #stream: number;
  readonly #nowUs: () => number;
  /** When sample frame 0 of the song sounds, by the latest line. */
  #startsUs: number | null = null;
  #sentAtUs = -Infinity;
  #skippedFrames = 0;

  /** @param nowUs The server's clock. */
  constructor(channel: Channel, stream: number, nowUs: () => number) {
    this.#channel = channel;
    this.#stream = stream;
    this.#nowUs = nowUs;
  }

  /**
   * Sends a line if another one is due.
   *
   * @param frame Counts from the first PCM of the stream.
   * @param songFrame The same frame, from the beginning of the song; it may be ahead by
   * more than before, after a skip.
   */
  note(
    live: LiveFeed,
    rateHz: number,
    { frame, songFrame }: { frame: number; songFrame: number },
  ): void {
    const nowUs = this.#nowUs();
    const cameUs = live.lateUs(nowUs);
    if (cameUs === null) return;
    const isSkip = songFrame - frame !== this.#skippedFrames;
    const startsUs = cameUs + BEHIND_US;
    const movedUs = Math.abs(startsUs - (this.#startsUs ?? -Infinity));
    const isMove = movedUs >= LEAST_MOVE_US &&
      nowUs - this.#sentAtUs >= PAUSE_US;
    if (!isSkip && !isMove) return;
    this.#skippedFrames = songFrame - frame;
    this.#startsUs = startsUs;
    this.#sentAtUs = nowUs;
    const at = Math.round(startsUs + songFrame * 1e6 / rateHz);
    this.#channel.send({ type: "line", stream: this.#stream, frame, at });
  }
}
