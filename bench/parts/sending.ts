/**
 * Sending a song: this working tree against another one. In each round a server
 * of both runs, and they are measured in turns or side by side, so that whatever
 * else the machine does falls on both. What counts is the median of the ratios.
 *
 * @module
 */

import { ROOT, rssBytes } from "../programs.ts";
import { paced, throughput } from "../receiver.ts";
import { number, type Results } from "../results.ts";
import { askOurs, type Ours, startTree } from "../servers.ts";
import { median } from "../stats.ts";
import type { Workshop } from "../workshop.ts";

/** How often both are measured in a round. */
const TURNS = 3;
/** Streams of the song in one measurement. */
const PASSES = 24;
const PACED_SECONDS = 10;

/** One number of each server. */
type Pair = [before: number, now: number];

interface Measurement {
  what: string;
  unit: string;
  bound: { atLeast?: number; atMost?: number };
  run(shop: Workshop, servers: [before: Ours, now: Ours]): Promise<Pair>;
}

const MEASUREMENTS: Measurement[] = [
  flatOut(1, null, 0.85),
  flatOut(8, null, 0.9),
  flatOut(1, "song", 0.85),
  flatOut(8, "song", 0.9),
  {
    what: "1000 listeners at CD rate",
    unit: "% of a core",
    bound: { atMost: 1.1 },
    run: (shop, servers) =>
      ofBoth(servers, async (server) => {
        const asked = { ...server, ask: askOurs(server, "song") };
        const more = ["ramp=500", "spread=0.05"];
        const { cpu } = await paced(shop, asked, 1000, PACED_SECONDS, ...more);
        return cpu * 100;
      }),
  },
  {
    what: "memory afterwards",
    unit: "MB",
    bound: { atMost: 1.1 },
    run: (_, servers) =>
      ofBoth(servers, ({ pid }) => Promise.resolve(rssBytes(pid) / 1e6)),
  },
];

function flatOut(
  listeners: number,
  song: string | null,
  atLeast: number,
): Measurement {
  return {
    what: `${listeners} × ${song ? "session" : "plain"}, flat out`,
    unit: "GB/s",
    bound: { atLeast },
    async run(shop, servers) {
      const sums: Pair = [0, 0];
      for (let turn = 0; turn < TURNS; turn++) {
        for (const i of turn % 2 ? [1, 0] : [0, 1]) {
          const ask = askOurs(servers[i], song);
          const passes = PASSES / listeners;
          sums[i] += await throughput(shop, ask, listeners, passes) / 1e9;
        }
      }
      return [sums[0] / TURNS, sums[1] / TURNS];
    },
  };
}

/** Side by side. */
function ofBoth(
  servers: [Ours, Ours],
  measure: (server: Ours) => Promise<number>,
): Promise<Pair> {
  return Promise.all([measure(servers[0]), measure(servers[1])]);
}

/** Compares with the tree of `--against`. */
export async function sending(shop: Workshop, results: Results): Promise<void> {
  const tree = shop.options.against;
  if (tree === undefined) {
    return results.note("sending: left out without --against");
  }
  const pairs = MEASUREMENTS.map((): Pair[] => []);
  for (let round = 0; round < shop.options.rounds; round++) {
    await using before = await startTree(tree, shop.hotFolder);
    await using now = await startTree(ROOT, shop.hotFolder);
    for (const [i, { run }] of MEASUREMENTS.entries()) {
      pairs[i].push(await run(shop, [before, now]));
    }
  }
  for (const [i, { what, unit, bound }] of MEASUREMENTS.entries()) {
    results.add(what, "before", unit, pairs[i].map(([before]) => before));
    results.add(what, "now", unit, pairs[i].map(([, now]) => now));
    const ratios = pairs[i].map(([before, now]) => now / before);
    results.add(what, "now / before", "×", ratios);
    results.bound(what, bound, "now / before");
    results.note(
      `${what}, ratios: ${ratios.map(number).join(" ")}; ${
        number(median(ratios))
      }`,
    );
  }
}
