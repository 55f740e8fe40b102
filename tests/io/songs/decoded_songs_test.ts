import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { wavHeader } from "../../../lib/audio/wav_writer.ts";
import type { DecoderPool } from "../../../lib/io/codecs/decoder_pool.ts";
import { OpenSongs } from "../../../lib/io/songs/open_songs.ts";
import { SegmentMemory } from "../../../lib/io/songs/segment_memory.ts";
import { SongFiles } from "../../../lib/io/songs/song_files.ts";
import { SongFolder } from "../../../lib/io/songs/song_folder.ts";
import { aiffFile } from "../../audio/fixtures/aiff.ts";
import { assertBytes } from "../../support/assert_bytes.ts";
import { CD, noise } from "../../support/memory_songs.ts";
import { hasProgram, TempFolder } from "../../support/programs.ts";
import { concat } from "../../support/raw_peer.ts";
import { openScanned } from "../../support/scanned_folder.ts";

const LIMITS = { maxUploadBytes: 1e9, minFreeBytes: 0, maxSongs: 100 };
/** Twelve seconds, so four segments. */
const PCM = noise(12 * 176_400);
const WAV = concat([wavHeader(CD, PCM.length), PCM]);

function open(folder: string, db = new DatabaseSync(":memory:")) {
  const data = { db, isAlone: true };
  return openScanned(folder, LIMITS, {}, () => Promise.resolve(data));
}

/** Reads a complete song in pieces of a length. */
async function readAll(files: SongFiles, name: string, pieceBytes: number) {
  const song = await files.open(files.find(name)!);
  const bytes = new Uint8Array(song.entry.bytes!);
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    await song.read(bytes.subarray(at, at + pieceBytes), at);
  }
  song.close();
  return { bytes, entry: song.entry };
}

Deno.test("a file of another format is sent as WAV, recognized by its content", async () => {
  await using folder = await TempFolder.make();
  await Deno.writeFile(folder.file("a.flac"), aiffFile(CD, PCM));
  await Deno.writeFile(folder.file("b.wav"), WAV);
  await Deno.writeFile(folder.file("c.mp3"), noise(5000));
  await Deno.writeFile(folder.file("d.mp3"), new Uint8Array(0));
  const files = await open(folder.path);
  const rows = Array.from(files.list(), ({ name }) => files.find(name)!);
  assert.deepEqual(rows.map((row) => [row.name, row.codec, row.problem]), [
    ["a.flac", "pcm", undefined],
    ["b.wav", undefined, undefined],
    ["c.mp3", undefined, "not-wav"],
    ["d.mp3", undefined, "not-wav"],
  ]);
  const [aiff, wav] = rows;
  assert.deepEqual(aiff.format, wav.format);
  assert.equal(aiff.bytes, WAV.length);
  assert.equal(aiff.file?.bytes, aiffFile(CD, PCM).length);
  for (const name of ["a.flac", "b.wav"]) {
    const { bytes } = await readAll(files, name, 700_001);
    assertBytes(bytes, WAV);
  }
  files.close();
});

Deno.test("the SHA-256 of the sent WAV is known once all of it was read", async () => {
  await using folder = await TempFolder.make();
  await Deno.writeFile(folder.file("a.aiff"), aiffFile(CD, PCM));
  const db = new DatabaseSync(":memory:");
  const files = await open(folder.path, db);
  const { entry } = await readAll(files, "a.aiff", 1 << 20);
  const sha256 = createHash("sha256").update(WAV).digest("hex");
  assert.equal(entry.sha256, sha256);
  files.close();
  const again = await open(folder.path, db);
  const row = again.find("a.aiff");
  assert.equal(row?.sha256, sha256);
  assert.equal(row?.etag, entry.etag);
  again.close();
});

