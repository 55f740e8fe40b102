/**
 * The current resources of a server, by its metrics and by the system.
 *
 * @module
 */

import { readMetrics } from "./http_request.ts";
import type { TestServer } from "./programs.ts";
import { seen } from "./seen.ts";

/** The resources in use. */
export interface Holding {
  clients: number;
  streams: number;
  plainStreams: number;
  rssBytes: number;
  /** Open file descriptors; 0 if unknown. */
  files: number;
}

/** Reads the resources of a server. */
export async function holdingOf(server: TestServer): Promise<Holding> {
  const numbers = await readMetrics(server.ports.http);
  return {
    clients: numbers.get("ondacast_clients")!,
    streams: numbers.get("ondacast_listeners")!,
    plainStreams: numbers.get("ondacast_plain_listeners")!,
    rssBytes: numbers.get("process_resident_memory_bytes")!,
    files: filesOf(server.program.child.pid),
  };
}

/**
 * Waits until the resources of a server meet a condition.
 *
 * @throws {Error} After a timeout that even a busy machine does not reach.
 */
export async function untilHolding(
  server: TestServer,
  isWanted: (holding: Holding) => boolean,
  limitMs = 30_000,
): Promise<Holding> {
  return await seen(
    "less to hold",
    () => holdingOf(server),
    isWanted,
    limitMs,
  );
}

/** CPU seconds used by a process, by Linux's `/proc`, in steps of 10 ms. */
export function cpuSecondsOf(pid: number): number {
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Open file descriptors of a process; 0 if unknown. */
export function filesOf(pid: number): number {
  if (Deno.build.os !== "linux") return 0;
  return [...Deno.readDirSync(`/proc/${pid}/fd`)].length;
}
