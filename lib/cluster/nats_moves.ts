/**
 * Leaves a NATS server for another one once only that has the records. Connections
 * between NATS servers that were parted can stay silent for half a minute after they
 * reach each other again; those that do reach most of them serve meanwhile.
 *
 * @module
 */

import type { Clock } from "../ports/common.ts";

/** How long a server may be without the records: an election takes a few seconds. */
const SILENT_MS = 3_000;
const LOOK_MS = 500;
/** It is asked if it has not answered anyone for as long. */
const ASK_MS = 1_000;
/** Other servers that are asked. */
const MOST_ASKED = 8;

export interface NatsMovesWorld {
  readonly clock: Clock;
  /** When the present server was last known to have the records. */
  answeredMs(): number;
  /** Asks it again. */
  ask(): Promise<unknown>;
  /** The other servers. */
  others(): string[];
  /** Whether another one has the records. */
  hasRecords(server: string): Promise<boolean>;
  moveTo(server: string): Promise<void>;
}

/** Looks for a better server whenever the present one is silent, until aborted. */
export async function followRecords(
  world: NatsMovesWorld,
  over: AbortSignal,
): Promise<void> {
  const { clock, answeredMs } = world;
  let triedMs = clock.now();
  const isSilentFor = (ms: number) =>
    clock.now() - Math.max(answeredMs(), triedMs) >= ms;
  while (!over.aborted) {
    await clock.sleep(LOOK_MS, over);
    if (!isSilentFor(ASK_MS)) continue;
    await world.ask();
    if (!isSilentFor(SILENT_MS)) continue;
    const better = await firstWithRecords(world);
    // It may have answered meanwhile.
    if (better !== null && !over.aborted && isSilentFor(SILENT_MS)) {
      await world.moveTo(better).catch(() => {}); // It is closed.
    }
    triedMs = clock.now();
  }
}

/** The first of the other servers to say that it has the records. */
async function firstWithRecords(
  { others, hasRecords }: NatsMovesWorld,
): Promise<string | null> {
  const asked = others().slice(0, MOST_ASKED).map(async (server) => {
    if (!await hasRecords(server)) throw new Error(`${server} has none`);
    return server;
  });
  return await Promise.any(asked).catch(() => null);
}
