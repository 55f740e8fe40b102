/**
 * The crowd of the soak: a constant number of listeners that play one song
 * after another, seek, pause, stop, leave, and disconnect. One timer drives
 * them all.
 *
 * @module
 */

import { TcpConnector } from "../../lib/io/net/tcp.ts";
import { CD_RATE, type SoakSongs } from "./songs.ts";
import { Listener } from "./listener.ts";
import type { StreamCounts } from "./stream_check.ts";
import { WebSocketConnector } from "./web_socket_connector.ts";

const TICK_MS = 250;
/** The maximum of new connections in one tick. */
const JOIN_AT_ONCE = 25;
/** The mean time between a listener's random actions. */
const ACT_SECONDS = 60;
/** One listener of this number connects over a WebSocket. */
const WEB_SOCKET_EVERY = 25;
/** Codes of expected refusals, since songs are replaced and removed. */
const EXPECTED = new Set(["changed", "not-found", "lost", "interrupted"]);

/** The server and the songs of a crowd. */
export interface CrowdOptions {
  ports: { session: number; http: number };
  songs: SoakSongs;
  /** Names of songs that may be missing. */
  uploads: readonly string[];
  counts: StreamCounts;
  random: () => number;
  listeners: number;
}

/** Listeners that connect and disconnect. */
export class Crowd {
  readonly listeners: Set<Listener> = new Set();
  /** Counts of the listeners' actions, by name. */
  readonly acts: Record<string, number> = {};
  readonly #options: CrowdOptions;
  readonly #tcp: TcpConnector;
  readonly #webSocket: WebSocketConnector;
  #joining = 0;
  #joined = 0;
  #tickedAtMs = performance.now();
  #timer: ReturnType<typeof setInterval>;

  constructor(options: CrowdOptions) {
    this.#options = options;
    this.#tcp = new TcpConnector("127.0.0.1", options.ports.session);
    this.#webSocket = new WebSocketConnector(options.ports.http);
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  /** Names of receivers, some of which have left. */
  receivers(count: number): string[] {
    const names = [...this.listeners].map(({ name }) => name)
      .filter((name) => name.startsWith("receiver"));
    return names.length === 0
      ? []
      : Array.from({ length: count }, () => this.#one(names));
  }

  /** Disconnects all of them. */
  end(): void {
    clearInterval(this.#timer);
    for (const listener of this.listeners) listener.leave();
    this.listeners.clear();
  }

  #tick(): void {
    const nowMs = performance.now();
    const seconds = (nowMs - this.#tickedAtMs) / 1000;
    this.#tickedAtMs = nowMs;
    for (const listener of this.listeners) {
      if (listener.session.failure) {
        this.listeners.delete(listener);
        continue;
      }
      listener.tick(seconds, nowMs);
      if (listener.idle) this.#run(this.#playNext(listener));
      else if (this.#options.random() < seconds / ACT_SECONDS) {
        this.#run(this.#act(listener));
      }
    }
    const missing = this.#options.listeners - this.listeners.size -
      this.#joining;
    for (let i = 0; i < Math.min(missing, JOIN_AT_ONCE); i++) {
      this.#run(this.#join());
    }
  }

  async #join(): Promise<void> {
    this.#joining++;
    try {
      const number = this.#joined++;
      const receive = this.#options.random() < 0.3;
      const connector = number % WEB_SOCKET_EVERY === 0
        ? this.#webSocket
        : this.#tcp;
      this.listeners.add(
        await Listener.open(connector, {
          name: `${receive ? "receiver" : "listener"} ${number}`,
          receive,
          counts: this.#options.counts,
        }),
      );
    } finally {
      this.#joining--;
    }
  }

  async #playNext(listener: Listener): Promise<void> {
    const { random, songs, uploads } = this.#options;
    const song = random() < 0.2
      ? this.#one(uploads)
      : this.#one(songs.songs).name;
    const chance = random();
    await listener.play(
      song,
      chance < 0.6
        ? {}
        : chance < 0.8
        ? { from: random() * 30 }
        : { offset: Math.floor(random() * 30 * CD_RATE) },
    );
  }

  async #act(listener: Listener): Promise<void> {
    const acts: Record<string, () => Promise<void> | void> = {
      seek: () => this.#playNext(listener),
      pause: () => {
        listener.pausedUntilMs = performance.now() +
          this.#options.random() * 20_000;
      },
      stop: () => listener.stop(),
      leave: () => listener.leave(),
      cut: () => listener.cut(),
    };
    const name = this.#one(Object.keys(acts));
    this.acts[name] = (this.acts[name] ?? 0) + 1;
    await acts[name]();
  }

  /** Records the unexpected errors of work in the background as faults. */
  #run(work: Promise<void>): void {
    work.catch((error) => {
      if (!EXPECTED.has(error.code)) {
        this.#options.counts.fault(`a listener: ${error}`);
      }
    });
  }

  #one<T>(of: readonly T[]): T {
    return of[Math.floor(this.#options.random() * of.length)];
  }
}
