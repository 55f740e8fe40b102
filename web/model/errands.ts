/**
 * What a person has asked for and only the server can do. While it is away
 * that waits, is done at its return, and is offered again if that took long.
 *
 * @module
 */

import type { ClientSession } from "../../lib/client/client_session.ts";
import { isPassing } from "../../lib/client/link.ts";
import { notifyError, show, takeBack, type Words } from "./notices.ts";
import type { Tab } from "./tab.ts";

/** How long something waits to be done by itself: later it would surprise. */
export const KEPT_MS = 60_000;

/** Something to be done at the server. */
export interface Errand {
  /** A newer errand with the same key takes this one's place. */
  key: string;
  /** Such as "play this on that". */
  words: Words;
  /** Whether what it needs besides the server is there; else it waits on. */
  isReady?(): boolean;
  /** Does it. Rejects with what is shown. */
  run(session: ClientSession): Promise<unknown>;
}

interface Waiting {
  errand: Errand;
  noticeId: number;
  timer: number;
}

/** What waits for the server, in the order in which it was asked for. */
export class Errands {
  readonly #tab: Tab;
  readonly #waiting = new Map<string, Waiting>();

  constructor(tab: Tab) {
    this.#tab = tab;
  }

  /** Does something now, or as soon as the server is back. */
  async do(errand: Errand): Promise<void> {
    this.forget(errand.key);
    const session = this.#session;
    if (session === null) return this.keep(errand);
    try {
      await errand.run(session);
    } catch (error) {
      const { failure } = session;
      if (failure !== null && isPassing(failure)) this.keep(errand);
      else notifyError(error);
    }
  }

  /** Does what waits and can be done by now. */
  look(): void {
    if (this.#session === null) return;
    for (const { errand } of [...this.#waiting.values()]) {
      if (errand.isReady?.() ?? true) this.do(errand);
    }
  }

  /** Has something wait for the server, and says so. */
  keep(errand: Errand): void {
    this.forget(errand.key);
    this.#waiting.set(errand.key, {
      errand,
      noticeId: show({
        words: ["As soon as the server is back: ", ...errand.words],
        lasting: true,
        onDismiss: () => this.forget(errand.key),
      }),
      timer: setTimeout(() => this.#offer(errand), KEPT_MS),
    });
  }

  /** Whether something waits. */
  has(key: string): boolean {
    return this.#waiting.has(key);
  }

  /** Has something that waits not be done. */
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
      words: ["Not done, as the server was away: ", ...errand.words],
      lasting: true,
      action: {
        label: "Do it now",
        act: () => {
          takeBack(noticeId);
          this.do(errand);
        },
      },
    });
  }

  get #session(): ClientSession | null {
    const { connection, link } = this.#tab;
    return connection.value.state === "online" ? link.current : null;
  }
}
