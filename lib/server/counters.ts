/**
 * What a server counts of itself: plain numbers that only rise, so that the
 * places that are passed often pay no more than an addition. Whoever wants
 * to know reads them.
 *
 * @module
 */

import type { Traffic } from "../wire/channel.ts";

/** How often bytes of songs were in memory when they were needed, and how often not. */
export interface Lookups {
  hits: number;
  misses: number;
}

/** Counted since the server's start. */
export class Counters {
  /** Frames and messages of all sessions, by every transport. */
  readonly traffic: Traffic = { sentBytes: 0, receivedBytes: 0 };
  /** Sessions begun, by what carries them. */
  readonly sessions = { tcp: 0, websocket: 0 };
  /** Plain streams begun, and what was sent on them. */
  readonly plain = { begun: 0, sentBytes: 0 };
  /** Streams to clients. Each that started has ended, was stopped, or runs. */
  readonly streams = { started: 0, ended: 0, stopped: 0 };
  readonly uploads = { stored: 0, refused: 0 };
  /** Receivers that a song was cast to. */
  casts = 0;
  /** Errors sent to clients, and lost connections, by code. */
  readonly errors: Map<string, number> = new Map();

  /** Streams that run now. */
  get listeners(): number {
    const { started, ended, stopped } = this.streams;
    return started - ended - stopped;
  }

  /** Counts an error that was sent, or met. */
  countError(code: string): void {
    this.errors.set(code, (this.errors.get(code) ?? 0) + 1);
  }
}
