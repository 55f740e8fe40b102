/**
 * Watches a cast: its players run on other machines, and their failures must
 * reach the caster.
 *
 * @module
 */

import type { ClientSession } from "../client/client_session.ts";
import { listOnline } from "../client/online_list.ts";
import type { Clock } from "../ports/common.ts";
import type { OnlineClient } from "../wire/messages.ts";
import type { Refused } from "./receivers.ts";

/** How long receivers are watched, in milliseconds. */
const WATCH_MS = 5_000;
/** How often they are polled without notifications. */
const LOOK_MS = 1_000;

/**
 * Watches the receivers of a cast for 5 s, or until the song has ended on all
 * of them.
 *
 * @param keys Of the receivers.
 * @returns Those that could not play it, by name.
 */
export async function watchCast(
  session: Pick<ClientSession, "request" | "listen" | "failure">,
  keys: readonly string[],
  clock: Clock,
): Promise<Refused[]> {
  const watch = new CastWatch(keys);
  const untilMs = clock.now() + WATCH_MS;
  let news = new AbortController();
  const watching = new AbortController();
  session.listen({
    online: () => news.abort(),
    closed: () => news.abort(),
  }, watching.signal);
  try {
    await session.request({ type: "online", limit: 1, watch: true });
    while (true) {
      news = new AbortController();
      watch.look(await listOnline(session));
      const leftMs = untilMs - clock.now();
      if (watch.isOver || leftMs <= 0) return watch.failed();
      await clock.sleep(Math.min(leftMs, LOOK_MS), news.signal);
    }
  } finally {
    watching.abort();
    if (!session.failure) {
      await session.request({ type: "online", limit: 1, watch: false });
    }
  }
}

/** What is known of the receivers of a cast. */
export class CastWatch {
  readonly #left: Set<string>;
  readonly #names = new Map<string, string>();
  readonly #problems = new Map<string, string>();
  #away: readonly string[] = [];

  /** @param keys Of the receivers. */
  constructor(keys: readonly string[]) {
    this.#left = new Set(keys);
  }

  get isOver(): boolean {
    return this.#left.size === 0;
  }

  /** Takes in who is online, all of them. */
  look(clients: readonly OnlineClient[]): void {
    const byKey = new Map(clients.map((client) => [client.key, client]));
    this.#away = [...this.#left].filter((key) => !byKey.has(key));
    for (const key of this.#left) {
      const client = byKey.get(key);
      if (client === undefined) continue;
      this.#names.set(key, client.name);
      const { doing, problem } = client.state;
      if (problem) this.#problems.set(key, problem);
      else this.#problems.delete(key); // Another player has taken over.
      // Idle again: the song ended or was stopped.
      if (doing === "waiting" || doing === "idle") this.#left.delete(key);
    }
  }

  /** The receivers that do not play it as far as is known now. */
  failed(): Refused[] {
    const away = [...this.#away].map((key) => ({
      to: this.#names.get(key) ?? key,
      code: "lost",
      message: "It is no longer online",
    }));
    const failed = [...this.#problems].map(([key, problem]) => ({
      to: this.#names.get(key) ?? key,
      code: "player-failed",
      message: problem,
    }));
    return [...failed, ...away];
  }
}
