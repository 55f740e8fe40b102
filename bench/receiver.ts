/**
 * Runs the C receiver: it measures the received data, its speed and its delay, and
 * the CPU time and memory of the server meanwhile.
 *
 * @module
 */

import { cpuSeconds, rssBytes, run, Running, sleep } from "./programs.ts";
import { CD_RATE } from "./songs.ts";
import type { Server } from "./servers.ts";
import type { Workshop } from "./workshop.ts";

/** The receiver's output. */
export interface Received {
  bytes: number;
  seconds: number;
  cpuSeconds: number;
  firstP50Us: number;
  late: number;
  lateBefore: number;
  lateListeners: number;
}

/** A server under the load of listeners in real time. */
export interface Paced extends Received {
  /** Of one core. */
  cpu: number;
  rssBytes: number;
  /** Connect → first audio byte of one more, in microseconds; p50. */
  latencyUs: number;
}

/** Receives streams as fast as possible. @returns Bytes a second. */
export async function throughput(
  shop: Workshop,
  ask: string[],
  listeners: number,
  repeat: number,
): Promise<number> {
  const words = [`n=${listeners}`, `repeat=${repeat}`];
  const { bytes, seconds } = JSON.parse(
    await run([shop.receiver, ...ask, ...words], { timeoutMs: 60_000 }),
  ) as Received;
  return bytes / seconds;
}

/** Connects repeatedly, one after the other. @returns Median time to the first audio byte. */
export async function latencyUs(
  shop: Workshop,
  ask: string[],
  times: number,
): Promise<number> {
  const words = [shop.receiver, ...ask, `latency=${times}`];
  return JSON.parse(await run(words, { timeoutMs: 60_000 })).p50Us;
}

/** Runs listeners in real time, for `seconds` after the last has begun. */
export async function paced(
  shop: Workshop,
  server: Pick<Server, "pid" | "ask">,
  listeners: number,
  seconds: number,
  ...more: string[]
): Promise<Paced> {
  await using program = new Running([
    shop.receiver,
    ...server.ask,
    `n=${listeners}`,
    `rate=${CD_RATE}`,
    `window=${4 * CD_RATE}`,
    `seconds=${seconds}`,
    ...more,
  ]);
  await program.lineLike(/^measure$/);
  const before = { cpu: cpuSeconds(server.pid), ms: performance.now() };
  const probed = sleep(500 * seconds)
    .then(() => latencyUs(shop, server.ask, 25)).catch(() => NaN);
  await program.lineLike(/^measured$/);
  const tookSeconds = (performance.now() - before.ms) / 1000;
  const cpu = (cpuSeconds(server.pid) - before.cpu) / tookSeconds;
  const rss = rssBytes(server.pid);
  const [json] = await program.lineLike(/^{.*/);
  return { ...JSON.parse(json), cpu, rssBytes: rss, latencyUs: await probed };
}