Deno.test("a stream of a decoded song ends with `changed` when its file is replaced", async () => {
  await using folder = await TempFolder.make();
  const path = folder.file("a.aiff");
  await Deno.writeFile(path, aiffFile(CD, PCM));
  const files = await open(folder.path);
  const before = files.find("a.aiff")!;
  const song = await files.open(before);
  await song.read(new Uint8Array(100), 0);
  await Deno.writeFile(path, aiffFile(CD, noise(1_000_000, 2)));
  await assert.rejects(song.read(new Uint8Array(100), 2_000_000), {
    code: "changed",
  });
  song.close();
  const now = await files.open(files.find("a.aiff")!);
  assert.notEqual(now.entry.etag, before.etag);
  assert.equal(now.entry.bytes, 1_000_044);
  now.close();
  files.close();
});

Deno.test("a damaged song is reported once, however often it is opened", async () => {
  await using folder = await TempFolder.make();
  await Deno.writeFile(folder.file("a.aiff"), aiffFile(CD, PCM));
  const files = await open(folder.path);
  const song = files.find("a.aiff")!;
  const { sampleFrames } = song.decoding!;
  const run = ({ from, to }: { from: number; to: number }) => {
    const pcm = new Uint8Array(4 * (to - from));
    const result = Promise.resolve({ pcm, damagedFrames: 9, sampleFrames });
    return { result, hurry() {}, cancel() {} };
  };
  const reported: string[] = [];
  const songs = new OpenSongs(await SongFolder.open(folder.path), {
    isSame: () => Promise.resolve(true),
    learned() {},
    hashed() {},
    damaged: ({ name }) => reported.push(name),
    counted() {},
  }, {
    pool: { run } as unknown as DecoderPool,
    memory: new SegmentMemory(),
    counts: { segments: 0, silentSegments: 0, damagedFrames: 0 },
    ffmpeg: { both: () => Promise.reject(new Error("not used")) },
  });
  for (let i = 0; i < 3; i++) {
    const opened = await songs.useAnew(song);
    await opened.read(new Uint8Array(100), 44);
    opened.close();
  }
  assert.deepEqual(reported, ["a.aiff"]);
  files.close();
});

Deno.test("another content of the same length in the same file is decoded anew", async () => {
  await using folder = await TempFolder.make();
  const path = folder.file("a.aiff");
  const files = await open(folder.path);
  for (const seed of [1, 2]) {
    const pcm = noise(PCM.length, seed);
    await Deno.writeFile(path, aiffFile(CD, pcm));
    await Deno.utime(path, seed, seed);
    await files.rescan();
    const { bytes } = await readAll(files, "a.aiff", 1 << 20);
    assertBytes(bytes.subarray(44), pcm);
  }
  files.close();
});

