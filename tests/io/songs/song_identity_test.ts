import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { SongFiles } from "../../../lib/io/songs/song_files.ts";
import type { OpenSong } from "../../../lib/ports/server.ts";
import { assertBytes } from "../../support/assert_bytes.ts";
import { CD, noise, TAGS, wavFile } from "../../support/memory_songs.ts";
import { TempFolder } from "../../support/programs.ts";
import { openScanned } from "../../support/scanned_folder.ts";

const LIMITS = { maxUploadBytes: 1 << 20, minFreeBytes: 0, maxSongs: 100 };
/** Larger than the parts that a probe reads. */
const FILE = wavFile(CD, noise(1_000_000), TAGS);
/** A byte that no probe reads: between the first 64 KiB and the next page. */
const UNSEEN_AT = 2 * 65_536 - 1;
const LONG_AGO = 1e9;

interface World extends AsyncDisposable {
  path: string;
  files: SongFiles;
  db: DatabaseSync;
  /** The number of files opened since the last call. */
  opened(): number;
  song(): ReturnType<SongFiles["find"]> & object;
}

/** A folder with one song, whose probe is known. */
async function setUp(): Promise<World> {
  const folder = await TempFolder.make();
  const path = folder.file("a.wav");
  await Deno.writeFile(path, FILE);
  await Deno.utime(path, LONG_AGO, LONG_AGO);
  const db = new DatabaseSync(":memory:");
  const files = await open(folder.path, db);
  await files.probeNew(clock, new AbortController().signal);
  let opened = 0;
  const { open: realOpen } = Deno;
  Deno.open = (...args) => {
    opened++;
    return realOpen(...args);
  };
  return {
    ...{ path, files, db },
    song: () => files.find("a")!,
    opened() {
      const before = opened;
      opened = 0;
      return before;
    },
    async [Symbol.asyncDispose]() {
      Deno.open = realOpen;
      await folder[Symbol.asyncDispose]();
    },
  };
}

const clock = { now: () => 0, sleep: () => Promise.resolve() };

function open(path: string, db: DatabaseSync): Promise<SongFiles> {
  return openScanned(
    path,
    LIMITS,
    {},
    () => Promise.resolve({ db, isAlone: true }),
  );
}

/** Overwrites a byte of a file. */
async function writeByte(path: string, at: number): Promise<void> {
  using file = await Deno.open(path, { write: true });
  await file.seek(at, Deno.SeekMode.Start);
  await file.write(Uint8Array.of(FILE[at] ^ 0xFF));
}

/** Waits until the file system's time has advanced. */
async function tick(path: string): Promise<void> {
  const before = (await Deno.stat(path)).ctime!.getTime();
  const probe = `${path}.tick`;
  do await Deno.writeTextFile(probe, ""); while (
    (await Deno.stat(probe)).mtime!.getTime() <= before
  );
  await Deno.remove(probe);
}

const METADATA: Record<string, (path: string) => Promise<void>> = {
  "has another link": (path) => Deno.link(path, `${path}.link`),
  "has other permissions": (path) => Deno.chmod(path, 0o600),
  "has another modification time": (path) => Deno.utime(path, 2e9, 2e9),
  async "was renamed and renamed back"(path) {
    await Deno.rename(path, `${path}.away`);
    await Deno.rename(`${path}.away`, path);
  },
  async "was replaced by a copy"(path) {
    await Deno.copyFile(path, `${path}.copy`);
    await Deno.rename(`${path}.copy`, path);
  },
  async "was overwritten with the same bytes"(path) {
    using file = await Deno.open(path, { write: true });
    await file.write(FILE.subarray(0, 100_000));
  },
};

