/**
 * Fuzz target for songs: any bytes are refused with a typed error, or decoded
 * to PCM that does not depend on the ranges decoded before.
 *
 * @module
 */

import assert from "node:assert/strict";
import { cpuUsage } from "node:process";
import { concat } from "@std/bytes/concat";
import { OndacastError } from "../../lib/errors.ts";
import { openSong } from "../../lib/io/codecs/open_song.ts";
import { probeSong, type SongProbe } from "../../lib/io/codecs/probe_song.ts";
import {
  type DecodedRange,
  RangeDecoder,
} from "../../lib/io/codecs/range_decoder.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { layout, tune } from "../support/coded_songs.ts";
import { latin1Bytes, memoryFile } from "../support/memory_file.ts";
import { wavFile } from "../support/memory_songs.ts";
import { below, type Random } from "./mutate.ts";

/** File names and ffmpeg options of the songs, which are small. */
const RECIPES: readonly string[] = [
  "a.flac",
  "b.flac -c:a flac -sample_fmt s32",
  "a.mp3 -c:a libmp3lame -b:a 32k",
  "b.mp3 -c:a libmp3lame -b:a 64k -write_xing 0",
  "c.mp3 -c:a libmp3lame -q:a 9 -ar 8000 -ac 1",
  "a.mp2 -c:a mp2 -b:a 64k",
  "a.ogg -c:a libvorbis -q:a 0",
  "a.opus -c:a libopus -b:a 24k",
  "a.oga -c:a flac",
  "a.m4a -c:a aac -b:a 32k",
  "b.m4a -c:a aac -b:a 32k -movflags +faststart",
  "c.m4a -c:a aac -b:a 32k -movflags frag_keyframe+empty_moov -frag_duration 100000",
  "d.m4a -c:a alac",
  "a.mp4 -c:a flac -strict -2",
  "b.mp4 -c:a libopus -b:a 24k",
  "a.aac -c:a aac -b:a 32k",
  "a.caf -c:a alac",
  "b.caf -c:a pcm_s16be",
  "a.aiff",
  "a.aifc -f aiff -c:a pcm_f32be",
];
const TAGS = ["-metadata", "title=A song", "-metadata", "artist=Somebody"];

/** An ID3v2.3 tag in Windows-1252 that declares Latin-1. */
const OLD_TAG = latin1Bytes(
  "ID3\x03\0\0\0\0\0\x10TIT2\0\0\0\x06\0\0\0Don\x92t",
);
/** An APEv2 tag with one item, and one of ID3v1. */
const APE = latin1Bytes(
  "\x01\0\0\0\0\0\0\0Title\0A" +
    "APETAGEX\xd0\x07\0\0\x2f\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
);
const ID3V1 = latin1Bytes(`TAGCaf\xc3\xa9${"\0".repeat(120)}`);

let made: Uint8Array[] | undefined;

/** Songs of all formats; without ffmpeg only the beginning of one. */
export function songCorpus(): Uint8Array[] {
  return made ??= makeCorpus();
}

function makeCorpus(): Uint8Array[] {
  const folder = Deno.makeTempDirSync();
  try {
    const format = layout(16, { rate: 16_000, channels: 2 });
    Deno.writeFileSync(
      `${folder}/in.wav`,
      wavFile(format, tune(format, 10_000)),
    );
    const songs = RECIPES.map((recipe) => {
      const [name, ...words] = recipe.split(" ");
      new Deno.Command("ffmpeg", {
        args: ["-v", "quiet", "-i", "in.wav", ...TAGS, ...words, name],
        cwd: folder,
        stderr: "null",
      }).outputSync();
      return Deno.readFileSync(`${folder}/${name}`);
    });
    const [flac, , mp3] = songs;
    const ogg = songs[6];
    return [
      ...songs,
      concat([ogg, ogg]),
      concat([mp3, mp3]),
      ...[flac, mp3].map((song) => concat([OLD_TAG, song, APE, ID3V1])),
    ];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [new Uint8Array(64)];
    throw error;
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** The codes of a refusal. */
const REFUSALS = ["not-wav", "unsupported"];
/** Ranges of each song to decode, in sample frames. */
const RANGES = 2;
const MAX_RANGE = 2_000;
/** More than any input of some kilobytes needs. */
const MAX_CPU_MS = 2_000;

/** Throws if the decoder misbehaves. */
export function runSong(bytes: Uint8Array, random: Random): void {
  const began = cpuUsage();
  attempt(() => openSong(memoryFile(bytes), "ends")[Symbol.dispose]());
  const probe = attempt(() => probeSong(memoryFile(bytes)));
  if (probe) {
    assert.ok(probe.sampleFrames > 0 && Number.isInteger(probe.sampleFrames));
    assert.ok(probe.rate > 0 && probe.channels > 0 && probe.channels <= 8);
    checkRanges(bytes, probe, random);
  }
  const { user, system } = cpuUsage(began);
  const tookMs = (user + system) / 1000;
  assert.ok(tookMs < MAX_CPU_MS, `it took ${tookMs} ms of CPU time`);
}

/** Ranges are the same in the opposite order. */
function checkRanges(
  bytes: Uint8Array,
  probe: SongProbe,
  random: Random,
): void {
  const ranges = Array.from({ length: RANGES }, () => {
    const from = below(random, probe.sampleFrames);
    return { from, to: from + below(random, MAX_RANGE) };
  });
  const forwards = decodeInOrder(bytes, probe, ranges);
  const backwards = decodeInOrder(bytes, probe, ranges.toReversed());
  backwards.reverse().forEach(({ pcm, damagedFrames }, i) => {
    const { from, to } = ranges[i];
    assertBytes(pcm, forwards[i].pcm, `${from} to ${to}`);
    assert.equal(damagedFrames, forwards[i].damagedFrames);
    assert.ok(damagedFrames >= 0 && damagedFrames <= to - from);
  });
}

function decodeInOrder(
  bytes: Uint8Array,
  probe: SongProbe,
  ranges: readonly { from: number; to: number }[],
): DecodedRange[] {
  using decoder = new RangeDecoder(memoryFile(bytes), probe);
  return ranges.map(({ from, to }) => decoder.decode(from, to));
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof OndacastError && REFUSALS.includes(error.code)) {
      return null;
    }
    throw error;
  }
}
