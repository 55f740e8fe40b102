/**
 * Large libraries of tagged songs: the first scan of ten thousand, beside that of
 * MPD, and the start, memory and pages of a hundred thousand.
 *
 * @module
 */

import { ClientSession } from "../../lib/client/client_session.ts";
import { systemClock } from "../../lib/io/clock/clock.ts";
import { TcpConnector } from "../../lib/io/net/tcp.ts";
import type { SongSort } from "../../lib/ports/library.ts";
import {
  freePort,
  isThere,
  portOpen,
  rssBytes,
  Running,
  sleep,
} from "../programs.ts";
import { type Results, US } from "../results.ts";
import { type Ours, startOurs } from "../servers.ts";
import { inTurns } from "../stats.ts";
import { writeTaggedSongs } from "../tagged_songs.ts";
import type { Workshop } from "../workshop.ts";

const FEW = 10_000;
const MANY = 100_000;
const SORTS: readonly (SongSort | undefined)[] = [
  ...[undefined, "natural", "title", "added", "album"] as const,
];

/** Scans of 10,000 tagged songs, and the use of 100,000. */
export async function scan(shop: Workshop, results: Results): Promise<void> {
  const few = shop.path("tagged");
  await writeTaggedSongs(few, FEW);
  const what = "10,000 tagged songs: first scan";
  const peers = [{ who: US, run: () => scanOurs(few) }];
  if (await isThere("mpd")) {
    peers.push({ who: "MPD", run: () => scanMpd(shop, few) });
  } else results.note("the scan of MPD needs mpd");
  const turns = await inTurns(shop.options.rounds, peers);
  results.addTurns(what, "ms", turns);
  results.bound(what, { atMost: 20_000 });
  if (shop.options.quick) return;
  await many(shop, results);
}

async function many(shop: Workshop, results: Results): Promise<void> {
  const [music, data] = [shop.path("many"), shop.path("many.data")];
  await writeTaggedSongs(music, MANY);
  {
    await using ours = await startOurs(music, "--data", data);
    await scanned(ours, MANY);
  }
  const [starts, pages, memory]: number[][] = [[], [], []];
  for (let i = 0; i < shop.options.rounds; i++) {
    await using ours = await startOurs(music, "--data", data);
    starts.push(ours.startMs);
    await using session = await openSession(ours);
    const times: number[] = [];
    for (const sort of SORTS) {
      times.push(await timed(() => session.ask({ type: "list", sort })));
    }
    for (const match of ["etudes", "no such song"]) {
      times.push(await timed(() => session.ask({ type: "list", match })));
    }
    pages.push(Math.max(...times));
    memory.push(rssBytes(ours.pid) / 1e6);
  }
  const songs = "100,000 tagged songs";
  results.add(`${songs}: start to listening`, US, "ms", starts);
  results.add(`${songs}: slowest page of seven`, US, "ms", pages);
  results.add(`${songs}: memory`, US, "MB", memory);
  results.bound(`${songs}: start to listening`, { atMost: 3000 });
  results.bound(`${songs}: slowest page of seven`, { atMost: 50 });
  results.bound(`${songs}: memory`, { atMost: 150 });
}

async function scanOurs(music: string): Promise<number> {
  const beganMs = performance.now();
  await using ours = await startOurs(music, "--data", "off");
  await scanned(ours, FEW);
  return performance.now() - beganMs;
}

/** Waits until a server lists so many songs. */
async function scanned(ours: Ours, count: number): Promise<void> {
  await using session = await openSession(ours);
  for (;;) {
    const { total } = await session.ask({ type: "artists", limit: 1 });
    const { songs } = await session.ask({
      ...{ type: "list", match: `etudes ${count - 1}`, limit: 1 },
    });
    if (total === count / 50 && songs.length > 0) return;
    await sleep(50);
  }
}

/**
 * The time of MPD from its start to the end of its first update, which `status`
 * no longer names then.
 */
async function scanMpd(shop: Workshop, music: string): Promise<number> {
  const port = freePort();
  const folder = await Deno.makeTempDir({ dir: shop.path(".") });
  const config = `${folder}/mpd.conf`;
  await Deno.writeTextFile(
    config,
    `music_directory "${music}"
db_file "${folder}/db"
log_file "${folder}/log"
bind_to_address "127.0.0.1"
port "${port}"
auto_update "no"
zeroconf_enabled "no"
audio_output {
  type "null"
  name "null"
}
`,
  );
  const beganMs = performance.now();
  await using _ = new Running(["mpd", "--no-daemon", config]);
  await portOpen(port);
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const ask = async (words: string) => {
    await conn.write(new TextEncoder().encode(`${words}\n`));
    const buffer = new Uint8Array(4096);
    const count = await conn.read(buffer) ?? 0;
    return new TextDecoder().decode(buffer.subarray(0, count));
  };
  await conn.read(new Uint8Array(64)); // its greeting
  while ((await ask("status")).includes("updating_db")) {
    await sleep(20);
  }
  return performance.now() - beganMs;
}

async function openSession(ours: Ours) {
  const session = await ClientSession.open(
    new TcpConnector("127.0.0.1", ours.sessionPort),
    {
      clock: systemClock,
      identity: { name: "bench", device: crypto.randomUUID() },
      windowBytes: 65536,
    },
  );
  await session.welcome;
  return {
    ask: session.request.bind(session) as typeof session.request,
    [Symbol.asyncDispose]: () => Promise.resolve(session.close()),
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const beganMs = performance.now();
  await work();
  return performance.now() - beganMs;
}
