/**
 * User requests that need the server. While it is away they wait; they run when it
 * returns, or are offered again if that took too long.
 *
 * @module
 */

import type { ClientSession } from "../../lib/client/client_session.ts";
import { isPassing } from "../../lib/client/link.ts";
import { notifyError, show, takeBack, type Words } from "./notices.ts";
import { TEXTS } from "./texts.ts";

/** The way to the server. */
export interface Reach {
  /** The connection once the server has welcomed this tab; null: it is away. */
  readonly session: ClientSession | null;
}

/** How long a request waits before it no longer runs by itself: later it would surprise. */
const KEPT_MS = 60_000;

export interface Errand {
  /** A newer errand with the same key replaces this one. */
  key: string;
  /** Such as "play this on that", for notices. */
  words: Words;
  /** Whether its other requirements are met; otherwise it keeps waiting. */
  isReady?(): boolean;
  /** Runs it. Rejects with the error to show. */
  run(session: ClientSession): Promise<unknown>;
}

interface Waiting {
  errand: Errand;
  noticeId: number;
  timer: ReturnType<typeof setTimeout>;
}

/** Requests that wait for the server, oldest first. */
export class Errands {
  readonly #reach: Reach;
  readonly #waiting = new Map<string, Waiting>();

  constructor(reach: Reach) {
    this.#reach = reach;
  }

  /** Runs an errand now, or as soon as the server is back. */
  async do(errand: Errand): Promise<void> {
    this.forget(errand.key);
    const session = this.#reach.session;
    if (session === null) return this.keep(errand);
    try {
      await errand.run(session);
    } catch (error) {
      const { failure } = session;
      if (failure !== null && isPassing(failure)) this.keep(errand);
      else notifyError(error);
    }
  }

  /** Runs the waiting errands that can run now. */
  runReady(): void {
    if (this.#reach.session === null) return;
    for (const { errand } of [...this.#waiting.values()]) {
      if (errand.isReady?.() ?? true) this.do(errand);
    }
  }

  /** Makes an errand wait for the server, and shows that it waits. */
  keep(errand: Errand): void {
    this.forget(errand.key);
    this.#waiting.set(errand.key, {
      errand,
      noticeId: show({
        words: [TEXTS.errands.soon, ...errand.words],
        lasting: true,
        onDismiss: () => this.forget(errand.key),
      }),
      timer: setTimeout(() => this.#offer(errand), KEPT_MS),
    });
  }

  /** Whether an errand with this key waits. */
  has(key: string): boolean {
    return this.#waiting.has(key);
  }

  /** Cancels a waiting errand. */
  forget(key: string): void {
    const waiting = this.#waiting.get(key);
    if (waiting === undefined) return;
    this.#waiting.delete(key);
    clearTimeout(waiting.timer);
    takeBack(waiting.noticeId);
  }

  #offer(errand: Errand): void {
    this.forget(errand.key);
    const noticeId = show({
      words: [TEXTS.errands.late, ...errand.words],
      lasting: true,
      action: {
        label: TEXTS.errands.now,
        act: () => {
          takeBack(noticeId);
          this.do(errand);
        },
      },
    });
  }
}
