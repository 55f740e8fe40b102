import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { fromFileUrl, join } from "@std/path";
import type { SongFormat } from "../../../lib/audio/format.ts";
import { songFormat, WavHeaderReader } from "../../../lib/audio/wav.ts";
import { wavHeader } from "../../../lib/audio/wav_writer.ts";
import {
  type CachedSong,
  defaultCacheFolder,
  DiskCache,
} from "../../../lib/io/cache/disk_cache.ts";
import { songFile } from "../../../lib/io/cache/cache_names.ts";
import {
  componentProblem,
  nameKey,
  portabilityProblem,
} from "../../../lib/model/song_name.ts";
import fc from "../../support/fast_check.ts";

const ROOT = fromFileUrl(new URL("../../..", import.meta.url));
const SERVER = "localhost:4040";
const PLENTY = 1 << 30;
const LINUX_ROOT = Deno.build.os === "linux" && Deno.uid() === 0;

/** A song as a server has it, and what it says of it. */
interface Song {
  file: Uint8Array;
  sha256: string;
  row: { song: string; etag: string; bytes: number; format: SongFormat };
}

/** A WAV file of its own for each seed. */
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

/** A folder for one test. */
async function temporary() {
  const folder = await Deno.makeTempDir({ prefix: "ondacast-cache-" });
  return {
    folder,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** Stores a song to its end, from where it stood. */
async function storeAll(
  cache: DiskCache,
  song: Song,
  server = SERVER,
): Promise<CachedSong> {
  const writer = await cache.store(server, song.row);
  assert(writer, `${song.row.song} can be stored`);
  try {
    await writer.write(song.file.subarray(writer.storedBytes));
    return await writer.publish(song.sha256);
  } finally {
    await writer.close();
  }
}

/** Stores a song's first bytes and leaves it. */
async function storeHalf(cache: DiskCache, song: Song, bytes: number) {
  const writer = await cache.store(SERVER, song.row);
  assert(writer);
  await writer.write(song.file.subarray(0, bytes));
  await writer.close();
}

async function readWhole(
  cache: DiskCache,
  entry: CachedSong,
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
): Promise<CachedSong> {
  const entry = await cache.find(server, song);
  assert(entry, `${song} is found`);
  return entry;
}

/** The files below a folder, by their paths from there. */
async function filesIn(folder: string, below = ""): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(folder, below))) {
    const path = below === "" ? name : `${below}/${name}`;
    if (isDirectory) files.push(...await filesIn(folder, path));
    else files.push(path);
  }
  return files.sort();
}

/** The files of people's interest: neither the index nor locks. */
async function songFilesIn(folder: string): Promise<string[]> {
  return (await filesIn(folder)).filter((path) => !path.startsWith(".index"));
}

/** The only file of the index with an ending. */
async function indexFile(folder: string, ending: RegExp): Promise<string> {
  const files = (await filesIn(folder)).filter((path) =>
    path.startsWith(".index") && ending.test(path)
  );
  assert.equal(files.length, 1, `${files}`);
  return join(folder, files[0]);
}

const HALF = /[0-9a-f]{64}\.part$/;
const HALF_ABOUT = /\.part\.json$/;
const WHOLE_ABOUT = /[0-9a-f]{64}\.json$/;

// ---------------------------------------------------------------- the walk

Deno.test("DiskCache gives a published song back to the byte, under its name", async () => {
  await using at = await temporary();
  const cache = await DiskCache.open(join(at.folder, "new", "cache"), PLENTY);
  const song = makeSong("live/Söng.wav", 1);
  const entry = await storeAll(cache, song);
  assert.equal(entry.whole, true);
  assert.equal(entry.sha256, song.sha256);
  assert.equal(entry.storedBytes, song.row.bytes);
  assert.deepEqual(entry.format, song.row.format);
  assert.deepEqual(await found(cache, "live/Söng.wav"), entry);
  assert(await cache.check(entry));
  assert.deepEqual(await readWhole(cache, entry), song.file);
  assert.deepEqual(await songFilesIn(cache.folder), [
    "localhost_4040/live/Söng.wav",
  ]);
  const path = join(cache.folder, "localhost_4040", "live", "Söng.wav");
  assert.deepEqual(new Uint8Array(await Deno.readFile(path)), song.file);
  if (Deno.build.os !== "windows") {
    assert.equal((await Deno.stat(cache.folder)).mode! & 0o777, 0o700);
    assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
  }
});

