/**
 * One listener of the soak: a client session with a clock instead of a player.
 * It grants at the rate of CD audio and checks the data.
 *
 * @module
 */

import { ClientSession } from "../../lib/client/client_session.ts";
import { systemClock } from "../../lib/io/clock/clock.ts";
import type { Connector, Transport } from "../../lib/ports/common.ts";
import type { ToClient } from "../../lib/wire/messages.ts";
import { StreamCheck, type StreamCounts } from "./stream_check.ts";
import { hearStreams, type Play } from "../support/hear_streams.ts";

const WINDOW_BYTES = 1 << 20;

/** A client of the soak, from connection to end. */
export class Listener {
  readonly name: string;
  readonly session: ClientSession;
  /** The end of its pause. */
  pausedUntilMs = 0;
  readonly #transport: Transport;
  readonly #counts: StreamCounts;
  #stream: StreamCheck | null = null;
  #asking = false;
  readonly #play: Play;

  private constructor(
    name: string,
    session: ClientSession,
    transport: Transport,
    counts: StreamCounts,
  ) {
    this.name = name;
    this.session = session;
    this.#transport = transport;
    this.#counts = counts;
    this.#play = hearStreams(session, {
      start: (start) => this.#begin(start),
      data: (piece) => this.#take(piece),
      dataEnd: () => this.#complete(),
      end: (end) => this.#stream!.ended = end,
      stopped: () => this.#finish("stopped"),
      closed: () => this.#finish("lost"),
    });
  }

  /** Connects, and waits for the `welcome`. */
  static async open(
    connector: Connector,
    options: { name: string; receive: boolean; counts: StreamCounts },
  ): Promise<Listener> {
    const { name, receive, counts } = options;
    const transport = await connector.connect();
    const session = await ClientSession.open({
      place: connector.place,
      connect: () => Promise.resolve(transport),
    }, {
      clock: systemClock,
      identity: { name, receive, device: crypto.randomUUID() },
      windowBytes: WINDOW_BYTES,
    });
    const listener = new Listener(name, session, transport, counts);
    await session.welcome;
    return listener;
  }

  /** Whether it has neither a stream nor a pending request. */
  get idle(): boolean {
    return this.#stream === null && !this.#asking;
  }

  /** Requests a song; rejects if it is refused. */
  async play(
    song: string,
    from: { from?: number; offset?: number } = {},
  ): Promise<void> {
    this.#asking = true;
    try {
      await this.#play({ song, ...from });
    } finally {
      this.#asking = false;
    }
  }

  /** Requests the stop of its stream, if any. */
  async stop(): Promise<void> {
    const check = this.#stream;
    if (check === null || check.over) return;
    const { stream } = check.start;
    try {
      await this.session.request({ type: "stop", stream });
      if (this.#stream === check) this.#finish("stopped");
    } catch (error) {
      // Its end was already in flight.
      if ((error as { code?: string }).code !== "stale") throw error;
    }
  }

  /** Advances the playback by this time. */
  tick(seconds: number, nowMs: number): void {
    const check = this.#stream;
    if (check === null || nowMs < this.pausedUntilMs) return;
    const played = check.play(seconds);
    if (played === null && check.receivedBytes > 0) this.#counts.underruns++;
    if (played) this.session.used(played);
    if (check.over && check.waitingBytes === 0) this.#stream = null;
  }

  /** Leaves with a `bye`. */
  leave(): void {
    this.session.close();
  }

  /** Closes the connection without a `bye`. */
  cut(): void {
    this.#transport.close();
  }

  #begin(start: ToClient<"start">): void {
    this.#finish("replaced");
    this.#stream = new StreamCheck(start);
  }

  #take(piece: Uint8Array): void {
    const check = this.#stream;
    if (check === null || check.over || check.ended) {
      return this.#counts.fault(
        `${this.name}: ${piece.length} bytes of no stream`,
      );
    }
    check.receive(piece);
  }

  #complete(): void {
    const check = this.#stream;
    if (check === null || check.over) {
      return this.#counts.fault(`${this.name}: an empty frame of no stream`);
    }
    // The buffered rest is played first.
    this.#counts.finish(check, "complete");
    check.over = true;
  }

  /** Ends the current stream, if any, before its end. */
  #finish(how: "stopped" | "replaced" | "lost"): void {
    const check = this.#stream;
    this.#stream = null;
    if (check === null) return;
    if (!check.over) this.#counts.finish(check, how);
    check.over = true;
    if (how !== "lost") this.session.used(check.waitingBytes);
  }
}
