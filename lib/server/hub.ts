/**
 * The hub: what all sessions of a server share, and what is done for all of
 * them at once, such as looking once a while who has gone silent.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import { Presence } from "../model/presence.ts";
import type { Clock, SongStore } from "../ports.ts";
import type { PageMemory } from "./page_memory.ts";
import type { Session } from "./session.ts";

/** How a server is set up, as far as its sessions are concerned. */
export interface HubOptions {
  /** The name that clients see. */
  serverName: string;
  /** The secret that each `hello` must carry; null: none. */
  token: string | null;
  maxClients: number;
}

/** What all sessions share. */
export class Hub {
  readonly songs: SongStore;
  readonly memory: PageMemory;
  readonly clock: Clock;
  readonly options: HubOptions;
  /** A name for this run of the clock, new at each start. */
  readonly clockName: string = crypto.randomUUID();
  readonly presence: Presence<Session> = new Presence();
  readonly #sessions = new Set<Session>();

  constructor(
    world: { songs: SongStore; memory: PageMemory; clock: Clock },
    options: HubOptions,
  ) {
    this.songs = world.songs;
    this.memory = world.memory;
    this.clock = world.clock;
    this.options = options;
  }

  /** Microseconds of the server's monotonic clock. */
  get clockUs(): number {
    return Math.round(this.clock.now() * 1000);
  }

  get sessions(): number {
    return this.#sessions.size;
  }

  /**
   * Takes a connection in.
   *
   * @throws {OndacastError} `busy`.
   */
  admit(session: Session): void {
    if (this.#sessions.size >= this.options.maxClients) {
      throw new OndacastError(
        "busy",
        `Cannot take another client: ${this.options.maxClients} are connected`,
      );
    }
    this.#sessions.add(session);
  }

  dismiss(session: Session): void {
    this.#sessions.delete(session);
  }

  /** Looks after silent and stuck connections; to be called twice a second. */
  sweep(): void {
    const nowMs = this.clock.now();
    for (const session of this.#sessions) session.checkLife(nowMs);
  }

  /** Tells every client that the server ends, and waits until all have gone. */
  async close(error: OndacastError): Promise<void> {
    await Promise.all(
      [...this.#sessions].map((session) => session.end(error)),
    );
  }
}
