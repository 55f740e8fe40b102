/**
 * A large library: ten thousand songs, from the server's start to its index,
 * and then listed and searched.
 *
 * @module
 */

import { ClientSession } from "../../lib/client/client_session.ts";
import { systemClock } from "../../lib/io/clock.ts";
import { TcpConnector } from "../../lib/io/tcp.ts";
import { type Results, US } from "../results.ts";
import { startOurs } from "../servers.ts";
import { writeSong } from "../songs.ts";
import type { Workshop } from "../workshop.ts";

const SONGS = 10_000;
const FOLDERS = 100;

/** Start, list and search with many songs. */
export async function library(shop: Workshop, results: Results): Promise<void> {
  await writeLibrary(shop.path("library"));
  const starts: number[] = [];
  const all: number[] = [];
  const page: number[] = [];
  const search: number[] = [];
  for (let round = 0; round < shop.options.rounds; round++) {
    await using ours = await startOurs(shop.path("library"));
    starts.push(ours.startMs);
    const session = await ClientSession.open(
      new TcpConnector("127.0.0.1", ours.sessionPort),
      {
        clock: systemClock,
        identity: { name: "bench", device: crypto.randomUUID() },
        windowBytes: 65536,
      },
    );
    await session.welcome;
    page.push(await timed(() => session.request({ type: "list" })));
    all.push(await timed(() => listAll(session)));
    search.push(
      await timed(() => session.request({ type: "list", match: "77 song 4" })),
    );
    session.close();
  }
  const songs = "10,000 songs";
  results.add(`${songs}: start to listening`, US, "ms", starts);
  results.add(`${songs}: list of the first 1,000`, US, "ms", page);
  results.add(`${songs}: list of all`, US, "ms", all);
  results.add(`${songs}: search`, US, "ms", search);
  results.bound(`${songs}: start to listening`, { atMost: 1000 });
  results.bound(`${songs}: list of all`, { atMost: 50 });
  results.bound(`${songs}: search`, { atMost: 50 });
}

async function listAll(session: ClientSession): Promise<void> {
  let after: string | undefined;
  let count = 0;
  do {
    const { songs, more } = await session.request({ type: "list", after });
    count += songs.length;
    after = more ? songs.at(-1)!.name : undefined;
  } while (after !== undefined);
  if (count !== SONGS) throw new Error(`${count} songs listed`);
}

async function writeLibrary(folder: string): Promise<void> {
  await Deno.mkdir(folder);
  await writeSong(`${folder}/first.wav`, 0.01);
  const song = await Deno.readFile(`${folder}/first.wav`);
  await Deno.remove(`${folder}/first.wav`);
  for (let i = 0; i < SONGS; i++) {
    const album = `${folder}/album ${i % FOLDERS}`;
    if (i < FOLDERS) await Deno.mkdir(album);
    await Deno.writeFile(`${album}/song ${i}.wav`, song);
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}
