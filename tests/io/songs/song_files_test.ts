import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { dirname, relative } from "@std/path";
import { wavHeader } from "../../../lib/audio/wav_writer.ts";
import { OndacastError } from "../../../lib/errors.ts";
import { FolderChanges } from "../../../lib/io/songs/folder_changes.ts";
import { SongIndex } from "../../../lib/io/songs/song_index.ts";
import type { OpenSong } from "../../../lib/ports/server.ts";
import { assertBytes } from "../../support/assert_bytes.ts";
import { sha256Hex } from "../../support/memory_songs.ts";
import { TempFolder } from "../../support/programs.ts";
import { openScanned } from "../../support/scanned_folder.ts";

const LIMITS = { maxUploadBytes: 1 << 20, minFreeBytes: 0, maxSongs: 1000 };

/** A short WAV file, different for each number. */
function wav(fill: number, dataBytes = 400): Uint8Array {
  const format = {
    encoding: "s16le",
    rate: 8000,
    channels: 1,
    bits: 16,
  } as const;
  const header = wavHeader(format, dataBytes);
  const file = new Uint8Array(header.length + dataBytes).fill(fill);
  file.set(header);
  return file;
}

async function folderWith(songs: Record<string, Uint8Array>) {
  const folder = await TempFolder.make();
  for (const [name, bytes] of Object.entries(songs)) {
    await Deno.mkdir(dirname(folder.file(name)), { recursive: true });
    await Deno.writeFile(folder.file(name), bytes);
    // Older than files that a test writes, since file times are coarse.
    await Deno.utime(folder.file(name), 1e9, 1e9);
  }
  return { folder, files: await openScanned(folder.path, LIMITS) };
}

async function wholeOf(song: OpenSong): Promise<Uint8Array> {
  const bytes = new Uint8Array(song.entry.bytes!);
  await song.read(bytes, 0);
  return bytes;
}

for (
  const [how, change] of Object.entries({
    "overwritten": (path: string) => Deno.writeFile(path, wav(2, 600)),
    "overwritten with as many bytes": (path: string) =>
      Deno.writeFile(path, wav(2)),
    "replaced by a rename": async (path: string) => {
      await Deno.writeFile(`${path}.new`, wav(2));
      await Deno.rename(`${path}.new`, path);
    },
  })
) {
  for (const opened of ["never opened", "just closed"]) {
    Deno.test(`open() returns the current content of a song that was ${opened} and ${how}`, async () => {
      const { folder, files } = await folderWith({ "a.wav": wav(1) });
      await using _ = folder;
      const before = files.find("a")!;
      if (opened === "just closed") (await files.open(before)).close();
      await change(folder.file("a.wav"));
      const song = await files.open(before);
      assert.notEqual(song.entry.etag, before.etag);
      assert.equal(files.find("a")!.etag, song.entry.etag);
      assertBytes(
        await wholeOf(song),
        await Deno.readFile(folder.file("a.wav")),
      );
      song.close();
    });
  }
}

Deno.test("A song that changes while a scan shows its first songs is listed as it is now", async () => {
  const { folder, files } = await folderWith({ "a.wav": wav(1) });
  await using _ = folder;
  const before = files.find("a")!;
  for (let i = 0; i < 600; i++) {
    await Deno.writeFile(folder.file(`new ${i}.wav`), wav(3));
  }
  await Deno.writeFile(folder.file("a.wav"), wav(2, 600));
  const scan = files.rescan(new FolderChanges());
  const song = await files.open(before);
  await scan;
  assert.deepEqual(files.find("a"), song.entry);
  assert.equal(files.size, 601);
  song.close();
});

Deno.test("open() throws not-found and removes the song from the list when the file was removed", async () => {
  const { folder, files } = await folderWith({ "a.wav": wav(1) });
  await using _ = folder;
  const before = files.find("a")!;
  await Deno.remove(folder.file("a.wav"));
  await assert.rejects(files.open(before), { code: "not-found" });
  assert.equal(files.find("a"), undefined);
});

