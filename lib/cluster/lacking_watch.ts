/**
 * Notices that a watch of a bucket may lack something that the bucket has.
 *
 * @module
 */

import type { StreamInfo } from "@nats-io/jetstream";
import type { Clock } from "../ports/common.ts";
import { groupOf, isWhole, isWritable } from "./bucket_servers.ts";

/** How often a watch is compared with its bucket. */
const COMPARE_MS = 1_000;

/** As often in a row a bucket may say that it has less: its leader changes. */
const MOST_FEWER = 3;

/** A bucket that is watched; its methods throw while it is away. */
export interface WatchedBucket {
  readonly clock: Clock;
  /** The revision that the watch has come to. */
  seen(): number;
  info(): Promise<StreamInfo>;
  /** That of the queues, which nobody watches. */
  queuesInfo(): Promise<StreamInfo>;
  /** The revision of the latest record that there is. */
  latest(): Promise<number>;
  /** There is nothing up to a revision that the watch has not shown. */
  hasAll(revision: number): void;
  /** No leader answers, who would feed the watch: reads on without one. */
  leaderless(): Promise<void>;
  /** Whether that has told what the watch has not. */
  isAstray(): boolean;
}

/**
 * Resolves once a watch may lack something, or is over. It stands still although
 * there is more if the NATS server that feeds it has died, which the library notices
 * after a minute. It may have been passed over where the servers of the bucket have
 * parted and met. A watch that begins again has owners write their queues once more.
 */
export async function untilLacking(
  bucket: WatchedBucket,
  over: AbortSignal,
): Promise<void> {
  const { clock, seen, info, queuesInfo, latest, hasAll } = bucket;
  let [before, last] = [0, 0];
  // Each key has a message, also if it was deleted, and revisions rise: less of either
  // means that NATS has lost some.
  const [fewer, lower, fewerPages, lowerPages] = [
    fall(),
    fall(),
    fall(),
    fall(),
  ];
  let group: string | null = null;
  while (!over.aborted) {
    await clock.sleep(COMPARE_MS, over);
    if (seen() === before && before < last) {
      // The markers of what was deleted last may have been removed.
      const there = await info().catch(() => null);
      const isSure = there && isWritable(there) &&
        there.state.last_seq >= last;
      if (!isSure || await latest().catch(() => last) > seen()) return;
      hasAll(last);
    }
    before = seen();
    const records = await info().catch(() => null);
    if (!records || !isWritable(records)) await bucket.leaderless();
    if (!records) continue;
    last = records.state.last_seq;
    const isFewer = fewer(records.state.messages);
    if (lower(last, before) || isFewer) return;
    // A server that lags behind, or has parted, has told what others do not have.
    if (seen() >= last && bucket.isAstray()) return;
    // A new leader of the queues may lack some, which their owners still have.
    const queues = await queuesInfo().catch(() => null);
    if (!queues) continue;
    const isFewerPages = fewerPages(queues.state.messages);
    if (lowerPages(queues.state.last_seq) || isFewerPages) return;
    const present = `${groupOf(records)} ${groupOf(queues)}`;
    group ??= present;
    if (present !== group && isWhole(records) && isWhole(queues)) return;
  }
}

/** Tells whether a number has stayed below its highest, or a known one, for long. */
function fall(): (now: number, known?: number) => boolean {
  let [most, times] = [0, 0];
  return (now, known = 0) => {
    most = Math.max(most, now, known);
    times = now < most ? times + 1 : 0;
    return times >= MOST_FEWER;
  };
}
