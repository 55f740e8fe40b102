/**
 * Watches a cast: its players run on other machines, and their success or
 * failure must reach the caster.
 *
 * @module
 */

import type { ClientSession } from "../client/client_session.ts";
import type { GroupRow } from "../client/group_list.ts";
import { listOnline } from "../client/online_list.ts";
import type { Clock } from "../ports/common.ts";
import type { OnlineClient } from "../wire/messages.ts";
import type { Refused } from "./receivers.ts";

/**
 * How long receivers are watched, in milliseconds: longer than a player takes
 * to open its device, or to fail.
 */
const WATCH_MS = 5_000;
/** Positions of a song's beginning are rounded to sample frames, and to milliseconds. */
const ROUNDED_SECONDS = 0.002;
/** How often they are polled without notifications. */
const POLL_MS = 1_000;

/** A receiver of a cast. */
export interface CastReceiver {
  key: string;
  name: string;
}

/** The outcome of a cast. */
export interface CastResult {
  /** The receivers that play the song, or have played it. */
  playing: CastReceiver[];
  /** Those that have reported nothing yet. */
  silent: CastReceiver[];
  failed: Refused[];
}

type Watched = Pick<ClientSession, "request" | "listen" | "failure">;

/**
 * Watches the receivers of a cast for 5 s, or until the song has ended on all
 * of them.
 *
 * @param keys Of the receivers.
 * @param listComing The keys of receivers whose groups have yet to begin the song
 * ({@linkcode hasYetToBegin}): a server with queues answers a cast before that.
 */
export async function watchCast(
  session: Watched,
  keys: readonly string[],
  clock: Clock,
  listComing?: () => Promise<readonly string[]>,
): Promise<CastResult> {
  const watch = new CastWatch(keys);
  await watchOnline(session, clock, WATCH_MS, async () => {
    const coming = await listComing?.() ?? [];
    watch.update(await listOnline(session), coming);
    return watch.isOver;
  });
  return watch.result();
}

/**
 * Whether a group still opens its song, or waits for the time of its first sample
 * frame. Its devices wait then, as they do once they have had the song.
 *
 * @param fromSeconds Where in the song the cast began.
 */
export function hasYetToBegin(
  { state, position }: Pick<GroupRow, "state" | "position">,
  fromSeconds: number,
): boolean {
  return state === "playing" && position <= fromSeconds + ROUNDED_SECONDS;
}

/**
 * Waits until a song that was cast is over on all its receivers.
 *
 * @param keys Of the receivers.
 * @returns The keys of those on which nothing else has begun.
 */
export async function castEnded(
  session: Watched,
  keys: readonly string[],
  clock: Clock,
): Promise<string[]> {
  let playing: Map<string, string | undefined> | null = null;
  let left: OnlineClient[] = [];
  await watchOnline(session, clock, Infinity, async () => {
    const clients = await listOnline(session);
    const receivers = clients.filter(({ key }) => keys.includes(key));
    const first = playing ??= new Map(
      receivers.map(({ key, state }) => [key, state.song]),
    );
    left = receivers.filter(({ key, state: { song } }) =>
      song === undefined || song === first.get(key)
    );
    return left.every(({ state }) => state.song === undefined);
  });
  return left.map(({ key }) => key);
}

/**
 * Looks at all clients at each change and each second.
 *
 * @param limitMs Ends it.
 * @param isEnough Looks at them; true ends it.
 */
async function watchOnline(
  session: Watched,
  clock: Clock,
  limitMs: number,
  isEnough: () => Promise<boolean>,
): Promise<void> {
  const untilMs = clock.now() + limitMs;
  let changed = new AbortController();
  const watching = new AbortController();
  session.listen({
    online: () => changed.abort(),
    closed: () => changed.abort(),
  }, watching.signal);
  try {
    await session.request({ type: "online", limit: 1, watch: true });
    while (true) {
      changed = new AbortController();
      const isOver = await isEnough();
      const leftMs = untilMs - clock.now();
      if (isOver || leftMs <= 0) return;
      await clock.sleep(Math.min(leftMs, POLL_MS), changed.signal);
    }
  } finally {
    watching.abort();
    if (!session.failure) {
      await session.request({ type: "online", limit: 1, watch: false });
    }
  }
}

/** `waiting`: it has reported nothing yet; `over`: the song has ended there. */
type Progress =
  | { is: "waiting" | "playing" | "away" }
  | { is: "failing"; problem: string }
  | { is: "over"; problem?: string };

interface WatchedReceiver extends CastReceiver {
  progress: Progress;
}

/** Tracks the receivers of a cast. */
class CastWatch {
  readonly #receivers: WatchedReceiver[];

  constructor(keys: readonly string[]) {
    this.#receivers = keys.map(
      (key) => ({ key, name: key, progress: { is: "waiting" } }),
    );
  }

  /** Whether nothing can change any more. */
  get isOver(): boolean {
    return this.#receivers.every(({ progress }) => progress.is === "over");
  }

  /**
   * @param clients All that are online.
   * @param coming The keys of those whose song has yet to begin.
   */
  update(clients: readonly OnlineClient[], coming: readonly string[]): void {
    const byKey = new Map(clients.map((client) => [client.key, client]));
    for (const receiver of this.#receivers) {
      const client = byKey.get(receiver.key);
      receiver.name = client?.name ?? receiver.name;
      const isComing = coming.includes(receiver.key);
      receiver.progress = progressOf(client, receiver.progress, isComing);
    }
  }

  result(): CastResult {
    const result: CastResult = { playing: [], silent: [], failed: [] };
    for (const { key, name, progress } of this.#receivers) {
      const failure = failureOf(progress);
      if (failure) result.failed.push({ to: name, ...failure });
      else {
        const isSilent = progress.is === "waiting";
        result[isSilent ? "silent" : "playing"].push({ key, name });
      }
    }
    return result;
  }
}

/** The reason why a receiver does not play; null: unknown. */
function failureOf(progress: Progress): Omit<Refused, "to"> | null {
  if (progress.is === "away") {
    return { code: "lost", message: "It is no longer online" };
  }
  const problem = "problem" in progress ? progress.problem : undefined;
  return problem ? { code: "player-failed", message: problem } : null;
}

function progressOf(
  client: OnlineClient | undefined,
  before: Progress,
  isComing: boolean,
): Progress {
  if (before.is === "over") return before;
  if (client === undefined) return { is: "away" };
  const { doing, problem, underruns } = client.state;
  if (doing === "waiting" || doing === "idle") {
    // Its problem is that of the song before.
    return isComing ? { is: "waiting" } : { is: "over", problem };
  }
  if (problem) return { is: "failing", problem };
  // The server assumes that a receiver plays until its first report.
  return { is: underruns === undefined ? "waiting" : "playing" };
}