/** Uploads a file. @returns The name of the song. */
async function upload(files: SongFiles, name: string, bytes: Uint8Array) {
  const writer = await files.create(name, { replace: false });
  try {
    await writer.write(bytes);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    return await writer.store({ bytes: bytes.length, sha256 });
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

Deno.test("an upload keeps its ending, or gets that of its content if it has none", async () => {
  await using folder = await TempFolder.make();
  const files = await open(folder.path);
  const aiff = aiffFile(CD, PCM);
  for (
    const [name, bytes, stored] of [
      ["a.flac", aiff, "a.flac"],
      ["live/b", aiff, "live/b.aiff"],
      ["c", WAV, "c.wav"],
    ] as const
  ) {
    const entry = await upload(files, name, bytes);
    assert.equal(entry.name, stored);
    assert.equal(entry.bytes, WAV.length);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    assert.equal(entry.file ? entry.file.sha256 : entry.sha256, sha256);
    assertBytes(await Deno.readFile(folder.file(stored)), bytes);
  }
  await assert.rejects(upload(files, "live/b", aiff), { code: "exists" });
  files.close();
});

Deno.test("an MP3 behind junk gets its ending without one in its name", async () => {
  await using folder = await TempFolder.make();
  const files = await open(folder.path);
  const frame = new Uint8Array(417);
  frame.set([0xFF, 0xFB, 0x90, 0xC4]); // 128 kbit/s at 44.1 kHz.
  const frames = Array<Uint8Array>(200).fill(frame);
  const mp3 = concat([noise(5000), ...frames]);
  assert.equal((await upload(files, "junk", mp3)).name, "junk.mp3");
  files.close();
});

Deno.test("an upload that cannot be decoded is refused", async () => {
  await using folder = await TempFolder.make();
  const files = await open(folder.path);
  for (const name of ["a.mp3", "b.flac", "c"]) {
    await assert.rejects(upload(files, name, noise(9000)), {
      code: "not-wav",
      message: "Cannot decode the song: its format is unknown",
    });
  }
  const names = Array.from(Deno.readDirSync(folder.path), ({ name }) => name);
  assert.deepEqual(names, []);
  files.close();
});

Deno.test({
  name: "an unknown length is estimated until the song is opened",
  ignore: !hasProgram("ffmpeg"),
  async fn() {
    await using folder = await TempFolder.make();
    await Deno.mkdir(folder.file("music"));
    await Deno.writeFile(folder.file("a.wav"), WAV);
    const { success } = await new Deno.Command("ffmpeg", {
      args: [
        ...["-v", "error", "-i", folder.file("a.wav"), "-q:a", "4"],
        ...["-write_xing", "0", folder.file("music/a.mp3")],
      ],
    }).output();
    assert.ok(success);
    const db = new DatabaseSync(":memory:");
    const files = await open(folder.file("music"), db);
    const row = files.find("a.mp3")!;
    assert.equal(row.isEstimated, true);
    const [one, two] = await Promise.all([files.open(row), files.open(row)]);
    assert.equal(one.entry, two.entry);
    assert.equal(one.entry.isEstimated, undefined);
    assert.notEqual(one.entry.etag, row.etag);
    // It has whole packets of 1152 sample frames, with the encoder's delay.
    const frames = one.entry.format!.dataBytes! / 4;
    assert.ok(frames % 1152 === 0 && frames >= PCM.length / 4);
    await one.read(new Uint8Array(100), one.entry.bytes! - 100);
    assert.equal(files.find("a.mp3")?.etag, one.entry.etag);
    for (const song of [one, two]) song.close();
    files.close();
    const again = await open(folder.file("music"), db);
    assert.equal(again.find("a.mp3")?.etag, one.entry.etag);
    again.close();
  },
});

const ENCRYPTED: [renditionBytes: number | null, fileType: string][] = [
  [1e9, "ftyp"],
  [null, "ftyp"],
  // QuickTime files may begin with another box.
  [1e9, "free"],
];

for (const [renditionBytes, fileType] of ENCRYPTED) {
  const tool = renditionBytes === null ? "without" : "with";
  Deno.test({
    name: `an encrypted song with ${fileType} is refused ${tool} ffmpeg`,
    ignore: !hasProgram("ffmpeg"),
    async fn() {
      await using folder = await TempFolder.make();
      await Deno.mkdir(folder.file("music"));
      await Deno.writeFile(folder.file("a.wav"), WAV);
      const key = "00112233445566778899aabbccddeeff";
      const { success } = await new Deno.Command("ffmpeg", {
        args: [
          ...["-v", "error", "-i", folder.file("a.wav"), "-c:a", "aac"],
          ...["-encryption_scheme", "cenc-aes-ctr", "-encryption_key", key],
          ...["-encryption_kid", key, folder.file("music/a.mp4")],
        ],
      }).output();
      assert.ok(success);
      const path = folder.file("music/a.mp4");
      const bytes = await Deno.readFile(path);
      bytes.set(new TextEncoder().encode(fileType), 4);
      await Deno.writeFile(path, bytes);
      const files = await openScanned(
        ...[
          folder.file("music"),
          LIMITS,
          {},
          undefined,
          renditionBytes,
        ] as const,
      );
      const row = files.find("a.mp4")!;
      assert.equal(row.problem, "unsupported");
      assert.equal(row.problemText, "Cannot decode the song: it is encrypted");
      assert.equal(await files.lacking(), 0);
      await files.rescan();
      assert.deepEqual(files.find("a.mp4"), row, "it is not examined again");
      files.close();
    },
  });
}
