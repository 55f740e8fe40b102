import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { join } from "@std/path";
import { systemClock } from "../../../lib/io/clock/clock.ts";
import { SongFiles } from "../../../lib/io/songs/song_files.ts";
import { ascii, chunk, fmt, riff } from "../../audio/fixtures/riff.ts";
import { openScanned } from "../../support/scanned_folder.ts";

const LIMITS = { maxUploadBytes: 1e9, minFreeBytes: 0, maxSongs: 1000 };

function tagged(title: string): Uint8Array {
  const text = chunk("INAM", [...ascii(title), 0]);
  const pcm = chunk("data", Array(400).fill(1));
  return riff([fmt(), pcm, chunk("LIST", [...ascii("INFO"), ...text])]);
}

async function opened(folder: string, db: DatabaseSync): Promise<SongFiles> {
  const data = () => Promise.resolve({ db, isAlone: true });
  return await openScanned(folder, LIMITS, {}, data);
}

Deno.test("tags and the time when a song was first seen are kept across restarts", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "a.wav");
  await Deno.writeFile(path, tagged("One"));
  await Deno.utime(path, 1000, 1000);
  const db = new DatabaseSync(":memory:");
  const first = (await opened(folder, db)).find("a");
  assert.deepEqual(first?.tags, { title: "One" });
  assert.equal(first?.added, 1000); // from the file, as the index is new
  await Deno.writeFile(join(folder, "b.wav"), tagged("Two"));
  await Deno.utime(join(folder, "b.wav"), 1000, 1000);
  const again = await opened(folder, db);
  assert.deepEqual(again.find("a"), first);
  assert.ok(again.find("b")!.added! > 1_000_000_000);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("tags edited in place are noticed, although scans do not read files", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "a.wav");
  await Deno.writeFile(path, tagged("One"));
  await Deno.utime(path, 1000, 1000);
  const db = new DatabaseSync(":memory:");
  const files = await opened(folder, db);
  await Deno.writeFile(path, tagged("Two"));
  await files.rescan();
  assert.equal(files.find("a")?.tags?.title, "One");
  await files.retag(systemClock, new AbortController().signal);
  assert.equal(files.find("a")?.tags?.title, "Two");
  const song = files.find("a");
  await files.rescan();
  await files.retag(systemClock, new AbortController().signal);
  assert.deepEqual(files.find("a"), song);
  assert.equal((await opened(folder, db)).find("a")?.tags?.title, "Two");
  await Deno.remove(folder, { recursive: true });
});