Deno.test("open() recovers from a temporary failure", async () => {
  const { folder, files } = await folderWith({ "a.wav": wav(1) });
  await using _ = folder;
  const before = files.find("a")!;
  await Deno.rename(folder.file("a.wav"), folder.file("b.wav"));
  await assert.rejects(files.open(before), OndacastError);
  await Deno.rename(folder.file("b.wav"), folder.file("a.wav"));
  await files.rescan();
  const song = await files.open(files.find("a")!);
  assertBytes(await wholeOf(song), wav(1));
  song.close();
});

Deno.test("rescan() keeps the songs of a subfolder that temporarily cannot be listed", async () => {
  const { folder, files } = await folderWith({
    "a.wav": wav(1),
    "below/b.wav": wav(2),
    "below/deep/c.wav": wav(3),
  });
  await using _ = folder;
  const names = () => Array.from(files.list(), ({ name }) => name);
  const before = names();
  assert.equal(before.length, 3);
  const { readDir } = Deno;
  Deno.readDir = (path) => {
    if (!/below$/.test(String(path))) return readDir(path);
    throw new Error("Too many open files (os error 24)");
  };
  try {
    await files.rescan();
  } finally {
    Deno.readDir = readDir;
  }
  assert.deepEqual(names(), before);
  await Deno.remove(folder.file("below"), { recursive: true });
  await files.rescan();
  assert.deepEqual(names(), ["a.wav"]);
});

Deno.test("rescan() keeps the hash of an unchanged song, even if it was missing for a while", async () => {
  const { folder, files } = await folderWith({
    "a.wav": wav(1),
    "b.wav": wav(2),
  });
  await using _ = folder;
  for (const name of ["a", "b"]) files.wantHash(files.find(name)!);
  await files.hashed;
  const { sha256 } = files.find("a")!;
  assert.match(sha256!, /^[0-9a-f]{64}$/);
  const b = files.find("b")!;
  const away = folder.file("b.txt");
  await Deno.rename(folder.file("b.wav"), away);
  await files.rescan();
  assert.equal(files.find("a")!.sha256, sha256);
  assert.equal(files.find("b"), undefined);
  await Deno.rename(away, folder.file("b.wav"));
  await files.rescan();
  const { etag, sha256: hash } = files.find("b")!;
  assert.deepEqual([etag, hash], [b.etag, b.sha256]);
});

Deno.test({
  name:
    "a file that is moved in the folder keeps its former name, if it is one",
  ignore: Deno.build.os === "windows", // which does not number files
  async fn() {
    const { folder, files } = await folderWith({
      "a.wav": wav(1),
      "box/b.wav": wav(2),
      "c.wav": wav(3),
      "d.wav": wav(4),
    });
    await using _ = folder;
    await Deno.rename(folder.file("a.wav"), folder.file("x.wav"));
    await Deno.rename(folder.file("box"), folder.file("chest"));
    await Deno.link(folder.file("c.wav"), folder.file("c1.wav"));
    await Deno.rename(folder.file("c.wav"), folder.file("c2.wav"));
    await Deno.remove(folder.file("d.wav"));
    await Deno.writeFile(folder.file("e.wav"), wav(4));
    const moved: string[] = [];
    files.listenMoved((names) => void moved.push(...names));
    await files.rescan();
    assert.deepEqual(moved.toSorted(), ["chest/b.wav", "x.wav"]);
    assert.deepEqual(
      ["a", "box/b", "c", "d"].map((it) => files.presentName(`${it}.wav`)),
      ["x.wav", "chest/b.wav", "c.wav", "d.wav"],
    );
  },
});