for (const [how, change] of Object.entries(METADATA)) {
  Deno.test(`a song keeps its etag and its streams, and is not read by a scan, when its file ${how}`, async () => {
    await using world = await setUp();
    const { files, path } = world;
    const { etag } = world.song();
    const stream = await files.open(world.song());
    const part = new Uint8Array(500_000);
    await stream.read(part, 0);
    await tick(path);
    await change(path);
    world.opened();
    await files.rescan();
    assert.deepEqual([world.opened(), world.song().etag], [0, etag]);
    const next = await files.open(world.song());
    assert.equal(next.entry.etag, etag);
    for (const song of [stream, next]) {
      assertBytes(await wholeOf(song), FILE);
      assert.equal(song.gone.happened, false);
      song.close();
    }
    // The result is kept, so that no file is read at the next start.
    world.opened();
    const again = await open(path.slice(0, -"/a.wav".length), world.db);
    assert.deepEqual([world.opened(), again.find("a")!.etag], [0, etag]);
  });
}

/** Places of tags, and one that only the hash of the whole content covers. */
Deno.test("a song is hashed although its file was touched before", async () => {
  await using world = await setUp();
  const { files, path } = world;
  const before = world.song();
  await Deno.utime(path, 2e9, 2e9);
  files.wantFileHash(before);
  await files.hashed;
  assert.equal(world.song().etag, before.etag);
  assert.match(world.song().sha256 ?? "", /^[0-9a-f]{64}$/);
});

Deno.test("a song that is opened once more has the hash that has become known since", async () => {
  await using world = await setUp();
  const { files } = world;
  const first = await files.open(world.song());
  assert.equal(first.entry.sha256, undefined);
  files.wantFileHash(world.song());
  await files.hashed;
  const { sha256, etag } = world.song();
  assert.ok(sha256);
  const next = await files.open(world.song());
  assert.deepEqual([next.entry.etag, next.entry.sha256], [etag, sha256]);
  first.close();
  next.close();
});

Deno.test("a song is hashed that got its probe and was touched while it waited for that", async () => {
  await using folder = await TempFolder.make();
  const path = folder.file("a.wav");
  await Deno.writeFile(path, FILE);
  const files = await open(folder.path, new DatabaseSync(":memory:"));
  const before = files.find("a")!;
  await files.probeNew(clock, new AbortController().signal);
  await tick(path);
  await Deno.utime(path, 2e9, 2e9);
  files.wantHash(before);
  await files.hashed;
  const { etag, sha256 } = files.find("a")!;
  assert.equal(etag, before.etag);
  assert.match(sha256 ?? "", /^[0-9a-f]{64}$/);
});

Deno.test("an edit that no probe sees is noticed by the hash that was learned while the song was open", async () => {
  await using world = await setUp();
  const { files, path } = world;
  const stream = await files.open(world.song());
  const part = new Uint8Array(1000);
  files.wantHash(world.song());
  await files.hashed;
  const { etag } = world.song();
  await tick(path);
  await writeByte(path, UNSEEN_AT);
  await stream.read(part, 0);
  await files.hashed;
  assert.notEqual(world.song().etag, etag);
  assert.equal(stream.gone.happened, true);
  stream.close();
});

Deno.test("another version of the program reads a song again, which stays the same although its file was linked", async () => {
  await using world = await setUp();
  const { files, path, db } = world;
  files.wantHash(world.song());
  await files.hashed;
  const before = files.get("a.wav")!;
  await Deno.copyFile(path, `${path}.copy`);
  await Deno.utime(`${path}.copy`, LONG_AGO, LONG_AGO);
  await Deno.rename(`${path}.copy`, path);
  db.exec("UPDATE songs SET revision = 0");
  const again = await open(path.slice(0, -"/a.wav".length), db);
  const { etag, sha256, probe, stamp } = again.get("a.wav")!;
  assert.notEqual(stamp, before.stamp);
  assert.deepEqual([etag, sha256, probe], [
    ...[before.etag, before.sha256, before.probe],
  ]);
});

Deno.test("a song that is edited is not recently added", async () => {
  await using world = await setUp();
  const { files, path } = world;
  const { etag, added } = world.song();
  await tick(path);
  await writeByte(path, 30_000);
  (await files.open(world.song())).close();
  assert.notEqual(world.song().etag, etag);
  assert.equal(world.song().added, added);
});

const EDITS: [what: string, at: number, known: boolean][] = [
  ["at the beginning", 30_000, false],
  ["at the end", FILE.length - 2, false],
  ["in a sampled page", 65_536, false],
  ["anywhere, when its hash is known", UNSEEN_AT, true],
];