Deno.test("DiskCache.find() takes a name in any case and without its ending, and no other", async () => {
  await using at = await temporary();
  const cache = await DiskCache.open(at.folder, PLENTY);
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

Deno.test("DiskCache.openWhole() reads at any offset, several reads at once", async () => {
  await using at = await temporary();
  const cache = await DiskCache.open(at.folder, PLENTY);
  const song = makeSong("a.wav", 1);
  const open = await cache.openWhole(await storeAll(cache, song));
  const offsets = [39_000, 0, 7, song.row.bytes, song.row.bytes - 3];
  const reads = offsets.map((offset) => {
    const into = new Uint8Array(100);
    return open.read(into, offset).then((count) => into.subarray(0, count));
  });
  open.close();
  for (const [i, read] of (await Promise.all(reads)).entries()) {
    const expected = song.file.subarray(offsets[i], offsets[i] + 100);
    assert.deepEqual(read, expected);
  }
});

Deno.test("DiskCache.openWhole() opens neither a half song nor one that was replaced", async () => {
  await using at = await temporary();
  const cache = await DiskCache.open(at.folder, PLENTY);
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
    "who opened the old one reads it to its end",
  );
});

// ------------------------------------------------------------ half downloads

Deno.test("a half download is continued, and read back while it grows", async () => {
  await using at = await temporary();
  const song = makeSong("a.wav", 1);
  for (const bytes of [1, 10_000, 30_000, song.row.bytes]) {
    const cache = await DiskCache.open(at.folder, PLENTY);
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
    assert.deepEqual(await songFilesIn(at.folder), []);
  }
  const cache = await DiskCache.open(at.folder, PLENTY);
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

Deno.test("a half download of other content is begun anew", async () => {
  const changes: [string, Partial<Song["row"]>][] = [
    ["etag", { etag: "other" }],
    ["length", { bytes: 50_000 }],
  ];
  for (const [what, change] of changes) {
    await using at = await temporary();
    const cache = await DiskCache.open(at.folder, PLENTY);
    const song = makeSong("a.wav", 1);
    await storeHalf(cache, song, 9000);
    const writer = await cache.store(SERVER, { ...song.row, ...change });
    assert.equal(writer?.storedBytes, 0, what);
    await writer?.close();
    assert.deepEqual(await cache.list(), [], "nothing stored leaves nothing");
  }
});

Deno.test("of a half download of other content not a byte is left", async () => {
  await using at = await temporary();
  const cache = await DiskCache.open(at.folder, PLENTY);
  const short = makeSong("a.wav", 2, 5000);
  await storeHalf(cache, makeSong("a.wav", 1), 30_000);
  await storeHalf(cache, short, 100);
  assert.equal((await found(cache, "a")).storedBytes, 100);
  const entry = await storeAll(cache, short);
  assert.deepEqual(await readWhole(cache, entry), short.file);
});

Deno.test("the old song stays whole while another content of it is stored", async () => {
  await using at = await temporary();
  const cache = await DiskCache.open(at.folder, PLENTY);
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

Deno.test("songs whose names differ only in case or normal form are kept apart on every file system", async () => {
  await using at = await temporary();
  const cache = await DiskCache.open(at.folder, PLENTY);
  const names = ["Song.wav", "song.WAV", "f\u00fcr.wav", "fu\u0308r.wav"];
  const songs = names.map((name, i) => makeSong(`live/${name}`, i));
  for (const song of songs) await storeAll(cache, song);
  const files = await songFilesIn(at.folder);
  assert.equal(new Set(files.map(nameKey)).size, songs.length);
  assert.ok(files.includes("localhost_4040/live/Song.wav"));
  for (const song of songs) {
    const entry = await found(cache, song.row.song);
    assert.deepEqual(await readWhole(cache, entry), song.file);
    await storeAll(cache, { ...song, row: { ...song.row, etag: "new" } });
    assert.deepEqual(await songFilesIn(at.folder), files);
  }
  // Which one is meant so, the server alone can tell.
  assert.equal(await cache.find(SERVER, "live/SONG"), null);
  assert.equal(await cache.clear(), songs.length);
  assert.deepEqual(await songFilesIn(at.folder), []);
});

Deno.test("find() takes a name in any case and normal form where that is one song", async () => {
  await using at = await temporary();
  const cache = await DiskCache.open(at.folder, PLENTY);
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
    const cache = await DiskCache.open(at.folder, PLENTY);
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

Deno.test("CacheWriter.publish() takes the server's hash in capitals", async () => {
  await using at = await temporary();
  const cache = await DiskCache.open(at.folder, PLENTY);
  const song = makeSong("a.wav", 1);
  await storeAll(cache, { ...song, sha256: song.sha256.toUpperCase() });
  assert(await cache.check(await found(cache, "a")));
});

Deno.test("CacheWriter.write() takes no more than the song has, and keeps what it had", async () => {
  await using at = await temporary();
  const cache = await DiskCache.open(at.folder, PLENTY);
  const song = makeSong("a.wav", 1);
  const writer = await cache.store(SERVER, song.row);
  assert(writer);
  await writer.write(song.file.subarray(0, 40_000));
  await assert.rejects(writer.write(song.file), { code: "too-large" });
  assert.equal(writer.storedBytes, 40_000);
  await Promise.all([
    writer.write(song.file.subarray(40_000, 40_010)),
    writer.write(song.file.subarray(40_010)),
  ]);
  await writer.publish(song.sha256);
  await assert.rejects(writer.write(new Uint8Array(1)));
  await Promise.all([writer.close(), writer.close()]);
});

// ------------------------------------------------------------------ crashes

/** The calls that change anything on a disk. */
const CHANGES = ["mkdir", "open", "rename", "remove", "utime"] as const;
const FILE_CHANGES = ["write", "sync", "truncate"] as const;

/** Ends this process as `kill -9` does, before its change number `last`. */
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
}

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

/** What this file does when a test runs it as a program. */
const ROLES = {
  /** Stores a song until it dies before its change number so and so. */
  async crash(folder: string, song: string, last: string) {
    const cache = await DiskCache.open(folder, PLENTY);
    const fresh = makeSong(song, 2);
    dieBefore(Number(last));
    const writer = await cache.store(SERVER, fresh.row);
    await writer!.write(fresh.file.subarray(writer!.storedBytes, 20_000));
    await writer!.write(fresh.file.subarray(20_000));
    await writer!.publish(fresh.sha256);
    await writer!.close();
    say("done");
  },
  /** Stores half a song and holds it until it is killed. */
  async hold(folder: string, song: string) {
    const cache = await DiskCache.open(folder, PLENTY);
    const fresh = makeSong(song, 1);
    const writer = await cache.store(SERVER, fresh.row);
    await writer!.write(fresh.file.subarray(0, 20_000));
    say("holding");
    await Deno.stdin.read(new Uint8Array(1));
    await writer!.close();
  },
  /** Stores songs as fast as it can, whatever others do; says how many. */
  async race(folder: string, maxBytes: string, rounds: string) {
    const cache = await DiskCache.open(folder, Number(maxBytes));
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

/** A program's output once it has ended, by itself or not. */
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
      `a kill at any change to the disk leaves the old song or the new one: ${title}`,
    ignore: Deno.build.os === "windows",
  }, async () => {
    const old = before === null ? null : makeSong(before, 1);
    const fresh = makeSong(song, 2);
    const dies = async (last: number): Promise<boolean> => {
      await using at = await temporary();
      const cache = await DiskCache.open(at.folder, PLENTY);
      if (old) await storeAll(cache, old);
      const result = await ended(
        startRole("crash", at.folder, song, `${last}`),
      );
      const died = result.signal === "SIGKILL";
      assert(died || result.stdout === "done\n", result.stderr);
      const reopened = await DiskCache.open(at.folder, PLENTY);
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
      const left = (await filesIn(at.folder)).filter((path) =>
        !/\.(lock|json)$/.test(path) || HALF_ABOUT.test(path)
      );
      assert.deepEqual(left, [`localhost_4040/${song}`]);
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

/** Where a publication may have stopped, and who looks first. */
const DECIDED: [string, boolean, (cache: DiskCache, song: Song) => unknown][] =
  [false, true].flatMap((moved) => [
    ["find()", moved, (cache) => cache.find(SERVER, "a")],
    ["list()", moved, (cache) => cache.list()],
    ["store()", moved, async (cache, { row }) => {
      const writer = await cache.store(SERVER, row);
      await writer!.close();
    }],
    ["remove() of the old one", moved, async (cache, old) => {
      const of = { server: SERVER, whole: true, storedBytes: 0, usedAtMs: 0 };
      await cache.remove({ ...old.row, ...of, sha256: old.sha256 });
    }],
  ]);

for (const [call, moved, look] of DECIDED) {
  const title = moved ? "after the song was moved" : "before it was moved";
  Deno.test(`${call} ends a publication that was decided and stopped ${title}`, async () => {
    await using at = await temporary();
    const cache = await DiskCache.open(at.folder, PLENTY);
    const [old, fresh] = [makeSong("a.wav", 1), makeSong("a.wav", 2)];
    const found = await storeAll(cache, old);
    await storeHalf(cache, fresh, fresh.row.bytes);
    const about = await indexFile(at.folder, HALF_ABOUT);
    await Deno.writeTextFile(
      about,
      JSON.stringify({ ...fresh.row, server: SERVER, sha256: fresh.sha256 }),
    );
    if (moved) {
      const path = join(at.folder, "localhost_4040", "a.wav");
      await Deno.rename(await indexFile(at.folder, HALF), path);
    }
    // The old entry would now read the new song.
    await assert.rejects(cache.openWhole(found), { code: "changed" });
    await look(cache, old);
    const [entry, ...more] = await cache.list();
    assert.deepEqual(more, []);
    assert.equal(entry.etag, "etag-2");
    assert.deepEqual(await readWhole(cache, entry), fresh.file);
  });
}

Deno.test("a program that holds a part keeps others from it until it is killed", async () => {
  await using at = await temporary();
  const song = makeSong("a.wav", 1);
  await using child = startRole("hold", at.folder, "a.wav");
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  assert.equal(new TextDecoder().decode(value), "holding\n");
  const cache = await DiskCache.open(at.folder, song.row.bytes + 100);
  assert.equal(await cache.store(SERVER, song.row), null);
  assert.equal(await cache.store(SERVER, { ...song.row, etag: "x" }), null);
  const half = await found(cache, "a");
  assert.equal(half.storedBytes, 20_000);
  await cache.remove(half);
  assert.equal(await cache.clear(), 0);
  const other = await storeAll(cache, makeSong("b.wav", 2));
  assert.deepEqual(
    (await cache.list()).map(({ song }) => song),
    ["a.wav", "b.wav"],
    "what another holds is not let go of, though it is too much",
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
  assert.equal(await cache.clear(), 1);
});

Deno.test("programs that store, replace and evict the same songs at once read nothing wrong", async () => {
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
  const cache = await DiskCache.open(at.folder, maxBytes);
  await storeAll(cache, makeSong("last.wav", 99));
  const entries = await cache.list();
  assert(entries.reduce((sum, entry) => sum + entry.bytes, 0) <= maxBytes);
  for await (const { entry, ok } of cache.verify()) assert(ok, entry.song);
  assert.equal((await songFilesIn(at.folder)).length, entries.length);
});

Deno.test("two caches of one program share a folder", async () => {
  await using at = await temporary();
  const [one, two] = await Promise.all([
    DiskCache.open(at.folder, PLENTY),
    DiskCache.open(at.folder, PLENTY),
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

// ------------------------------------------------------------------- damage

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
  ["nothing in it", (path) => Deno.truncate(path, 0)],
];

for (const [what, damage] of DAMAGES) {
  Deno.test(`check() and verify() find a song with ${what}`, async () => {
    await using at = await temporary();
    const cache = await DiskCache.open(at.folder, PLENTY);
    const song = makeSong("live/a.wav", 1);
    const right = await storeAll(cache, makeSong("b.wav", 2));
    await storeAll(cache, song);
    await damage(join(at.folder, "localhost_4040", "live", "a.wav"), song);
    const entry = await found(cache, "live/a");
    assert.equal(await cache.check(entry), false);
    if (entry.storedBytes !== entry.bytes) {
      await assert.rejects(cache.openWhole(entry), { code: "changed" });
    }
    const verified = await Array.fromAsync(cache.verify());
    assert.deepEqual(
      verified.map(({ entry, ok }) => [entry.song, ok]),
      [["b.wav", true], ["live/a.wav", false]],
    );
    assert.deepEqual(await cache.list(), [right]);
    assert.deepEqual(await songFilesIn(at.folder), ["localhost_4040/b.wav"]);
    assert(await cache.check(await storeAll(cache, song)), "fetched again");
  });
}

Deno.test("a song whose file a person removed is not in the cache", async () => {
  await using at = await temporary();
  const cache = await DiskCache.open(at.folder, PLENTY);
  const entry = await storeAll(cache, makeSong("a.wav", 1));
  await Deno.remove(join(at.folder, "localhost_4040", "a.wav"));
  assert.equal(await cache.find(SERVER, "a"), null);
  assert.deepEqual(await cache.list(), []);
  assert.equal(await cache.check(entry), false);
  await assert.rejects(cache.openWhole(entry), { code: "changed" });
  assert.equal(await cache.clear(), 0);
  assert((await filesIn(at.folder)).every((path) => path.endsWith(".lock")));
});

/** Turns a song's metadata into something else. */
const FORGERIES: [string, (about: Record<string, unknown>) => string][] = [
  ["nothing", () => ""],
  ["half of it", (about) => JSON.stringify(about).slice(0, 90)],
  ["no object", () => "[null]"],
  [
    "more than fits",
    (about) => JSON.stringify({ ...about, more: " ".repeat(70_000) }),
  ],
  ["a missing field", ({ etag: _, ...rest }) => JSON.stringify(rest)],
  ["no hash", ({ sha256: _, ...rest }) => JSON.stringify(rest)],
  [
    "a hash that is none",
    (about) => JSON.stringify({ ...about, sha256: "../../x" }),
  ],
  ["a negative length", (about) => JSON.stringify({ ...about, bytes: -1 })],
  [
    "a format that is none",
    (about) => JSON.stringify({ ...about, format: { encoding: "mp3" } }),
  ],
  [
    "another song's name",
    (about) => JSON.stringify({ ...about, song: "b.wav" }),
  ],
  [
    "a name that leads outside",
    (about) => JSON.stringify({ ...about, song: "../../../etc/passwd.wav" }),
  ],
];

for (const [what, forge] of FORGERIES) {
  Deno.test(`metadata of ${what} counts as none`, async () => {
    await using at = await temporary();
    const cache = await DiskCache.open(at.folder, PLENTY);
    const song = makeSong("a.wav", 1);
    await storeAll(cache, song);
    const path = await indexFile(at.folder, WHOLE_ABOUT);
    const about = JSON.parse(await Deno.readTextFile(path));
    await Deno.writeTextFile(path, forge(about));
    assert.equal(await cache.find(SERVER, "a"), null);
    assert.deepEqual(await cache.list(), []);
    assert(await cache.check(await storeAll(cache, song)), "stored again");
  });

  if (what === "no hash") continue;
  Deno.test(`metadata of ${what} of a half download begins it anew`, async () => {
    await using at = await temporary();
    const cache = await DiskCache.open(at.folder, PLENTY);
    const song = makeSong("a.wav", 1);
    await storeHalf(cache, song, 20_000);
    const path = await indexFile(at.folder, HALF_ABOUT);
    const about = JSON.parse(await Deno.readTextFile(path));
    await Deno.writeTextFile(path, forge(about));
    const entry = await cache.find(SERVER, "a");
    assert.equal(entry, null);
    const writer = await cache.store(SERVER, song.row);
    assert.equal(writer?.storedBytes, 0);
    await writer?.close();
  });
}

Deno.test("a half download with more bytes than the song is begun anew", async () => {
  await using at = await temporary();
  const cache = await DiskCache.open(at.folder, PLENTY);
  const song = makeSong("a.wav", 1);
  await storeHalf(cache, song, 20_000);
  await Deno.writeFile(
    await indexFile(at.folder, HALF),
    new Uint8Array(song.row.bytes + 1),
  );
  const writer = await cache.store(SERVER, song.row);
  assert.equal(writer?.storedBytes, 0);
  await writer?.close();
});

Deno.test("a half download that was damaged is refused, and then begun anew", async () => {
  await using at = await temporary();
  const cache = await DiskCache.open(at.folder, PLENTY);
  const song = makeSong("a.wav", 1);
  await storeHalf(cache, song, 20_000);
  await Deno.writeFile(
    await indexFile(at.folder, HALF),
    new Uint8Array(20_000),
  );
  await assert.rejects(storeAll(cache, song), { code: "bad-hash" });
  assert(await cache.check(await storeAll(cache, song)));
});

Deno.test("clear() removes parts that belong to no song", async () => {
  await using at = await temporary();
  const cache = await DiskCache.open(at.folder, PLENTY);
  await storeHalf(cache, makeSong("a.wav", 1), 20_000);
  await Deno.remove(await indexFile(at.folder, HALF_ABOUT));
  assert.equal(await cache.clear(), 0);
  assert((await filesIn(at.folder)).every((path) => path.endsWith(".lock")));
});

// ---------------------------------------------------------------- the bound

Deno.test("the least recently used songs go, never the one just published", async () => {
  await using at = await temporary();
  let nowMs = 1_700_000_000_000;
  const size = makeSong("a.wav", 1).row.bytes;
  const cache = await DiskCache.open(at.folder, 3 * size, () => nowMs);
  const songs = async () => (await cache.list()).map(({ song }) => song);
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
  assert.deepEqual(await songFilesIn(at.folder), ["localhost_4040/g.wav"]);
});

Deno.test("what is being stored is not let go of, but what was used later instead", async () => {
  await using at = await temporary();
  let nowMs = 1_700_000_000_000;
  const size = makeSong("a.wav", 1).row.bytes;
  const cache = await DiskCache.open(at.folder, 2.5 * size, () => nowMs);
  const held = await cache.store(SERVER, makeSong("held.wav", 1).row);
  await held!.write(makeSong("held.wav", 1).file.subarray(0, 30_000));
  for (const name of ["b.wav", "c.wav"]) {
    nowMs += 60_000;
    await storeAll(cache, makeSong(name, 1));
  }
  assert.deepEqual((await cache.list()).map(({ song }) => song), [
    "c.wav",
    "held.wav",
  ]);
  await held!.write(makeSong("held.wav", 1).file.subarray(30_000));
  assert(await cache.check(await held!.publish(undefined)));
  await held!.close();
});

Deno.test("a song larger than the cache is not stored, one of its size is", async () => {
  await using at = await temporary();
  const song = makeSong("a.wav", 1);
  const small = await DiskCache.open(at.folder, song.row.bytes - 1);
  assert.equal(await small.store(SERVER, song.row), null);
  const exact = await DiskCache.open(at.folder, song.row.bytes);
  assert((await storeAll(exact, song)).whole);
});

Deno.test({
  name:
    "a full disk fails the write, and the part is continued when there is room",
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
    const cache = await DiskCache.open(at.folder, PLENTY);
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
    const info = await Deno.stat(await indexFile(at.folder, HALF));
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

Deno.test("a cache that cannot be made says so", async () => {
  await using at = await temporary();
  const file = join(at.folder, "file");
  await Deno.writeTextFile(file, "");
  await assert.rejects(DiskCache.open(file, PLENTY), { code: "bad-folder" });
});

// ------------------------------------------------------------ hostile names

const LONG = "x".repeat(300);
const HOSTILE: [string, string][] = [
  [SERVER, "../a.wav"],
  [SERVER, "../../a.wav"],
  [SERVER, "/etc/a.wav"],
  [SERVER, "live/../../a.wav"],
  [SERVER, "live/./a.wav"],
  [SERVER, "a.wav\0.wav"],
  [SERVER, "a.wav/"],
  [SERVER, ""],
  [SERVER, `${LONG}.wav`],
  [SERVER, "\u202egpj.wav"],
  [SERVER, `${"a/".repeat(16)}a.wav`],
  ["", "a.wav"],
  [LONG, "a.wav"],
  [SERVER, "\ud800.wav"],
];

for (const [server, song] of HOSTILE) {
  const title = JSON.stringify([server, song]).slice(0, 60);
  Deno.test(`nothing is stored as ${title}`, async () => {
    await using at = await temporary();
    const cache = await DiskCache.open(join(at.folder, "cache"), PLENTY);
    const { row } = makeSong("a.wav", 1);
    assert.equal(await cache.store(server, { ...row, song }), null);
    assert.equal(await cache.find(server, song), null);
    const forged = { ...row, server, song, sha256: "0".repeat(64) };
    const entry = { ...forged, whole: true, storedBytes: 0, usedAtMs: 0 };
    assert.equal(await cache.check(entry), false);
    await assert.rejects(cache.openWhole(entry), { code: "changed" });
    await cache.remove(entry);
    assert.deepEqual(
      (await filesIn(at.folder)).filter((path) => !path.endsWith(".lock")),
      [],
    );
  });
}

/** Names that a server may serve, and where they lie in the cache of any system. */
const FOUND: [song: string, file: string | RegExp][] = [
  ["Who Are You?.wav", "Who Are You%3F.wav"],
  ["Live: London.wav", "Live%3A London.wav"],
  ['The "Best".wav', "The %22Best%22.wav"],
  ["A*Teens|<3>.wav", "A%2ATeens%7C%3C3%3E.wav"],
  ["back\\slash.wav", "back%5Cslash.wav"],
  ["live\\..\\a.wav", "live%5C..%5Ca.wav"],
  ["C:/a.wav", "C%3A/a.wav"],
  ["R.E.M./Losing.wav", "R.E.M%2E/Losing.wav"],
  ["trail /x.wav", "trail%20/x.wav"],
  ["Con.wav", "%43on.wav"],
  ["aux/x.wav", "%61ux/x.wav"],
  [".index/a.wav", "%2Eindex/a.wav"],
  ["...Baby One More Time.wav", "%2E..Baby One More Time.wav"],
  ["100%.wav", "100%25.wav"],
  ["a%3F.wav", "a%253F.wav"],
  ["👨\u200d👩.wav", "👨%E2%80%8D👩.wav"],
  ["a.json", "a.json%.wav"],
  ["a.exe", "a.exe%.wav"],
  [`${"n".repeat(251)}.wav`, `${"n".repeat(251)}.wav`],
  [`${"?".repeat(251)}.wav`, /^(%3F){33}%~[0-9a-f]{32}\.wav$/],
  [`${"?".repeat(255)}/a.wav`, /^(%3F){33}%~[0-9a-f]{32}\/a\.wav$/],
  [`${"ü".repeat(127)}/`.repeat(15) + "a.wav", /^a%~[0-9a-f]{32}\.wav$/],
];

Deno.test("songs of every name lie where every system can hold them, each in a place of its own", async () => {
  await using at = await temporary();
  const cache = await DiskCache.open(at.folder, PLENTY);
  const songs = FOUND.map(([name], i) => makeSong(name, i, 1000));
  for (const [i, song] of songs.entries()) {
    const before = await songFilesIn(at.folder);
    const entry = await storeAll(cache, song);
    assert.equal(entry.song, song.row.song);
    const files = await songFilesIn(at.folder);
    const [file] = files.filter((file) => !before.includes(file));
    const [name, is] = FOUND[i];
    const path = file.slice("localhost_4040/".length);
    if (typeof is === "string") assert.equal(path, is);
    else assert.match(path, is, name);
    for (const part of path.split("/")) {
      assert.equal(componentProblem(part) ?? portabilityProblem(part), null);
    }
  }
  for (const song of songs) {
    const entry = await found(cache, song.row.song);
    assert.deepEqual(await readWhole(cache, entry), song.file);
  }
  assert.equal((await cache.list()).length, songs.length);
});

Deno.test("songFile() gives no two names of a server one place, whatever it calls them", () => {
  const part = fc.oneof(
    fc.string({ unit: fc.constantFrom(..."%~?2EF.aA/ü\\".split("")) }),
    fc.string({ unit: "grapheme" }),
  );
  fc.assert(fc.property(fc.array(part, { maxLength: 8 }), (names) => {
    const files = new Map<string, string>();
    for (
      const name of [
        ...names,
        ...names.map((name) => songFile(name, false)),
      ]
    ) {
      for (const isTwin of [false, true]) {
        const file = songFile(name, isTwin);
        assert.equal(files.get(file) ?? name, name);
        files.set(file, name);
        assert.ok(new TextEncoder().encode(file).length < 700);
      }
    }
  }));
});

const SERVERS: [string, string][] = [
  ["localhost:4040", "localhost_4040"],
  ["Radio.Local:4040", "radio.local_4040"],
  ["127.0.0.1:4040", "127.0.0.1_4040"],
  ["[::1]:4040", "[__1]_4040"],
  ["a_b:1", "a%5Fb_1"],
  ["../..", "%2E.%2F.%2E"],
  ["..", "%2E%2E"],
  [".index", "%2Eindex"],
  ["/etc", "%2Fetc"],
  ["a/b\\c:1", "a%2Fb%5Cc_1"],
  ["bücher:1", "b%C3%BCcher_1"],
];

for (const [server, folder] of SERVERS) {
  Deno.test(`songs of ${server} lie in ${folder}`, async () => {
    await using at = await temporary();
    const cache = await DiskCache.open(join(at.folder, "cache"), PLENTY);
    const entry = await storeAll(cache, makeSong("a.wav", 1), server);
    assert.equal(entry.server, server);
    assert(await cache.check(await found(cache, "a", server)));
    assert.deepEqual(
      (await filesIn(at.folder)).filter((path) => !path.includes(".index/")),
      [`cache/${folder}/a.wav`],
    );
    assert.equal(await cache.clear(), 1);
  });
}

Deno.test({
  name: "links in the folder lead nowhere outside",
  ignore: Deno.build.os === "windows",
}, async () => {
  await using at = await temporary();
  const folder = join(at.folder, "cache");
  const outside = join(at.folder, "outside");
  await Deno.mkdir(outside);
  const cache = await DiskCache.open(folder, PLENTY);
  const song = makeSong("live/a.wav", 1);
  await Deno.mkdir(join(folder, "localhost_4040"));
  await Deno.symlink(outside, join(folder, "localhost_4040", "live"));
  assert.equal(await cache.store(SERVER, song.row), null);
  await Deno.remove(join(folder, "localhost_4040", "live"));
  const entry = await storeAll(cache, song);
  const path = join(folder, "localhost_4040", "live", "a.wav");
  await Deno.rename(path, join(outside, "a.wav"));
  await Deno.symlink(join(outside, "a.wav"), path);
  assert.equal(await cache.find(SERVER, "live/a"), null);
  assert.equal(await cache.check(entry), false);
  await assert.rejects(cache.openWhole(entry), { code: "changed" });
  await cache.clear();
  assert.deepEqual(await filesIn(outside), ["a.wav"]);
  await Deno.remove(path);
  const other = await storeAll(cache, makeSong("live/b.wav", 1));
  await Deno.symlink("b.wav", path);
  assert.equal(await cache.check(entry), false, "nor to another song");
  await cache.remove(other);
  await storeAll(cache, song);
  assert.deepEqual(sha256Of(await Deno.readFile(path)), song.sha256);
  assert.equal((await Deno.lstat(path)).isFile, true, "the link was replaced");
});

Deno.test({
  name: "links in the index are not written through",
  ignore: Deno.build.os === "windows",
}, async () => {
  await using at = await temporary();
  const cache = await DiskCache.open(at.folder, PLENTY);
  const [song, other] = [makeSong("a.wav", 1), makeSong("b.wav", 2)];
  const entry = await storeAll(cache, other);
  await storeHalf(cache, song, 20_000);
  const part = await indexFile(at.folder, HALF);
  await Deno.remove(part);
  for (const path of [part, part.replace(/part$/, "tmp")]) {
    await Deno.symlink(join(at.folder, "localhost_4040", "b.wav"), path);
  }
  assert.deepEqual(await cache.list(), [entry]);
  assert(await cache.check(await storeAll(cache, song)));
  assert(await cache.check(entry));
});

Deno.test("a song whose place is a folder, or whose folder is a song, is not stored", async () => {
  await using at = await temporary();
  const cache = await DiskCache.open(at.folder, PLENTY);
  await storeAll(cache, makeSong("a.wav", 1));
  await storeAll(cache, makeSong("b.wav/c.wav", 2));
  assert.equal(await cache.store(SERVER, makeSong("a.wav/x.wav", 3).row), null);
  assert.equal(await cache.store(SERVER, makeSong("b.wav", 4).row), null);
  assert.equal((await cache.list()).length, 2);
});

Deno.test("clear() removes all songs and halves, and nothing that is not the cache's", async () => {
  await using at = await temporary();
  const cache = await DiskCache.open(at.folder, PLENTY);
  await storeAll(cache, makeSong("live/a.wav", 1));
  await storeAll(cache, makeSong("a.wav", 1), "[::1]:4040");
  await storeHalf(cache, makeSong("b.wav", 2), 20_000);
  await Deno.writeTextFile(join(at.folder, "notes.txt"), "mine");
  await Deno.writeTextFile(join(at.folder, "localhost_4040", "my.wav"), "mine");
  assert.equal(await cache.clear(), 3);
  assert.deepEqual(await cache.list(), []);
  assert.deepEqual(
    (await filesIn(at.folder)).filter((path) => !path.endsWith(".lock")),
    ["localhost_4040/my.wav", "notes.txt"],
  );
  assert(await cache.check(await storeAll(cache, makeSong("b.wav", 2))));
});

// ------------------------------------------------------------- where it is

const PLACES: [string, Record<string, string>, string][] = [
  ["linux", { HOME: "/home/ada" }, "/home/ada/.cache/ondacast"],
  ["linux", { HOME: "/h", XDG_CACHE_HOME: "/fast" }, "/fast/ondacast"],
  ["linux", { HOME: "/h", XDG_CACHE_HOME: "rel" }, "/h/.cache/ondacast"],
  ["linux", { HOME: "/h", XDG_CACHE_HOME: "" }, "/h/.cache/ondacast"],
  ["freebsd", { HOME: "/h" }, "/h/.cache/ondacast"],
  ["darwin", { HOME: "/Users/ada" }, "/Users/ada/Library/Caches/ondacast"],
  [
    "windows",
    { LOCALAPPDATA: "C:\\Users\\ada\\AppData\\Local" },
    "C:\\Users\\ada\\AppData\\Local\\ondacast\\cache",
  ],
];

for (const [os, variables, folder] of PLACES) {
  const given = Object.entries(variables).map((pair) => pair.join("="));
  Deno.test(`defaultCacheFolder() on ${os} with ${given} is ${folder}`, () => {
    assert.equal(defaultCacheFolder(os, (name) => variables[name]), folder);
  });
}

Deno.test("defaultCacheFolder() says what is missing", () => {
  for (const os of ["linux", "darwin", "windows"]) {
    assert.throws(() => defaultCacheFolder(os, () => undefined), {
      code: "bad-folder",
      message: os === "windows" ? /LOCALAPPDATA is not set/ : /HOME is not set/,
    });
  }
});

const [role, ...args] = Deno.args;
if (Object.hasOwn(ROLES, role ?? "")) {
  await (ROLES[role as keyof typeof ROLES] as (
    ...args: string[]
  ) => Promise<void>)(...args);
}
