/**
 * A large library: ten thousand songs, indexed at the server's start, then listed
 * and searched.
 *
 * @module
 */

import type { ClientSession } from "../../lib/client/client_session.ts";
import type { SongRow } from "../../lib/wire/messages.ts";
import { type Results, US } from "../results.ts";
import { startFloor, startOurs } from "../servers.ts";
import { openSession } from "../session.ts";
import { writeSong } from "../songs.ts";
import { inTurns } from "../stats.ts";
import type { Workshop } from "../workshop.ts";

const SONGS = 10_000;
const FOLDERS = 100;

/** Start, list and search with many songs. */
export async function library(shop: Workshop, results: Results): Promise<void> {
  await writeLibrary(shop.path("library"));
  const starts: number[] = [];
  const page: number[] = [];
  const search: number[] = [];
  const index = shop.path("library.json");
  const whole = await inTurns(shop.options.rounds, [
    {
      who: US,
      async run() {
        await using ours = await startOurs(shop.path("library"));
        starts.push(ours.startMs);
        const session = await openSession(ours.sessionPort);
        page.push(await timed(() => session.request({ type: "list" })));
        let songs: SongRow[] = [];
        const ms = await timed(async () => songs = await listAll(session));
        search.push(
          await timed(() =>
            session.request({ type: "list", match: "77 song 4" })
          ),
        );
        session.close();
        await Deno.writeTextFile(index, JSON.stringify(songs));
        return ms;
      },
    },
    {
      who: "floor",
      async run() {
        await using server = await startFloor("list", index);
        const port = Number(server.ask[2]);
        await listOfFloor(port, 1); // ours has served one page by then too
        return await timed(() => listOfFloor(port, SONGS / 1000));
      },
    },
  ]);
  const songs = "10,000 songs";
  results.add(`${songs}: start to listening`, US, "ms", starts);
  results.add(`${songs}: list of the first 1,000`, US, "ms", page);
  results.addTurns(`${songs}: list of all`, "ms", whole);
  results.add(`${songs}: search`, US, "ms", search);
  results.bound(`${songs}: start to listening`, { atMost: 1000 });
  results.bound(`${songs}: list of all`, { atMost: 50 });
  results.ratio(`${songs}: list of all`, "floor", { atMost: 2.5 });
  results.bound(`${songs}: search`, { atMost: 50 });
}

async function listAll(session: ClientSession): Promise<SongRow[]> {
  const all: SongRow[] = [];
  let after: string | undefined;
  do {
    const { songs, more } = await session.request({ type: "list", after });
    all.push(...songs);
    after = more ? songs.at(-1)!.name : undefined;
  } while (after !== undefined);
  if (all.length !== SONGS) throw new Error(`${all.length} songs listed`);
  return all;
}

/** Requests pages from the floor, one after the other, and parses each. */
async function listOfFloor(port: number, pages: number): Promise<void> {
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const text = new TextDecoder();
  const buffer = new Uint8Array(1 << 20);
  for (let i = 0; i < pages; i++) {
    await conn.write(new Uint8Array(1));
    let fill = 0;
    let length = 4;
    while (fill < length) {
      fill += await conn.read(buffer.subarray(fill)) ?? NaN;
      length = 4 + new DataView(buffer.buffer).getUint32(0);
    }
    JSON.parse(text.decode(buffer.subarray(4, fill)));
  }
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