for (const [what, at, isHashed] of EDITS) {
  Deno.test(`a song has another etag when its file keeps its size and was edited ${what}`, async () => {
    await using world = await setUp();
    const { files, path } = world;
    const before = world.song();
    if (isHashed) files.wantHash(before);
    await files.hashed;
    const stream = await files.open(before);
    await tick(path);
    await writeByte(path, at);
    // Tag editors restore the modification time.
    if (!isHashed) await Deno.utime(path, LONG_AGO, LONG_AGO);
    const edited = FILE.slice();
    edited[at] ^= 0xFF;
    if (isHashed) {
      (await files.open(before)).close(); // The probe is equal, and the stream continues.
      await files.hashed;
    }
    const next = await files.open(world.song());
    assert.notEqual(next.entry.etag, before.etag);
    assert.notEqual(world.song().sha256, isHashed ? before.sha256 : "");
    assertBytes(await wholeOf(next), edited);
    await assert.rejects(stream.read(new Uint8Array(10), 0), {
      code: "changed",
    });
    stream.close();
    next.close();
  });
}

Deno.test("a growing file plays up to its length at the start, and is listed with its new length later", async () => {
  await using folder = await TempFolder.make();
  const path = folder.file("a.wav");
  await Deno.writeFile(path, FILE.subarray(0, 400_000));
  const files = await open(folder.path, new DatabaseSync(":memory:"));
  const stream = await files.open(files.find("a")!);
  await stream.read(new Uint8Array(1000), 0);
  await stream.read(new Uint8Array(1000), 1000); // the probe is read in between
  await tick(path);
  await Deno.writeFile(path, FILE.subarray(400_000, 700_000), { append: true });
  await files.rescan();
  const longer = files.find("a")!;
  assert.equal(longer.bytes, 700_000);
  assertBytes(await wholeOf(stream), FILE.subarray(0, 400_000));
  const next = await files.open(longer);
  assertBytes(await wholeOf(next), FILE.subarray(0, 700_000));
  // A recorder writes the sizes at the end.
  await tick(path);
  await Deno.writeFile(path, FILE.subarray(700_000), { append: true });
  await writeByte(path, 4);
  await assert.rejects(wholeOf(stream), { code: "changed" });
  await files.rescan();
  const last = await files.open(files.find("a")!);
  assert.equal(last.entry.bytes, FILE.length);
  for (const song of [stream, next, last]) song.close();
});

Deno.test("an unplayable file is recorded, and examined again when it changes", async () => {
  await using world = await setUp();
  const { path, db } = world;
  const folder = path.slice(0, -"/a.wav".length);
  await Deno.writeFile(`${folder}/b.wav`, new Uint8Array(1000));
  const first = await open(folder, db);
  assert.equal(first.find("b")!.problem, "not-wav");
  world.opened();
  const second = await open(folder, db);
  assert.deepEqual([world.opened(), second.find("b")!.problem], [0, "not-wav"]);
  await tick(`${folder}/b.wav`);
  await Deno.writeFile(`${folder}/b.wav`, wavFile(CD, noise(956)));
  await second.rescan();
  assert.equal(second.find("b")!.problem, undefined);
});

Deno.test("an unreadable file is listed with its problem, and reported once", async () => {
  await using world = await setUp();
  const { open: realOpen } = Deno;
  Deno.open = () => Promise.reject(new Deno.errors.PermissionDenied());
  try {
    const said: string[] = [];
    const folder = world.path.slice(0, -"/a.wav".length);
    const files = await openScanned(folder, LIMITS, {
      unreadable: (name, reason) => said.push(`${name}: ${reason}`),
    });
    await files.rescan();
    assert.equal(files.find("a")!.problem, "internal");
    assert.deepEqual(said, ["a.wav: no permission to read it"]);
  } finally {
    Deno.open = realOpen;
  }
});

async function wholeOf(song: OpenSong): Promise<Uint8Array> {
  const bytes = new Uint8Array(song.entry.bytes!);
  await song.read(bytes, 0);
  return bytes;
}
