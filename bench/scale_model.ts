/**
 * What many servers that are one cost each other, by a model of measured figures:
 *
 *     deno run bench/scale_model.ts
 *
 * prints the table of `docs/scale.md`. The figures are those of the part `cluster` of
 * the bench, and of the same with 60,000 devices.
 *
 * @module
 */

import { print } from "../lib/io/console/standard_output.ts";

/** Measured at one real server, beside simulated ones. */
export const MEASURED = {
  /** Memory of a server that knows no others, and of what it keeps of others. */
  memoryBytes: { server: 90e6, device: 1_600, song: 2_250 },
  /** What a server receives of NATS. */
  receivedBytes: { beat: 38, change: 340 },
  /** CPU for a record that has come or changed, in seconds. */
  recordCpuSeconds: 72e-6,
  /** CD audio, on the wire to one listener, in bytes a second. */
  listenerBytes: 177_000,
} as const;

/** What is assumed of people. */
export const ASSUMED = {
  /** Songs that a listener begins in an hour; the device and its group change. */
  songsAnHour: 20,
  changesASong: 2,
  /** Songs of a server that no other one has. */
  songs: 2_000,
} as const;

/** What a network card, and a core, can take. */
const MOST = { bytesASecond: 10e9 / 8, cores: 1 };
/** Servers that keep records of each other; see `MOST` of `records.ts`. */
export const MOST_NODES = 64;

export interface Load {
  nodes: number;
  listeners: number;
  songs: number;
}

export interface Cost {
  /** For each server. */
  memoryBytes: number;
  natsBytesASecond: number;
  cpuCores: number;
  audioBytesASecond: number;
  /** For all NATS servers together. */
  natsOutBytesASecond: number;
  natsMessagesASecond: number;
}

export function costOf({ nodes, listeners, songs }: Load): Cost {
  const { memoryBytes, receivedBytes, recordCpuSeconds, listenerBytes } =
    MEASURED;
  const changes = listeners * ASSUMED.songsAnHour * ASSUMED.changesASong /
    3_600;
  const natsBytesASecond = nodes * receivedBytes.beat +
    changes * receivedBytes.change;
  return {
    // A device that plays is a group as well.
    memoryBytes: memoryBytes.server + 2 * listeners * memoryBytes.device +
      songs * memoryBytes.song,
    natsBytesASecond,
    cpuCores: changes * recordCpuSeconds,
    audioBytesASecond: listeners / nodes * listenerBytes,
    natsOutBytesASecond: nodes * natsBytesASecond,
    natsMessagesASecond: nodes * (nodes + changes),
  };
}

/** What a load exceeds, the worst first. */
export function exceeded(load: Load): string[] {
  const { natsOutBytesASecond, audioBytesASecond, cpuCores, memoryBytes } =
    costOf(load);
  const over: [of: string, share: number][] = [
    ["the link of NATS", natsOutBytesASecond / MOST.bytesASecond],
    ["the link of a server", audioBytesASecond / MOST.bytesASecond],
    ["a core", cpuCores / MOST.cores],
    ["4 GB of memory", memoryBytes / 4e9],
    ["64 servers", load.nodes / MOST_NODES],
  ];
  over.sort(([, a], [, b]) => b - a);
  return over.filter(([, share]) => share > 1).map(([of]) => of);
}

/** Servers with a thousand listeners each. */
const LOADS: readonly Load[] = [2, 20, 64, 200, 500, 1_000].map((nodes) => ({
  ...{ nodes, listeners: nodes * 1_000, songs: nodes * ASSUMED.songs },
}));

export function scaleTable(): string {
  const rows = LOADS.map((load) => {
    const cost = costOf(load);
    return [
      load.nodes.toLocaleString("en"),
      load.listeners.toLocaleString("en"),
      `${(cost.memoryBytes / 1e6).toFixed(0)} MB`,
      `${(cost.natsBytesASecond / 1e3).toFixed(0)} kB/s`,
      `${(cost.cpuCores * 100).toFixed(1)} %`,
      `${(cost.audioBytesASecond * 8 / 1e9).toFixed(1)} Gbit/s`,
      `${(cost.natsOutBytesASecond * 8 / 1e9).toFixed(2)} Gbit/s`,
      cost.natsMessagesASecond.toLocaleString("en", {
        maximumSignificantDigits: 2,
      }),
      exceeded(load).join(", "),
    ];
  });
  const head = [
    ...["servers", "listeners", "memory", "from NATS", "CPU", "audio"],
    ...["all of NATS", "messages a second", "beyond"],
  ];
  return [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

if (import.meta.main) scaleTable().split("\n").forEach((row) => print(row));
