/**
 * A client in memory: its link to the real server in memory, and a player that
 * records its input.
 *
 * @module
 */

import { Link } from "../../lib/client/link.ts";
import type { Playback, PlaybackSummary } from "../../lib/client/playback.ts";
import { Output } from "../../lib/client/output.ts";
import { songPlayback } from "../../lib/client/song_playback.ts";
import type { Connector } from "../../lib/ports/common.ts";
import type { FakeClock } from "./fake_clock.ts";
import { MemoryServer } from "./memory_server.ts";
import type { Feature } from "../../lib/wire/features.ts";
import { type PairOptions, transportPair } from "./memory_transport.ts";
import { RawPeer } from "./raw_peer.ts";
import { Recorder } from "./recording_sink.ts";

/** The identity of the client. */
export const IDENTITY = {
  name: "kitchen",
  device: "00000000-0000-4000-8000-000000000001",
};

/** The options of a client. */
export interface MemoryClientOptions {
  /** Whether its player plays in real time. */
  realTime?: boolean;
  windowBytes?: number;
  /** What its hello names; by default all that it knows. */
  features?: readonly Feature[];
  /** The faults of each connection; see `MemoryServer.connector`. */
  attempt?: (number: number) => PairOptions | Error;
}

/** A client of a server in memory. */
export class MemoryClient {
  readonly server = new MemoryServer();
  readonly clock: FakeClock = this.server.clock;
  readonly recorder: Recorder;
  readonly output: Output;
  readonly link: Link;
  readonly #end = new AbortController();

  constructor(options: MemoryClientOptions = {}) {
    const { realTime = false, windowBytes = 1 << 20, attempt, features } =
      options;
    this.recorder = new Recorder(this.clock, { realTime });
    this.output = new Output(this.recorder.open);
    this.link = new Link({
      connector: this.server.connector(attempt),
      clock: this.clock,
      identity: { ...IDENTITY, features },
      windowBytes,
      signal: this.#end.signal,
    });
  }

  /** A song that is not started yet. */
  playback(song: string): Playback {
    const { link, output } = this;
    return songPlayback({ link, output, song });
  }

  /** Plays a song to its end. */
  play(song: string, from?: number): Promise<PlaybackSummary> {
    return this.clock.runUntil(this.playback(song).run(from));
  }

  interrupt(): void {
    this.#end.abort();
  }
}

/** A server driven by the test, and the connector of its clients. */
export class RawServer {
  /** One for each connection so far. */
  readonly peers: RawPeer[] = [];
  readonly connector: Connector;

  constructor(clock: FakeClock) {
    this.connector = {
      place: "raw:4040",
      connect: () => {
        const pair = transportPair(clock);
        this.peers.push(new RawPeer(pair.server));
        return Promise.resolve(pair.client);
      },
    };
  }

  /** The latest connection. */
  get peer(): RawPeer {
    return this.peers[this.peers.length - 1];
  }
}

/** A valid `welcome`. */
export const WELCOME = {
  type: "welcome",
  version: 1,
  you: "192.0.2.7:4711",
  key: "k",
  server: "studio",
  clock: "c",
  features: [],
  services: [],
  online: [],
  total: 1,
} as const;
