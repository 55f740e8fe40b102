/**
 * Learns when a client has acted on what it was sent: it answers the ping behind
 * that only after it.
 *
 * @module
 */

/** Sends pings to the client. */
export interface PingChannel {
  send(ping: { type: "ping"; time: number }): void;
}

/**
 * The latest ping of a client that somebody waits for.
 *
 * @example
 * ```ts
 * import { Echo } from "./echo.ts";
 * import assert from "node:assert/strict";
 *
 * const sent: { time?: number }[] = [];
 * const echo = new Echo({ send: (ping) => sent.push(ping) }, () => 7_000_000);
 * let acted = false;
 * echo.behindAll(() => acted = true);
 * echo.answered(sent[0].time);
 * assert.equal(acted, true);
 * ```
 */
export class Echo {
  readonly #channel: PingChannel;
  readonly #nowUs: () => number;
  #latest: { readonly time: number; acted(): void } | null = null;
  #time = 0;

  /** @param nowUs The server's clock, which other pings tell, too. */
  constructor(channel: PingChannel, nowUs: () => number) {
    this.#channel = channel;
    this.#nowUs = nowUs;
  }

  /**
   * Calls `acted` once the client has acted on all that was sent so far, unless
   * this is called again before.
   */
  behindAll(acted: () => void): void {
    const time = this.#time = Math.max(this.#nowUs(), this.#time + 1);
    this.#latest = { time, acted };
    this.#channel.send({ type: "ping", time });
  }

  /** The client has answered the ping of a time; undefined: it does not tell. */
  answered(time?: number): void {
    const latest = this.#latest;
    if (latest === null || (time !== undefined && time < latest.time)) return;
    this.#latest = null;
    latest.acted();
  }
}
