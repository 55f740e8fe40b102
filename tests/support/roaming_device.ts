/**
 * A device that receives at its server, or at another one while that is dead, as fast
 * as music is played, and compares every byte.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type {
  ClientSession,
  SessionStream,
} from "../../lib/client/client_session.ts";
import { systemClock } from "../../lib/io/clock/clock.ts";
import { TcpConnector } from "../../lib/io/net/tcp.ts";
import { deviceKey } from "../../lib/model/presence.ts";
import { openSession } from "./sessions.ts";

const AGAIN_MS = 250;
/** Between two steps of what it plays. */
const STEP_MS = 200;
/** Of a CD. */
const BYTES_A_SECOND = 176_400;
/** Steps between two reports. */
const REPORT_STEPS = 5;

/** A server, and where it is reached. */
export interface Place {
  readonly name: string;
  readonly isRunning: boolean;
  readonly program: { readonly home: string; readonly port: number };
}

/** A stream that is not over. */
interface Playing {
  readonly stream: SessionStream;
  /** Bytes that have come, and were played. */
  received: number;
  played: number;
  isComplete: boolean;
}

export interface RoamingDeviceOptions<P extends Place> {
  name: string;
  home: P;
  nodes: readonly P[];
  /** The files of all songs. */
  songs: ReadonlyMap<string, Uint8Array>;
  fault(text: string): void;
  /** Notified of its connections and streams. */
  note?(text: string): void;
}

export class RoamingDevice<P extends Place = Place> implements Disposable {
  readonly name: string;
  readonly key: string;
  readonly home: P;
  /** Where it is connected. */
  at: P | null = null;
  /** The number of connections so far. */
  epoch = 0;
  heardBytes = 0;
  readonly #options: RoamingDeviceOptions<P>;
  readonly #device = crypto.randomUUID();
  readonly #closing = new AbortController();
  #session: ClientSession | null = null;
  #row: Playing[] = [];

  constructor(options: RoamingDeviceOptions<P>) {
    this.#options = options;
    this.name = options.name;
    this.home = options.home;
    this.key = deviceKey(this.#device);
    this.#stay();
  }

  /** Leaves the server that it went to while its own was away. */
  goHome(): void {
    if (this.at !== this.home) this.#session?.close();
  }

  [Symbol.dispose](): void {
    this.#closing.abort();
    this.#session?.close();
  }

  async #stay(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const { home, nodes } = this.#options;
      const node = [home, ...nodes].find((it) => it.isRunning);
      if (node) await this.#receive(node).catch(() => {});
      await systemClock.sleep(AGAIN_MS, signal);
    }
  }

  async #receive(node: P): Promise<void> {
    const { home, port } = node.program;
    const { note } = this.#options;
    const session = await openSession(port, {
      ...{ name: this.name, receive: true, device: this.#device },
    }, new TcpConnector(home, port));
    this.#row = [];
    session.listen({
      cast: (stream) => this.#begin(stream),
      closed: ({ message }) => {
        this.at = this.#session = null;
        note?.(`has lost ${node.name}: ${message}`);
      },
    });
    if (session.failure) return;
    this.#session = session;
    this.at = node;
    this.epoch++;
    note?.(`is at ${node.name}`);
    for (let step = 0; !session.over.aborted; step++) {
      await systemClock.sleep(STEP_MS, session.over);
      this.#play(BYTES_A_SECOND * STEP_MS / 1_000);
      if (step % REPORT_STEPS === 0) this.#report(session);
    }
  }

  #begin(stream: SessionStream): void {
    const { start } = stream;
    const { songs, fault, note } = this.#options;
    note?.(`is sent ${start.stream}, ${start.song} from ${start.from} s`);
    const name = start.song.slice(start.song.indexOf(":") + 1);
    const file = songs.get(name);
    if (!file) return fault(`${this.name} is sent ${start.song}`);
    const playing: Playing = {
      ...{ stream, received: 0, played: 0, isComplete: false },
    };
    this.#row.push(playing);
    const over = () => {
      note?.(`plays ${start.stream} no more`);
      this.#discard(playing);
    };
    stream.listener = {
      data: (piece) => {
        const at = start.offset + playing.received;
        const wanted = file.subarray(at, at + piece.length);
        if (Buffer.compare(piece, wanted) !== 0) {
          fault(`${this.name} hears wrong bytes of ${start.song} at ${at}`);
        }
        playing.received += piece.length;
        this.heardBytes += piece.length;
      },
      end: () => {
        playing.isComplete = true;
        if (playing.received === start.bytes) return;
        fault(`${this.name} hears ${playing.received} of ${start.bytes} bytes`);
      },
      ...{ stopped: over, displaced: over },
    };
  }

  #discard(playing: Playing): void {
    this.#row = this.#row.filter((it) => it !== playing);
    playing.stream.used(playing.received - playing.played);
    playing.stream.drop();
  }

  #play(bytes: number): void {
    for (let left = bytes; left > 0 && this.#row.length > 0;) {
      const [first] = this.#row;
      const part = Math.min(left, first.received - first.played);
      if (part === 0 && !first.isComplete) return;
      if (part === 0) this.#discard(first);
      first.played += part;
      if (part > 0) first.stream.used(part);
      left -= part;
    }
  }

  #report(session: ClientSession): void {
    const [first] = this.#row;
    if (!first) return;
    const { stream, from } = first.stream.start;
    session.send({
      ...{ type: "state", stream, playing: true, volume: 100, underruns: 0 },
      position: from + first.played / BYTES_A_SECOND,
    });
  }
}
