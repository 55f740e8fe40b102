import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { OndacastError } from "../../../lib/errors.ts";
import { SongDecoder } from "../../../lib/io/codecs/song_decoder.ts";
import { assertBytes } from "../../support/assert_bytes.ts";
import { CD, noise, wavFile } from "../../support/memory_songs.ts";
import { hasProgram, TempFolder } from "../../support/programs.ts";
import { concat } from "../../support/raw_peer.ts";
import { seededRandom } from "../../support/seeded_random.ts";

const MODULE = new URL("../../../lib/io/codecs/codecs.bin", import.meta.url);
const ignore = !hasProgram("ffmpeg");
const SAMPLE_FRAMES = 30_000;
/** A sweep in stereo, since lossy codecs do not preserve noise. */
const PCM = sweep();

function sweep(): Uint8Array {
  const view = new DataView(new ArrayBuffer(SAMPLE_FRAMES * 4));
  for (let i = 0; i < SAMPLE_FRAMES; i++) {
    const t = i / CD.rate;
    view.setInt16(4 * i, 9000 * Math.sin(2 * Math.PI * 440 * t), true);
    view.setInt16(4 * i + 2, 7000 * Math.sin(900 * t * (1 + t)), true);
  }
  return new Uint8Array(view.buffer);
}

/** Encodes the song in another format with ffmpeg. */
async function encoded(name: string, words: string[] = []) {
  await using folder = await TempFolder.make();
  await Deno.writeFile(folder.file("song.wav"), wavFile(CD, PCM));
  const { success, stderr } = await new Deno.Command("ffmpeg", {
    args: [
      ...["-v", "error", "-i", folder.file("song.wav"), ...words],
      folder.file(name),
    ],
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return await Deno.readFile(folder.file(name));
}

function open(file: Uint8Array): SongDecoder {
  return SongDecoder.open({
    bytes: file.length,
    read(into, offset) {
      const piece = file.subarray(offset, offset + into.length);
      into.set(piece);
      return piece.length;
    },
  });
}

/** All PCM from the decoder's position, and its first sample frame. */
function decodeAll(decoder: SongDecoder) {
  const parts: Uint8Array[] = [];
  let first: number | null = null;
  for (let packet; (packet = decoder.decode());) {
    first ??= packet.timestamp;
    parts.push(packet.pcm.slice());
  }
  return { first: first ?? 0, pcm: concat(parts) };
}

Deno.test("the module matches its checksum", async () => {
  const sum = await Deno.readTextFile(new URL(`${MODULE}.sha256`));
  const hash = createHash("sha256").update(await Deno.readFile(MODULE));
  assert.equal(sum, `${hash.digest("hex")}  codecs.bin\n`);
});

const LOSSLESS: [name: string, codec: string, words: string[]][] = [
  ["song.flac", "flac", []],
  ["song.m4a", "alac", ["-c:a", "alac"]],
  ["song.caf", "alac", ["-c:a", "alac"]],
];

for (const [name, codec, words] of LOSSLESS) {
  Deno.test({
    name: `decode() returns ${codec} in ${name} bit for bit, from any position`,
    ignore,
    async fn() {
      const file = await encoded(name, words);
      const decoder = open(file);
      const { rate, channels, encoding, validBits } = decoder.format;
      assert.deepEqual(
        [decoder.format.codec, rate, channels, encoding, validBits],
        [codec, 44_100, 2, "s16le", 16],
      );
      const { first, pcm } = decodeAll(decoder);
      assert.equal(first, 0);
      assertBytes(pcm, PCM);
      // An instance at the end of some containers cannot seek back.
      const another = open(file);
      const at = another.seek(20_000);
      assert.ok(at !== null && at <= 20_000);
      const rest = decodeAll(another);
      assert.equal(rest.first, at);
      assertBytes(rest.pcm, PCM.subarray(at * 4));
    },
  });
}

const LOSSY: [name: string, codec: string, words: string[]][] = [
  ["song.mp3", "mp3", ["-c:a", "libmp3lame", "-b:a", "320k"]],
  ["song.ogg", "vorbis", ["-c:a", "libvorbis", "-q:a", "9"]],
  ["song.m4a", "aac", ["-c:a", "aac", "-b:a", "256k"]],
  ["song.opus", "opus", ["-c:a", "libopus", "-b:a", "256k"]],
];

for (const [name, codec, words] of LOSSY) {
  Deno.test({
    name: `decode() returns the PCM of ${codec} at its position`,
    ignore,
    async fn() {
      const decoder = open(await encoded(name, words));
      const { format } = decoder;
      assert.equal(format.codec, codec);
      assert.equal(format.encoding, "s16le");
      const rate = codec === "opus" ? 48_000 : 44_100;
      assert.equal(format.rate, rate);
      const { pcm } = decodeAll(decoder);
      const frames = pcm.length / 4;
      const least = SAMPLE_FRAMES * rate / 44_100;
      assert.ok(frames >= least && frames < least + 6_000, `${frames}`);
      // The tone on the left kept its level.
      const view = new DataView(pcm.buffer);
      let most = 0;
      for (let i = frames >> 2; i < frames >> 1; i++) {
        most = Math.max(most, Math.abs(view.getInt16(4 * i, true)));
      }
      assert.ok(Math.abs(most - 9000) < 500, `the loudest is ${most}`);
    },
  });
}

Deno.test({
  name: "tags() and art() return the song's metadata",
  ignore,
  async fn() {
    const words = [
      ...[
        "-metadata",
        'title=Say "hi"\n\u202e',
        "-metadata",
        "artist=Zo\u00eb",
      ],
      ...["-metadata", "album=A", "-metadata", "track=3/9"],
    ];
    for (const name of ["song.flac", "song.mp3", "song.ogg", "song.opus"]) {
      const decoder = open(await encoded(name, words));
      const tags = new Map(decoder.tags());
      assert.equal(tags.get("title"), 'Say "hi"\n\u202e', name);
      assert.equal(tags.get("artist"), "Zo\u00eb", name);
      assert.equal(tags.get("album"), "A", name);
      assert.equal(tags.get("track"), "3", name);
      assert.equal(decoder.art(), null, name);
    }
  },
});

Deno.test("open() refuses other data with a typed error", () => {
  for (const file of [new Uint8Array(0), noise(5_000, 1), PCM]) {
    assert.throws(() => open(file), OndacastError);
  }
});

Deno.test({
  name: "decode() of a corrupt song ends, with a typed error if any",
  ignore,
  async fn() {
    const random = seededRandom(20_261_126);
    for (const name of ["song.flac", "song.mp3", "song.ogg", "song.opus"]) {
      const good = await encoded(name);
      for (let round = 0; round < 30; round++) {
        const file = good.slice(0, good.length * (0.5 + random() / 2));
        for (let i = 0; i < 20; i++) {
          file[Math.floor(random() * file.length)] = random() * 256;
        }
        try {
          decodeAll(open(file));
        } catch (error) {
          assert.ok(error instanceof OndacastError, String(error));
        }
      }
    }
  },
});
