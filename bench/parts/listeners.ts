/**
 * Listeners in real time: the cost of thousands of them at CD rate, through our
 * session's credit (a window of 4 s, a grant a second) and through the other
 * servers' own pacing. It also measures the growth chart.
 *
 * @module
 */

import { rssBytes, sleep } from "../programs.ts";
import type { Point } from "../growth.ts";
import { type Paced, paced, throughput } from "../receiver.ts";
import { type Results, US } from "../results.ts";
import {
  askOurs,
  type Server,
  startFloor,
  startIcecast,
  startNginx,
  startOurs,
  startPython,
  startSender,
  startSnapserver,
} from "../servers.ts";
import { CD_RATE } from "../songs.ts";
import { median } from "../stats.ts";
import type { Workshop } from "../workshop.ts";

/** A compared server. */
interface Streamer {
  who: string;
  /** Numbers of listeners to measure; those in `IN_TURNS` are interleaved. */
  listeners: number[];
  start(): Promise<Server & { baseRssBytes?: number }>;
  /** Further arguments of the receiver, by number of listeners. */
  more?(listeners: number): string[];
}

/** Numbers of listeners that are interleaved and have goals. */
const IN_TURNS = [1000, 4000, 8000];
/** More than one core can serve, to show which limit comes first. */
const BEYOND = [10_000, 12_000];
const GROWTH = [10, 100, 1000, 2000, 4000, 8000, ...BEYOND];
/** New listeners a second; each receives four seconds of song at once. */
const COMING = 500;

/** All servers, with increasing numbers of listeners. */
export async function listeners(
  shop: Workshop,
  results: Results,
): Promise<Point[]> {
  const points: Point[] = [];
  const seconds = shop.options.quick ? 10 : 30;
  for (const count of GROWTH) {
    const rounds = IN_TURNS.includes(count) ? roundsAt(shop, count) : 1;
    const failed = new Set<string>();
    for (let round = 0; round < rounds; round++) {
      for (const streamer of streamers(shop)) {
        const { who } = streamer;
        if (!streamer.listeners.includes(count) || failed.has(who)) continue;
        if (round > 0 && !streamer.listeners.includes(8000)) continue;
        try {
          points.push(await measure(streamer, shop, count, seconds));
        } catch (error) {
          failed.add(who);
          results.note(
            `${count} listeners: ${who}: ${(error as Error).message}`,
          );
        }
      }
    }
  }
  addRows(results, points);
  addGoals(results);
  return points;
}

function roundsAt(shop: Workshop, count: number): number {
  const { rounds, quick } = shop.options;
  if (quick) return 1;
  return count === 8000 ? Math.min(rounds, 3) : rounds;
}

function streamers(shop: Workshop): Streamer[] {
  // All begin within the first 200 s of the song, so that none reaches its end.
  const spread = (count: number) => `spread=${Math.min(0.05, 200 / count)}`;
  const ticker = (ms: number) => () =>
    startSender(
      shop,
      "raw",
      ...["ticker", shop.hotSong, "20000", `${CD_RATE}`, `${ms}`],
      `${4 * CD_RATE}`,
    );
  return [
    { who: "C ticker, 1 s", listeners: GROWTH, start: ticker(1000) },
    {
      who: US,
      listeners: GROWTH,
      start: () => startWarm(shop),
      more: (count) => [spread(count)],
    },
    {
      who: "floor",
      listeners: [...IN_TURNS, ...BEYOND],
      start: () => startFloor("radio", shop.hotSong, "session"),
    },
    { who: "C ticker, 0.1 s", listeners: [1000, 4000], start: ticker(100) },
    {
      who: "nginx",
      listeners: [10, 100, 1000, 2000],
      start: () => startNginx(shop, shop.hotFolder, "song.wav"),
      more: () => ["pull=1"],
    },
    {
      who: "Python",
      listeners: [10, 100, 1000],
      start: () => startPython(shop, shop.hotSong),
      more: () => ["pull=1"],
    },
    {
      who: "icecast",
      listeners: [10, 100, 1000],
      start: () => startIcecast(shop),
    },
    {
      who: "snapserver",
      listeners: [10, 100, 1000],
      start: () => startSnapserver(shop),
    },
  ];
}

/** Starts our server with the song already in memory, so that no listener pays for it. */
async function startWarm(
  shop: Workshop,
): Promise<Server & { baseRssBytes: number }> {
  const ours = await startOurs(shop.hotFolder);
  const ask = askOurs(ours, "song");
  await throughput(shop, ask, 1, 2);
  await sleep(500);
  return {
    pid: ours.pid,
    ask,
    baseRssBytes: rssBytes(ours.pid),
    [Symbol.asyncDispose]: () => ours[Symbol.asyncDispose](),
  };
}

async function measure(
  streamer: Streamer,
  shop: Workshop,
  count: number,
  seconds: number,
): Promise<Point> {
  await using server = await streamer.start();
  const base = server.baseRssBytes ?? rssBytes(server.pid);
  const more = streamer.more?.(count) ?? [];
  const ramp = `ramp=${COMING}`;
  const found = await paced(shop, server, count, seconds, ramp, ...more);
  return { who: streamer.who, listeners: count, baseRssBytes: base, ...found };
}

function addRows(results: Results, points: Point[]): void {
  const groups = Map.groupBy(points, (p) => `${p.listeners} ${p.who}`);
  const add = (
    what: string,
    unit: string,
    value: (point: Point) => number,
  ) => {
    for (const same of groups.values()) {
      const [{ listeners, who }] = same;
      results.add(
        `${listeners} listeners: ${what}`,
        who,
        unit,
        same.map(value),
      );
    }
  };
  add("CPU", "% of a core", (p) => p.cpu * 100);
  add("late", "MB", (p) => p.late / 1e6);
  add(`late while ${COMING} a second come`, "MB", (p) => p.lateBefore / 1e6);
  add(
    "memory each",
    "KiB",
    (p) => Math.max(0, p.rssBytes - p.baseRssBytes) / p.listeners / 1024,
  );
  add("one more, to its first byte", "us", (p) => p.latencyUs);
  const memory = (count: number) =>
    median(
      points.filter((p) => p.who === US && p.listeners === count)
        .map((p) => p.rssBytes),
    );
  results.add("memory for each more, from 1000 to 4000", US, "KiB", [
    (memory(4000) - memory(1000)) / 3000 / 1024,
  ]);
  results.note(
    `the load took ${
      (median(points.filter((p) => p.listeners === 8000).map(loadCpu)) * 100)
        .toFixed(0)
    } % of its core at 8000 listeners`,
  );
  results.add(
    "memory with the song in it",
    US,
    "MB",
    points.filter((p) => p.who === US && p.listeners === 4000)
      .map((p) => p.baseRssBytes / 1e6),
  );
}

function loadCpu({ cpuSeconds, seconds }: Paced): number {
  return cpuSeconds / seconds;
}

function addGoals(results: Results): void {
  results.ratio("1000 listeners: CPU", "C ticker, 1 s", { atMost: 1.3 });
  results.bound("4000 listeners: CPU", { atMost: 20 });
  // The runtime's own cost of the same writes cannot be reduced here.
  for (const count of IN_TURNS) {
    results.ratio(`${count} listeners: CPU`, "floor", { atMost: 1.5 });
  }
  for (const count of IN_TURNS) {
    results.bound(`${count} listeners: late`, { atMost: 0 });
  }
  results.bound("4000 listeners: memory each", { atMost: 32 });
}