Deno.test({
  name:
    "a file that is moved keeps its former name, also if a reader misses it first",
  ignore: Deno.build.os === "windows", // which does not number files
  async fn() {
    const { folder, files } = await folderWith({
      "a.wav": wav(1),
      "b.wav": wav(2),
    });
    await using _ = folder;
    const before = files.find("a")!;
    const moved: string[] = [];
    files.listenMoved((names) => void moved.push(...names));
    await Deno.rename(folder.file("a.wav"), folder.file("z.wav"));
    await assert.rejects(files.open(before), { code: "not-found" });
    const changes = new FolderChanges();
    changes.add("b.wav"); // A scan of something else comes first.
    await files.rescan(changes);
    await files.rescan();
    assert.deepEqual(moved, ["z.wav"]);
    assert.equal(files.presentName("a.wav"), "z.wav");
  },
});

Deno.test("songs beyond --max-songs are skipped, reported once, and no more are stored", async () => {
  await using folder = await TempFolder.make();
  for (const name of ["a", "b", "c"]) {
    await Deno.writeFile(folder.file(`${name}.wav`), wav(1));
  }
  const said: string[] = [];
  const limits = { ...LIMITS, maxSongs: 2 };
  const files = await openScanned(folder.path, limits, {
    skipped: (what, why) => said.push(`${what}: ${why}`),
  });
  const before = Array.from(files.list(), ({ name }) => name);
  await files.rescan();
  assert.deepEqual(Array.from(files.list(), ({ name }) => name), before);
  assert.deepEqual([before.length, said], [
    2,
    ["the rest: there are more than 2 songs (--max-songs)"],
  ]);
  await assert.rejects(files.create("new", { replace: true }), {
    code: "no-space",
  });
  await (await files.create(before[0], { replace: true })).abandon();
});

Deno.test("a scan keeps the orders of all songs in the index, and a change makes them anew", async () => {
  await using folder = await TempFolder.make();
  for (const name of ["2", "10"]) {
    await Deno.writeFile(folder.file(`${name}.wav`), wav(1));
  }
  const db = new DatabaseSync(":memory:");
  const open = () =>
    openScanned(
      folder.path,
      LIMITS,
      {},
      () => Promise.resolve({ db, isAlone: true }),
    );
  const { orders } = new SongIndex(db, 10);
  const natural = () => orders.load().get("songs natural");
  await (await open()).scanned;
  assert.deepEqual(natural(), Uint32Array.of(1, 0));
  const again = await open();
  await again.scanned;
  await Deno.writeFile(folder.file("1.wav"), wav(1));
  await again.rescan();
  assert.deepEqual(natural(), Uint32Array.of(0, 2, 1));
  const names = await again.library.names({ sort: "natural" });
  assert.deepEqual(names, ["1.wav", "2.wav", "10.wav"]);
});

Deno.test("all listeners to a song share one open file, and read the same bytes", async () => {
  const { folder, files } = await folderWith({ "a.wav": wav(1) });
  await using _ = folder;
  const entry = files.find("a")!;
  const songs = await Promise.all([1, 2, 3].map(() => files.open(entry)));
  for (const bytes of await Promise.all(songs.map(wholeOf))) {
    assertBytes(bytes, wav(1));
  }
  for (const song of songs) song.close();
});

Deno.test({
  name:
    "a scan accepts links within the folder, and skips pipes and links that lead outside",
  ignore: Deno.build.os === "windows",
  async fn() {
    const { folder } = await folderWith({ "songs/a.wav": wav(1) });
    await using _ = folder;
    await Deno.writeFile(folder.file("outside.wav"), wav(2));
    await Deno.symlink("a.wav", folder.file("songs/b.wav"));
    await Deno.symlink("../outside.wav", folder.file("songs/c.wav"));
    await new Deno.Command("mkfifo", { args: [folder.file("songs/d.wav")] })
      .output();
    await Deno.symlink("d.wav", folder.file("songs/e.wav"));
    const skipped: string[] = [];
    const songs = await openScanned(folder.file("songs"), LIMITS, {
      skipped: (name) => skipped.push(name),
    });
    const names = Array.from(songs.list(), ({ name }) => name);
    const leftOut = ["d.wav", "c.wav", "e.wav"];
    assert.deepEqual([names, skipped], [["a.wav", "b.wav"], leftOut]);
    await songs.rescan();
    assert.equal(songs.size, 2);
    assert.deepEqual(skipped, leftOut); // reported once
  },
});

