import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { DatabaseSync, StatementSync } from "node:sqlite";
import { dirname, fromFileUrl, join } from "@std/path";
import type { SongFormat } from "../../../lib/audio/format.ts";
import { songFormat, WavHeaderReader } from "../../../lib/audio/wav.ts";
import { wavHeader } from "../../../lib/audio/wav_writer.ts";
import type { StoredSong } from "../../../lib/io/cache/cache_index.ts";
import { DiskCache } from "../../../lib/io/cache/disk_cache.ts";

const ROOT = fromFileUrl(new URL("../../..", import.meta.url));
const SERVER = "localhost:4040";
const PLENTY = 1 << 30;
const LINUX_ROOT = Deno.build.os === "linux" && Deno.uid() === 0;

/** A song on a server, and its row in the server's list. */
interface Song {
  file: Uint8Array;
  sha256: string;
  row: { song: string; etag: string; bytes: number; format: SongFormat };
}

/** A different WAV file for each seed. */
function makeSong(song: string, seed: number, pcmBytes = 40_000): Song {
  const pcm = { encoding: "s16le", rate: 8000, channels: 1, bits: 16 } as const;
  const header = wavHeader(pcm, pcmBytes);
  const file = new Uint8Array(header.length + pcmBytes);
  file.set(header);
  for (let i = header.length; i < file.length; i++) {
    file[i] = Math.imul(i + seed, 2654435761) >>> 24;
  }
  const parsed = new WavHeaderReader().push(file);
  assert(parsed);
  return {
    file,
    sha256: sha256Of(file),
    row: {
      song,
      etag: `etag-${seed}`,
      bytes: file.length,
      format: songFormat(parsed, file.length),
    },
  };
}

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** A test's folder, and the caches opened in it. */
async function temporary() {
  const folder = await Deno.makeTempDir({ prefix: "ondacast-cache-" });
  const caches: DiskCache[] = [];
  return {
    folder,
    async open(maxBytes = PLENTY, nowMs?: () => number): Promise<DiskCache> {
      const cache = await DiskCache.open(folder, maxBytes, nowMs);
      caches.push(cache);
      return cache;
    },
    async [Symbol.asyncDispose]() {
      for (const cache of caches) cache[Symbol.dispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** The path of a song's file. */
function pathOf(cache: DiskCache, song: StoredSong): string {
  return join(cache.folder, "songs", `${song.file}.wav`);
}

/** The names of all songs in the cache. */
async function namesIn(cache: DiskCache): Promise<string[]> {
  return (await cache.list()).map(({ song }) => song);
}

/** Stores the rest of a song. */
async function storeAll(
  cache: DiskCache,
  song: Song,
  server = SERVER,
): Promise<StoredSong> {
  const writer = await cache.store(server, song.row);
  assert(writer, `${song.row.song} can be stored`);
  try {
    await writer.write(song.file.subarray(writer.storedBytes));
    return await writer.publish(song.sha256);
  } finally {
    await writer.close();
  }
}

/** Stores only a song's first bytes. */
async function storeHalf(cache: DiskCache, song: Song, bytes: number) {
  const writer = await cache.store(SERVER, song.row);
  assert(writer);
  await writer.write(song.file.subarray(0, bytes));
  await writer.close();
}

async function readWhole(
  cache: DiskCache,
  entry: StoredSong,
): Promise<Uint8Array> {
  const open = await cache.openWhole(entry);
  const bytes = new Uint8Array(entry.bytes + 1);
  const count = await open.read(bytes, 0);
  open.close();
  return bytes.subarray(0, count);
}

async function found(
  cache: DiskCache,
  song: string,
  server = SERVER,
): Promise<StoredSong> {
  const entry = await cache.find(server, song);
  assert(entry, `${song} is found`);
  return entry;
}

/** The files of songs, complete or not. */
async function songFilesIn(folder: string): Promise<string[]> {
  const names = await Array.fromAsync(Deno.readDir(join(folder, "songs")));
  return names.map(({ name }) => name).filter((it) => it.endsWith(".wav"));
}

// ------------------------------------------------------ storing and finding

Deno.test("DiskCache returns the bytes of a published song", async () => {
  await using at = await temporary();
  const cache = await at.open();
  const song = makeSong("live/Söng.wav", 1);
  const entry = await storeAll(cache, song);
  assert.equal(entry.whole, true);
  assert.equal(entry.sha256, song.sha256);
  assert.equal(entry.storedBytes, song.row.bytes);
  assert.deepEqual(entry.format, song.row.format);
  assert.deepEqual(await found(cache, "live/Söng.wav"), entry);
  assert(await cache.check(entry));
  assert.deepEqual(await readWhole(cache, entry), song.file);
  assert.deepEqual(await songFilesIn(at.folder), [`${entry.file}.wav`]);
});

Deno.test({
  name: "only this user can read a cache and its songs",
  ignore: Deno.build.os === "windows",
}, async () => {
  await using at = await temporary();
  using cache = await DiskCache.open(join(at.folder, "new/cache"), PLENTY);
  const entry = await storeAll(cache, makeSong("a.wav", 1));
  for (const path of [cache.folder, join(cache.folder, "songs")]) {
    assert.equal((await Deno.stat(path)).mode! & 0o777, 0o700);
  }
  assert.equal((await Deno.stat(pathOf(cache, entry))).mode! & 0o777, 0o600);
});

Deno.test("DiskCache.find() finds a name in any case and with or without its ending, and no other name", async () => {
  await using at = await temporary();
  const cache = await at.open();
  await storeAll(cache, makeSong("live/Söng.wav", 1));
  await storeAll(cache, makeSong("b.wav.wav", 2));
  const names = ["LIVE/SÖNG.WAV", "live/söng", "live/So\u0308ng.wav"];
  for (const name of names) {
    assert.equal((await found(cache, name)).song, "live/Söng.wav");
  }
  assert.equal((await found(cache, "live/söng", "LOCALHOST:4040")).whole, true);
  assert.equal(await cache.find("localhost:4041", "live/söng"), null);
  assert.equal(await cache.find(SERVER, "söng"), null);
  assert.equal(await cache.find(SERVER, "b.wav"), null);
});

Deno.test("a song that is closed during a read is read to its end", async () => {
  await using at = await temporary();
  const cache = await at.open();
  const song = makeSong("a.wav", 1, 4_000_000);
  const open = await cache.openWhole(await storeAll(cache, song));
  const into = new Uint8Array(song.row.bytes);
  const reads = [
    open.read(into.subarray(0, 3_000_000), 0),
    open.read(into.subarray(3_000_000), 3_000_000),
  ];
  open.close();
  assert.deepEqual(await Promise.all(reads), [3_000_000, 1_000_044]);
  assert.deepEqual(into, song.file);
});

Deno.test("DiskCache.openWhole() opens neither a partial song nor one that was replaced", async () => {
  await using at = await temporary();
  const cache = await at.open();
  const [one, two] = [makeSong("a.wav", 1), makeSong("a.wav", 2)];
  await storeHalf(cache, one, 5000);
  const half = await found(cache, "a");
  assert.equal(half.whole, false);
  assert.equal(await cache.check(half), false);
  await assert.rejects(cache.openWhole(half), { code: "changed" });
  const old = await storeAll(cache, one);
  const open = await cache.openWhole(old);
  await storeAll(cache, two);
  await assert.rejects(cache.openWhole(old), { code: "changed" });
  await cache.remove(old);
  assert.equal((await found(cache, "a")).etag, "etag-2", "the new one stays");
  const into = new Uint8Array(one.row.bytes);
  await open.read(into, 0);
  open.close();
  assert.deepEqual(
    into,
    one.file,
    "an open song is read to its end",
  );
});

// --------------------------------------------------------- partial downloads

Deno.test("a partial download is continued, and read while it grows", async () => {
  await using at = await temporary();
  const song = makeSong("a.wav", 1);
  for (const bytes of [1, 10_000, 30_000, song.row.bytes]) {
    const cache = await at.open();
    const writer = await cache.store(SERVER, song.row);
    assert(writer);
    await writer.write(song.file.subarray(writer.storedBytes, bytes));
    assert.equal(writer.storedBytes, bytes);
    const into = new Uint8Array(bytes + 10);
    assert.equal(await writer.read(into, 0), bytes);
    assert.deepEqual(into.subarray(0, bytes), song.file.subarray(0, bytes));
    assert.equal(await writer.read(into, bytes), 0);
    assert.equal(await writer.read(into, bytes + 5), 0);
    await writer.close();
    const half = await found(cache, "a");
    assert.equal(half.whole, false);
    assert.equal(half.sha256, null);
    assert.equal(half.storedBytes, bytes);
  }
  const cache = await at.open();
  const writer = await cache.store(SERVER, song.row);
  assert.equal(writer?.storedBytes, song.row.bytes);
  const entry = await writer!.publish(undefined);
  const into = new Uint8Array(20);
  assert.equal(await writer!.read(into, 100), 20, "reading goes on");
  assert.deepEqual(into, song.file.subarray(100, 120));
  await writer!.close();
  assert.equal(entry.sha256, song.sha256, "the prefix was hashed too");
  assert.deepEqual(await readWhole(cache, entry), song.file);
});

Deno.test("a partial download of other content is started over", async () => {
  const changes: [string, Partial<Song["row"]>][] = [
    ["etag", { etag: "other" }],
    ["length", { bytes: 50_000 }],
  ];
  for (const [what, change] of changes) {
    await using at = await temporary();
    const cache = await at.open();
    const song = makeSong("a.wav", 1);
    await storeHalf(cache, song, 9000);
    const writer = await cache.store(SERVER, { ...song.row, ...change });
    assert.equal(writer?.storedBytes, 0, what);
    await writer?.close();
    assert.deepEqual(await cache.list(), [], "nothing stored leaves nothing");
  }
});

Deno.test("no byte is left of a partial download of other content", async () => {
  await using at = await temporary();
  const cache = await at.open();
  const short = makeSong("a.wav", 2, 5000);
  await storeHalf(cache, makeSong("a.wav", 1), 30_000);
  await storeHalf(cache, short, 100);
  assert.equal((await found(cache, "a")).storedBytes, 100);
  const entry = await storeAll(cache, short);
  assert.deepEqual(await readWhole(cache, entry), short.file);
});

Deno.test("the old song stays complete while new content is stored", async () => {
  await using at = await temporary();
  const cache = await at.open();
  const [one, two] = [makeSong("a.wav", 1), makeSong("a.wav", 2, 50_000)];
  await storeAll(cache, one);
  await storeHalf(cache, two, 9000);
  assert.deepEqual(
    (await cache.list()).map(({ etag, whole }) => [etag, whole]),
    [["etag-1", true], ["etag-2", false]],
  );
  assert.deepEqual(await readWhole(cache, await found(cache, "a")), one.file);
  await storeAll(cache, two);
  const entry = await found(cache, "a");
  assert.deepEqual(await cache.list(), [entry]);
  assert.deepEqual(await readWhole(cache, entry), two.file);
});

Deno.test("songs whose names differ only in case or normal form are kept apart", async () => {
  await using at = await temporary();
  const cache = await at.open();
  const names = ["Song.wav", "song.WAV", "f\u00fcr.wav", "fu\u0308r.wav"];
  const songs = names.map((name, i) => makeSong(`live/${name}`, i));
  for (const song of songs) await storeAll(cache, song);
  for (const song of songs) {
    const entry = await found(cache, song.row.song);
    assert.deepEqual(await readWhole(cache, entry), song.file);
    await storeAll(cache, { ...song, row: { ...song.row, etag: "new" } });
    assert.equal((await songFilesIn(at.folder)).length, songs.length);
  }
  assert.equal(
    await cache.find(SERVER, "live/SONG"),
    null,
    "only the server can tell which one is meant",
  );
});

Deno.test("find() finds a name in any case and normal form if only one song matches", async () => {
  await using at = await temporary();
  const cache = await at.open();
  await storeAll(cache, makeSong("Live/Fu\u0308r Elise.WAV", 1));
  for (const name of ["live/für elise", "LIVE/FÜR ELISE.wav"]) {
    const entry = await found(cache, name);
    assert.equal(entry.song, "Live/Fu\u0308r Elise.WAV");
  }
});

Deno.test("CacheWriter.publish() refuses a wrong hash or length, and removes the part", async () => {
  const song = makeSong("a.wav", 1);
  const cases: [string, number, string | undefined][] = [
    ["another hash", song.row.bytes, "0".repeat(64)],
    ["no hash at all", song.row.bytes, ""],
    ["too few bytes", song.row.bytes - 1, undefined],
    ["nothing", 0, song.sha256],
  ];
  for (const [what, bytes, sha256] of cases) {
    await using at = await temporary();
    const cache = await at.open();
    const writer = await cache.store(SERVER, song.row);
    assert(writer);
    await writer.write(song.file.subarray(0, bytes));
    await assert.rejects(writer.publish(sha256), { code: "bad-hash" }, what);
    await writer.close();
    assert.equal(await cache.find(SERVER, "a"), null);
    assert.deepEqual(await songFilesIn(at.folder), []);
    const again = await cache.store(SERVER, song.row);
    assert.equal(again?.storedBytes, 0);
    await again?.close();
  }
});

Deno.test("CacheWriter.publish() accepts a hash in capitals", async () => {
  await using at = await temporary();
  const cache = await at.open();
  const song = makeSong("a.wav", 1);
  await storeAll(cache, { ...song, sha256: song.sha256.toUpperCase() });
  assert(await cache.check(await found(cache, "a")));
});

Deno.test("CacheWriter.write() refuses bytes beyond the song's length, and keeps those before", async () => {
  await using at = await temporary();
  const cache = await at.open();
  const song = makeSong("a.wav", 1);
  const writer = await cache.store(SERVER, song.row);
  assert(writer);
  await writer.write(song.file.subarray(0, 40_000));
  await assert.rejects(writer.write(song.file), { code: "too-large" });
  assert.equal(writer.storedBytes, 40_000);
  await writer.write(song.file.subarray(40_000, 40_010));
  await writer.write(song.file.subarray(40_010));
  await writer.publish(song.sha256);
  await assert.rejects(writer.write(new Uint8Array(1)));
  await Promise.all([writer.close(), writer.close()]);
});

// ------------------------------------------------------------------ crashes

/** The calls that change a disk. */
const CHANGES = ["mkdir", "open", "rename", "remove"] as const;
const FILE_CHANGES = ["write", "sync", "truncate"] as const;
const ROW_CHANGES = ["get", "run"] as const;

/** Kills this process by SIGKILL before its change number `last`. */
function dieBefore(last: number): void {
  let count = 0;
  const wrap = (of: Record<string, unknown>, name: string) => {
    const change = of[name] as (...args: unknown[]) => unknown;
    of[name] = function (...args: unknown[]) {
      if (count++ === last) Deno.kill(Deno.pid, "SIGKILL");
      return change.apply(this, args);
    };
  };
  for (const name of CHANGES) wrap(Deno as never, name);
  for (const name of FILE_CHANGES) wrap(Deno.FsFile.prototype as never, name);
  for (const name of ROW_CHANGES) wrap(StatementSync.prototype as never, name);
}

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

/** The roles of this file when a test runs it as a program. */
const ROLES = {
  /** Stores a song, and is killed before a change of this number. */
  async crash(folder: string, song: string, last: string) {
    using cache = await DiskCache.open(folder, PLENTY);
    const fresh = makeSong(song, 2);
    dieBefore(Number(last));
    const writer = await cache.store(SERVER, fresh.row);
    await writer!.write(fresh.file.subarray(writer!.storedBytes, 20_000));
    await writer!.write(fresh.file.subarray(20_000));
    await writer!.publish(fresh.sha256);
    await writer!.close();
    say("done");
  },
  /** Stores half a song, and keeps the writer open until it is killed. */
  async hold(folder: string, song: string) {
    using cache = await DiskCache.open(folder, PLENTY);
    const fresh = makeSong(song, 1);
    const writer = await cache.store(SERVER, fresh.row);
    await writer!.write(fresh.file.subarray(0, 20_000));
    say("holding");
    await Deno.stdin.read(new Uint8Array(1));
    await writer!.close();
  },
  /** Stores songs as fast as possible; prints how many were published. */
  async race(folder: string, maxBytes: string, rounds: string) {
    using cache = await DiskCache.open(folder, Number(maxBytes));
    let published = 0;
    for (let round = 0; round < Number(rounds); round++) {
      const song = makeSong(`${round % 5}.wav`, round % 10);
      const writer = await cache.store(SERVER, song.row);
      if (writer) {
        await writer.write(song.file.subarray(writer.storedBytes));
        await writer.publish(song.sha256);
        await writer.close();
        published++;
      }
      const entry = await cache.find(SERVER, song.row.song);
      if (!entry?.whole) continue;
      let bytes: Uint8Array;
      try {
        bytes = await readWhole(cache, entry);
      } catch (error) {
        if ((error as { code?: string }).code === "changed") continue;
        throw error;
      }
      assert.equal(sha256Of(bytes), entry.sha256, "what is opened is right");
    }
    say(`published ${published}`);
  },
};

function startRole(role: keyof typeof ROLES, ...args: string[]) {
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-check", "--allow-all"],
      ...["--config", join(ROOT, "deno.json")],
      ...[fromFileUrl(import.meta.url), role, ...args],
    ],
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** A program's output, once it has exited or was killed. */
async function ended(child: Deno.ChildProcess) {
  await child.stdin.close().catch(() => {});
  const { stdout, stderr, signal } = await child.output();
  const text = new TextDecoder();
  return { stdout: text.decode(stdout), stderr: text.decode(stderr), signal };
}

const CRASHES = [
  { title: "the first of its name", before: null, song: "live/song.wav" },
  { title: "new content", before: "live/song.wav", song: "live/song.wav" },
];

for (const { title, before, song } of CRASHES) {
  Deno.test({
    name:
      `a kill before any change to the disk leaves the old song or the new one: ${title}`,
    ignore: Deno.build.os === "windows",
  }, async () => {
    const old = before === null ? null : makeSong(before, 1);
    const fresh = makeSong(song, 2);
    const dies = async (last: number): Promise<boolean> => {
      await using at = await temporary();
      const cache = await at.open();
      if (old) await storeAll(cache, old);
      const result = await ended(
        startRole("crash", at.folder, song, `${last}`),
      );
      const died = result.signal === "SIGKILL";
      assert(died || result.stdout === "done\n", result.stderr);
      const reopened = await at.open();
      const entry = await reopened.find(SERVER, song);
      if (entry?.whole) {
        const is = entry.etag === "etag-2" ? fresh : old;
        assert.deepEqual(await readWhole(reopened, entry), is?.file);
        assert.equal(entry.sha256, is?.sha256);
      } else {
        assert.equal(old, null, `before change ${last} the old song was lost`);
      }
      const half = (await reopened.list()).find(({ whole }) => !whole);
      const writer = await reopened.store(SERVER, fresh.row);
      assert(writer, "its lock died with it");
      assert.equal(writer.storedBytes, half?.storedBytes ?? 0);
      await writer.close();
      const now = await storeAll(reopened, fresh);
      assert.deepEqual(await reopened.list(), [now]);
      assert.deepEqual(await readWhole(reopened, now), fresh.file);
      await at.open();
      assert.deepEqual(await songFilesIn(at.folder), [`${now.file}.wav`]);
      return died;
    };
    let stages = 0;
    for (let all = true; all; stages += 4) {
      const some = [0, 1, 2, 3].map((more) => dies(stages + more));
      all = (await Promise.all(some)).every(Boolean);
    }
    assert(stages > 8, `${stages} stages`);
  });
}

Deno.test("a program that stores a song locks it until it exits or is killed", async () => {
  await using at = await temporary();
  const song = makeSong("a.wav", 1);
  await using child = startRole("hold", at.folder, "a.wav");
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  assert.equal(new TextDecoder().decode(value), "holding\n");
  const cache = await at.open(song.row.bytes + 100);
  assert.equal(await cache.store(SERVER, song.row), null);
  assert.equal(await cache.store(SERVER, { ...song.row, etag: "x" }), null);
  const half = await found(cache, "a");
  assert.equal(half.storedBytes, 20_000);
  assert.equal(await cache.remove(half), false);
  const other = await storeAll(cache, makeSong("b.wav", 2));
  assert.deepEqual(
    await namesIn(cache),
    ["a.wav", "b.wav"],
    "what another program stores is not evicted, though it is too much",
  );
  await cache.remove(other);
  child.kill("SIGKILL");
  await child.status;
  const writer = await cache.store(SERVER, song.row);
  assert.equal(writer?.storedBytes, 20_000);
  await writer?.close();
  await reader.cancel();
  await child.stdin.close().catch(() => {});
  await child.stderr.cancel();
  assert(await cache.remove(await found(cache, "a")));
});

Deno.test("programs that store, replace and evict the same songs concurrently read the right bytes", async () => {
  await using at = await temporary();
  const maxBytes = 3.5 * makeSong("a.wav", 1).row.bytes;
  const results = await Promise.all(
    [1, 2, 3].map(() =>
      ended(startRole("race", at.folder, `${maxBytes}`, "60"))
    ),
  );
  let published = 0;
  for (const { stdout, stderr } of results) {
    const [, count] = /^published (\d+)\n$/.exec(stdout) ?? [];
    assert(count, stderr);
    published += Number(count);
  }
  assert(published >= 60, `${published} published`);
  const cache = await at.open(maxBytes);
  await storeAll(cache, makeSong("last.wav", 99));
  const entries = await cache.list();
  assert(entries.reduce((sum, entry) => sum + entry.bytes, 0) <= maxBytes);
  for (const entry of entries) assert(await cache.check(entry), entry.song);
  await at.open(maxBytes);
  assert.equal((await songFilesIn(at.folder)).length, entries.length);
});

Deno.test("two caches of one program share a folder", async () => {
  await using at = await temporary();
  const [one, two] = await Promise.all([
    at.open(),
    at.open(),
  ]);
  const song = makeSong("a.wav", 1);
  const writers = await Promise.all([
    one.store(SERVER, song.row),
    two.store(SERVER, song.row),
  ]);
  const [writer, none] = writers[0] ? writers : writers.toReversed();
  assert(writer);
  assert.equal(none, null);
  await writer.write(song.file);
  assert.equal(await two.store(SERVER, song.row), null);
  const entry = await writer.publish(song.sha256);
  assert.deepEqual(await readWhole(two, await found(two, "a")), song.file);
  const again = await two.store(SERVER, song.row);
  assert(again, "published, it is held no more");
  await again.close();
  await writer.close();
  await two.remove(entry);
  assert.equal(await one.find(SERVER, "a"), null);
});

// --------------------------------------------------------------- corruption

const DAMAGES: [string, (path: string, song: Song) => Promise<void>][] = [
  ["another byte", async (path, { file }) => {
    const bytes = file.slice();
    bytes[30_000] ^= 1;
    await Deno.writeFile(path, bytes);
  }],
  ["a byte less", (path, { row }) => Deno.truncate(path, row.bytes - 1)],
  [
    "a byte more",
    (path) => Deno.writeFile(path, new Uint8Array(1), { append: true }),
  ],
  ["no bytes", (path) => Deno.truncate(path, 0)],
];

for (const [what, damage] of DAMAGES) {
  Deno.test(`check() detects a song with ${what}`, async () => {
    await using at = await temporary();
    const cache = await at.open();
    const song = makeSong("live/a.wav", 1);
    const right = await storeAll(cache, makeSong("b.wav", 2));
    await damage(pathOf(cache, await storeAll(cache, song)), song);
    const entry = await found(cache, "live/a");
    assert.equal(await cache.check(entry), false);
    if (entry.storedBytes !== entry.bytes) {
      await assert.rejects(cache.openWhole(entry), { code: "changed" });
    }
    assert(await cache.check(right));
    assert(await cache.remove(entry));
    assert.deepEqual(await cache.list(), [right]);
    assert.deepEqual(await songFilesIn(at.folder), [`${right.file}.wav`]);
    assert(await cache.check(await storeAll(cache, song)), "fetched again");
  });
}

Deno.test("a song whose file was removed by a user is not in the cache", async () => {
  await using at = await temporary();
  const cache = await at.open();
  const entry = await storeAll(cache, makeSong("a.wav", 1));
  await Deno.remove(pathOf(cache, entry));
  assert.equal(await cache.find(SERVER, "a"), null);
  assert.deepEqual(await cache.list(), []);
  assert.equal(await cache.check(entry), false);
  await assert.rejects(cache.openWhole(entry), { code: "changed" });
  assert.equal(await cache.remove(entry), false);
});

/** Ways to corrupt the index of a cache with one song. */
const INDEX_HARMS: [string, (path: string) => void][] = [
  ["is not a database", (path) => Deno.writeTextFileSync(path, "x".repeat(99))],
  ["is truncated", (path) => Deno.truncateSync(path, 5000)],
  ["is of a later version", sql("PRAGMA user_version = 99")],
  ["has other tables", sql("DROP TABLE songs; CREATE TABLE songs (x)")],
  ["has no format", sql('UPDATE songs SET format = \'{"encoding":"mp3"}\'')],
  ["has broken JSON", sql("UPDATE songs SET format = '{'")],
  ["has an invalid hash", sql("UPDATE songs SET sha256 = '../../x'")],
  ["has a file that leads outside", sql("UPDATE songs SET file = '../../x'")],
  ["has a negative length", sql("UPDATE songs SET bytes = -1")],
  ["has a huge length", sql("UPDATE songs SET bytes = 9223372036854775807")],
];

function sql(statements: string): (path: string) => void {
  return (path) => {
    const db = new DatabaseSync(path);
    db.exec(statements);
    db.close();
  };
}

for (const [what, harm] of INDEX_HARMS) {
  Deno.test(`an index that ${what} is moved aside, and the cache is empty`, async () => {
    await using at = await temporary();
    const song = makeSong("a.wav", 1);
    {
      using cache = await DiskCache.open(at.folder, PLENTY);
      await storeAll(cache, song);
    }
    harm(join(at.folder, "songs", "index.db"));
    const cache = await at.open();
    assert.match(cache.note!, /index\.db cannot be used .* was moved to/);
    assert.deepEqual(await cache.list(), []);
    assert.deepEqual(await songFilesIn(at.folder), []);
    assert(await cache.check(await storeAll(cache, song)), "stored again");
    assert.equal((await at.open()).note, null);
  });
}

Deno.test("on a file system without shared memory, one program uses the cache at a time", async () => {
  await using at = await temporary();
  const memory = join(at.folder, "songs", "index.db-shm");
  await Deno.mkdir(memory, { recursive: true });
  const song = makeSong("a.wav", 1);
  {
    using cache = await DiskCache.open(at.folder, PLENTY);
    await storeAll(cache, song);
    await assert.rejects(at.open(), { code: "bad-folder", message: /locked/ });
  }
  const cache = await at.open();
  assert.equal(cache.note, null);
  assert(await cache.check(await found(cache, "a")));
});

Deno.test("a download with more bytes than the song is started over", async () => {
  await using at = await temporary();
  const cache = await at.open();
  const song = makeSong("a.wav", 1);
  await storeHalf(cache, song, 20_000);
  const path = pathOf(cache, await found(cache, "a"));
  await Deno.writeFile(path, new Uint8Array(song.row.bytes + 1));
  const writer = await cache.store(SERVER, song.row);
  assert.equal(writer?.storedBytes, 0);
  await writer?.close();
});

Deno.test("a corrupt partial song is refused, and then started over", async () => {
  await using at = await temporary();
  const cache = await at.open();
  const song = makeSong("a.wav", 1);
  await storeHalf(cache, song, 20_000);
  const path = pathOf(cache, await found(cache, "a"));
  await Deno.writeFile(path, new Uint8Array(20_000));
  await assert.rejects(storeAll(cache, song), { code: "bad-hash" });
  assert(await cache.check(await storeAll(cache, song)));
});

Deno.test("open() removes files of no song, and no files of others", async () => {
  await using at = await temporary();
  const kept = await storeAll(await at.open(), makeSong("a.wav", 1));
  const unknown = "0123456789abcdef".repeat(2);
  const others = ["my.wav", "notes.txt", `${unknown}`];
  for (const name of [`${unknown}.wav`, `${unknown}.lock`, ...others]) {
    await Deno.writeTextFile(join(at.folder, "songs", name), "x");
  }
  await Deno.writeTextFile(join(at.folder, "notes.txt"), "mine");
  const cache = await at.open();
  assert.deepEqual(await cache.list(), [kept]);
  const left = await Array.fromAsync(Deno.readDir(join(at.folder, "songs")));
  assert.deepEqual(
    left.map(({ name }) => name).filter((it) => !/^index|\.lock$/.test(it))
      .sort(),
    [`${kept.file}.wav`, ...others].sort(),
  );
  assert.equal(await Deno.readTextFile(join(at.folder, "notes.txt")), "mine");
});

// -------------------------------------------------------- the former layout

/** Stores a song in the layout without an index. */
async function storeOld(folder: string, id: string, song: Song, path: string) {
  const about = { server: SERVER, ...song.row, sha256: song.sha256 };
  const file = join(folder, "localhost_4040", ...path.split("/"));
  await Deno.mkdir(join(folder, ".index"), { recursive: true });
  await Deno.mkdir(dirname(file), { recursive: true });
  await Deno.writeFile(file, song.file);
  const index = join(folder, ".index", `${id.repeat(64)}.json`);
  await Deno.writeTextFile(index, JSON.stringify(about));
  await Deno.utime(index, 1_700_000_000, 1_700_000_000);
}

async function namesBelow(folder: string): Promise<string[]> {
  const names = await Array.fromAsync(Deno.readDir(folder));
  return names.map(({ name }) => name).sort();
}

Deno.test("complete songs of the old layout are adopted, and its other files are removed", async () => {
  await using at = await temporary();
  const [one, twin, half] = [1, 1, 2].map((seed, i) =>
    makeSong(`live/${i}?.wav`, seed)
  );
  await storeOld(at.folder, "a", one, "live/0%3F.wav");
  await storeOld(at.folder, "b", twin, "live/1%3F.wav");
  const index = join(at.folder, ".index");
  const about = JSON.stringify({ server: SERVER, ...half.row });
  await Deno.writeTextFile(join(index, `${"c".repeat(64)}.part.json`), about);
  await Deno.writeFile(join(index, `${"c".repeat(64)}.part`), half.file);
  await Deno.writeTextFile(join(index, `${"d".repeat(64)}.lock`), "");
  const cache = await at.open();
  assert.deepEqual(await namesIn(cache), ["live/0?.wav", "live/1?.wav"]);
  for (const song of [one, twin]) {
    const entry = await found(cache, song.row.song);
    assert.equal(entry.etag, song.row.etag);
    assert.equal(entry.usedAtMs, 1_700_000_000_000);
    assert(await cache.check(entry));
    assert.deepEqual(await readWhole(cache, entry), song.file);
  }
  assert.deepEqual(await namesBelow(at.folder), ["songs"]);
});

Deno.test("files that are not in the old index are left alone", async () => {
  await using at = await temporary();
  const [song, other] = [makeSong("a.wav", 1), makeSong("my.wav", 2)];
  await storeOld(at.folder, "a", song, "a.wav");
  const mine = join(at.folder, "localhost_4040", "my.wav");
  await Deno.writeFile(mine, other.file);
  const bad = { server: SERVER, ...other.row, sha256: "../../x" };
  await Deno.writeTextFile(
    join(at.folder, ".index", `${"b".repeat(64)}.json`),
    JSON.stringify(bad),
  );
  const cache = await at.open();
  assert.deepEqual(await namesIn(cache), ["a.wav"]);
  assert.deepEqual(await Deno.readFile(mine), other.file);
  assert.deepEqual(await namesBelow(at.folder), ["localhost_4040", "songs"]);
});

Deno.test("a song of the old layout does not replace a later download", async () => {
  await using at = await temporary();
  const [old, fresh] = [makeSong("a.wav", 1), makeSong("a.wav", 2)];
  await storeHalf(await at.open(), fresh, 20_000);
  await storeOld(at.folder, "a", old, "a.wav");
  const cache = await at.open();
  assert.equal((await found(cache, "a")).storedBytes, 20_000);
  const entry = await storeAll(cache, fresh);
  assert.deepEqual(await readWhole(cache, entry), fresh.file);
});

// ----------------------------------------------------------------- eviction

Deno.test("the least recently used songs are evicted, but not the one just published", async () => {
  await using at = await temporary();
  let nowMs = 1_700_000_000_000;
  const size = makeSong("a.wav", 1).row.bytes;
  const cache = await at.open(3 * size, () => nowMs);
  const songs = () => namesIn(cache);
  const later = () => nowMs += 60_000;
  for (const name of ["a.wav", "b.wav", "c.wav"]) {
    await storeAll(cache, makeSong(name, 1));
    later();
  }
  assert.deepEqual(await songs(), ["a.wav", "b.wav", "c.wav"]);
  await readWhole(cache, await found(cache, "a"));
  later();
  await storeAll(cache, makeSong("d.wav", 1));
  later();
  assert.deepEqual(await songs(), ["a.wav", "c.wav", "d.wav"], "b, not a");
  await storeHalf(cache, makeSong("e.wav", 1), 100);
  later();
  assert.deepEqual(await songs(), ["a.wav", "d.wav", "e.wav"], "parts count");
  await storeAll(cache, makeSong("f.wav", 1, 2 * size));
  assert.deepEqual(await songs(), ["e.wav", "f.wav"], "no more than needed");
  later();
  await storeAll(cache, makeSong("g.wav", 1, 3 * size - 44));
  assert.deepEqual(await songs(), ["g.wav"]);
  assert.equal((await songFilesIn(at.folder)).length, 1);
});

Deno.test("a song that is being stored is not evicted, even if others were used later", async () => {
  await using at = await temporary();
  let nowMs = 1_700_000_000_000;
  const size = makeSong("a.wav", 1).row.bytes;
  const cache = await at.open(2.5 * size, () => nowMs);
  const held = await cache.store(SERVER, makeSong("held.wav", 1).row);
  await held!.write(makeSong("held.wav", 1).file.subarray(0, 30_000));
  for (const name of ["b.wav", "c.wav"]) {
    nowMs += 60_000;
    await storeAll(cache, makeSong(name, 1));
  }
  assert.deepEqual(await namesIn(cache), ["c.wav", "held.wav"]);
  await held!.write(makeSong("held.wav", 1).file.subarray(30_000));
  assert(await cache.check(await held!.publish(undefined)));
  await held!.close();
});

Deno.test("a song larger than the cache is not stored, but one of its exact size is", async () => {
  await using at = await temporary();
  const song = makeSong("a.wav", 1);
  const small = await at.open(song.row.bytes - 1);
  assert.equal(await small.store(SERVER, song.row), null);
  const exact = await at.open(song.row.bytes);
  assert((await storeAll(exact, song)).whole);
});

Deno.test({
  name:
    "a full disk fails the write, and the download continues once there is space",
  ignore: !LINUX_ROOT,
}, async () => {
  await using at = await temporary();
  const run = async (...args: string[]) =>
    await new Deno.Command(args[0], { args: args.slice(1) }).output();
  const { success } = await run(
    ...["mount", "-t", "tmpfs", "-o", "size=256k", "none", at.folder],
  );
  assert(success, "tmpfs can be mounted");
  try {
    const cache = await at.open();
    const song = makeSong("a.wav", 1, 400_000);
    const writer = await cache.store(SERVER, song.row);
    assert(writer);
    const write = async () => {
      while (writer.storedBytes < song.row.bytes) {
        const from = writer.storedBytes;
        await writer.write(song.file.subarray(from, from + 50_001));
      }
    };
    await assert.rejects(write(), { code: "no-space" });
    const stored = writer.storedBytes;
    assert.equal(stored % 50_001, 0);
    assert(stored > 0);
    const info = await Deno.stat(pathOf(cache, await found(cache, "a")));
    assert.equal(info.size, stored, "nothing of the piece is left");
    const into = new Uint8Array(stored);
    assert.equal(await writer.read(into, 0), stored);
    assert.deepEqual(into, song.file.subarray(0, stored));
    await run("mount", "-o", "remount,size=2m", at.folder);
    await write();
    assert(await cache.check(await writer.publish(song.sha256)));
    await writer.close();
  } finally {
    await run("umount", "--lazy", at.folder);
  }
});

Deno.test("open() throws when the cache folder cannot be created", async () => {
  await using at = await temporary();
  const file = join(at.folder, "file");
  await Deno.writeTextFile(file, "");
  await assert.rejects(DiskCache.open(file, PLENTY), { code: "bad-folder" });
});

// ------------------------------------------------------------ hostile names

const LONG = "x".repeat(300);
const HOSTILE = [
  "../a.wav",
  "../../a.wav",
  "/etc/a.wav",
  "live/../../a.wav",
  "live/./a.wav",
  "a.wav\0.wav",
  "a.wav/",
  "",
  `${LONG}.wav`,
  "\u202egpj.wav",
  `${"a/".repeat(16)}a.wav`,
  "\ud800.wav",
];

for (const song of HOSTILE) {
  const title = JSON.stringify(song).slice(0, 60);
  Deno.test(`a song named ${title} is not stored`, async () => {
    await using at = await temporary();
    const cache = await at.open();
    const { row } = makeSong("a.wav", 1);
    assert.equal(await cache.store(SERVER, { ...row, song }), null);
    assert.equal(await cache.find(SERVER, song), null);
    assert.deepEqual(await songFilesIn(at.folder), []);
  });
}

/** Names that a server may serve, but that some systems cannot store. */
const NAMES = [
  "Who Are You?.wav",
  "Live: London.wav",
  'The "Best".wav',
  "A*Teens|<3>.wav",
  "back\\slash.wav",
  "live\\..\\a.wav",
  "C:/a.wav",
  "R.E.M./Losing.wav",
  "trail /x.wav",
  "Con.wav",
  "aux/x.wav",
  ".index/a.wav",
  "...Baby One More Time.wav",
  "100%.wav",
  "a%3F.wav",
  "👨\u200d👩.wav",
  "a.json",
  "a.exe",
  "a.wav",
  "a.wav/x.wav",
  `${"n".repeat(251)}.wav`,
  `${"?".repeat(255)}/a.wav`,
  `${"ü".repeat(127)}/`.repeat(15) + "a.wav",
];

Deno.test("songs of any name are stored, each in a file of its own", async () => {
  await using at = await temporary();
  const cache = await at.open();
  const songs = NAMES.map((name, i) => makeSong(name, i, 1000));
  for (const song of songs) {
    assert.equal((await storeAll(cache, song)).song, song.row.song);
  }
  for (const song of songs) {
    const entry = await found(cache, song.row.song);
    assert.deepEqual(await readWhole(cache, entry), song.file);
  }
  assert.equal((await cache.list()).length, songs.length);
});

Deno.test("songs of the same name on different servers are kept apart", async () => {
  await using at = await temporary();
  const cache = await at.open();
  const servers = ["localhost:4040", "127.0.0.1:4040", "[::1]:4040", "../..:1"];
  const songs = servers.map((_, i) => makeSong("a.wav", i, 1000));
  for (const [i, server] of servers.entries()) {
    assert.equal((await storeAll(cache, songs[i], server)).server, server);
  }
  for (const [i, server] of servers.entries()) {
    const entry = await found(cache, "a", server.toUpperCase());
    assert.deepEqual(await readWhole(cache, entry), songs[i].file);
  }
});

Deno.test({
  name: "a link in place of a song's file is neither read nor written",
  ignore: Deno.build.os === "windows",
}, async () => {
  await using at = await temporary();
  const cache = await at.open();
  const [song, half] = [makeSong("a.wav", 1), makeSong("b.wav", 2)];
  const outside = join(at.folder, "outside.wav");
  const entry = await storeAll(cache, song);
  await Deno.rename(pathOf(cache, entry), outside);
  await Deno.symlink(outside, pathOf(cache, entry));
  assert.equal(await cache.check(entry), false);
  await assert.rejects(cache.openWhole(entry), { code: "changed" });
  assert.equal(await cache.find(SERVER, "a"), null);
  await storeHalf(cache, half, 20_000);
  const path = pathOf(cache, await found(cache, "b"));
  await Deno.remove(path);
  await Deno.symlink(outside, path);
  assert.equal(await cache.store(SERVER, half.row), null);
  assert.deepEqual(sha256Of(await Deno.readFile(outside)), song.sha256);
  assert(await cache.check(await storeAll(cache, song)));
});

const [role, ...args] = Deno.args;
if (Object.hasOwn(ROLES, role ?? "")) {
  await (ROLES[role as keyof typeof ROLES] as (
    ...args: string[]
  ) => Promise<void>)(...args);
}