Deno.test("rescan() keeps songs that were stored during the scan", async () => {
  const { folder, files } = await folderWith({ "a.wav": wav(1) });
  await using _ = folder;
  const { readDir } = Deno;
  const read = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  Deno.readDir = async function* (path) {
    Deno.readDir = readDir;
    yield* readDir(path);
    read.resolve();
    await goOn.promise;
  };
  try {
    const rescanned = files.rescan();
    await read.promise;
    const bytes = wav(2);
    const writer = await files.create("b.wav", { replace: false });
    await writer.write(bytes);
    await writer.store({ bytes: bytes.length, sha256: sha256Hex(bytes) });
    goOn.resolve();
    await rescanned;
  } finally {
    Deno.readDir = readDir;
  }
  assert.notEqual(files.find("b"), undefined);
});

Deno.test("rescan() examines only files with reported changes", async () => {
  const { folder, files } = await folderWith({
    "a.wav": wav(1),
    "live/b.wav": wav(2),
    "live/c.wav": wav(3),
  });
  await using _ = folder;
  const { stat } = Deno;
  const asked: string[] = [];
  Deno.stat = (path) => {
    asked.push(relative(files.root, String(path)).replaceAll("\\", "/"));
    return stat(path);
  };
  const rescan = async (...reported: string[]) => {
    asked.length = 0;
    const changes = new FolderChanges();
    for (const path of reported) changes.add(path);
    await files.rescan(changes);
    return asked.toSorted();
  };
  try {
    assert.deepEqual(await rescan(), []);
    assert.deepEqual(await rescan("a.wav", "x"), ["a.wav"]);
    assert.deepEqual(await rescan("live"), ["live/b.wav", "live/c.wav"]);
    await Deno.writeFile(folder.file("live/c.wav"), wav(4, 800));
    await Deno.writeFile(folder.file("new.wav"), wav(5));
    await Deno.remove(folder.file("a.wav"));
    await rescan("live/c.wav");
    assert.equal(files.find("live/c")?.bytes, wav(4, 800).length);
    const names = Array.from(files.list(), ({ name }) => name);
    assert.deepEqual(names, ["live/b.wav", "live/c.wav", "new.wav"]);
    asked.length = 0;
    await files.rescan();
    assert.equal(asked.length, 3);
  } finally {
    Deno.stat = stat;
  }
});

Deno.test({
  name: "open() does not block on a pipe that replaced a song",
  ignore: Deno.build.os === "windows", // which has no pipes in folders
  async fn() {
    const { folder, files } = await folderWith({ "a.wav": wav(1) });
    await using _ = folder;
    const song = files.find("a")!;
    await Deno.remove(folder.file("a.wav"));
    await new Deno.Command("mkfifo", { args: [folder.file("a.wav")] }).output();
    await assert.rejects(files.open(song), { code: "not-found" });
    assert.equal(files.find("a"), undefined);
  },
});

Deno.test({
  name:
    "hasLinks is true of a folder with a link to a folder, even one outside",
  ignore: Deno.build.os === "windows", // where creating links needs a privilege
  async fn() {
    const { folder, files } = await folderWith({ "a.wav": wav(1) });
    await using _ = folder;
    await Deno.symlink("a.wav", folder.file("b.wav"));
    await files.rescan();
    assert.equal(files.hasLinks, false);
    await Deno.symlink("/", folder.file("all"));
    await files.rescan();
    assert.equal(files.hasLinks, true);
  },
});
