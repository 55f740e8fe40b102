/**
 * Decoding: how many seconds of a song a second of CPU decodes, in segments as
 * the server decodes them, beside ffmpeg on one thread and in one pass.
 *
 * @module
 */

import process from "node:process";
import { CONTAINER_BITS } from "../../lib/audio/format.ts";
import type { ReadableFile } from "../../lib/audio/readable_file.ts";
import { segmentFrames } from "../../lib/audio/rendition.ts";
import { probeSong } from "../../lib/io/codecs/probe_song.ts";
import { RangeDecoder } from "../../lib/io/codecs/range_decoder.ts";
import { ROOT, run } from "../programs.ts";
import { type Results, US } from "../results.ts";
import { inTurns } from "../stats.ts";
import type { Workshop } from "../workshop.ts";

/** Kinds of songs, what ffmpeg makes them with, and the part of its speed to reach. */
const KINDS:
  readonly (readonly [name: string, words: string, least: number])[] = [
    ["FLAC", "flac -c:a flac", 0.6],
    ["ALAC", "m4a -c:a alac", 0.6],
    ["MP3", "mp3 -c:a libmp3lame -b:a 192k", 0.4],
    ["Vorbis", "ogg -c:a libvorbis -q:a 5", 0.6],
    ["Opus", "opus -c:a libopus -b:a 128k", 0.6],
    ["AAC", "m4a -c:a aac -b:a 192k", 0.6],
  ];
/** Decodes each kind of song. */
export async function decode(shop: Workshop, results: Results): Promise<void> {
  for (const [kind, recipe, atLeast] of KINDS) {
    const [ending, ...words] = recipe.split(" ");
    const path = shop.path(`decode.${ending}`);
    // Of tones that are made for other parts there is little to decode.
    const source = [
      ..."ffmpeg -v error -y -stream_loop 19 -i".split(" "),
      `${ROOT}music/Canon in D.wav`,
    ];
    try {
      await run([...source, ...words, path]);
    } catch {
      results.note(`decoding needs ffmpeg: no ${kind}`);
      continue;
    }
    const what = `decoding ${kind}`;
    const turns = await inTurns(shop.options.rounds, [
      {
        who: US,
        run: () => Promise.resolve(ours(path)),
      },
      { who: "ffmpeg", run: () => ffmpegs(path) },
    ]);
    results.addTurns(what, "× real time", turns);
    results.ratio(what, "ffmpeg", { atLeast });
  }
}

function opened(path: string): ReadableFile & Disposable {
  const file = Deno.openSync(path);
  return {
    bytes: file.statSync().size,
    read(into, offsetBytes) {
      file.seekSync(offsetBytes, Deno.SeekMode.Start);
      return file.readSync(into) ?? 0;
    },
    [Symbol.dispose]: () => file.close(),
  };
}

function secondsOf(path: string): number {
  using song = opened(path);
  const { sampleFrames, rate } = probeSong(song);
  return sampleFrames / rate;
}

/** Seconds of the song in one of CPU. */
function ours(path: string): number {
  using song = opened(path);
  const began = process.cpuUsage();
  const probe = probeSong(song, "ends");
  const decoder = new RangeDecoder(song, probe);
  const bits = CONTAINER_BITS[probe.encoding];
  const segment = segmentFrames({ ...probe, bits }, probe.codec);
  let bytes = 0;
  for (let from = 0; from < probe.sampleFrames; from += segment) {
    const to = Math.min(probe.sampleFrames, from + segment);
    bytes += decoder.decode(from, to).pcm.length;
  }
  const { user, system } = process.cpuUsage(began);
  const frameBytes = probe.channels * bits / 8;
  if (bytes !== probe.sampleFrames * frameBytes) {
    throw new Error(`Cannot decode ${path}: ${bytes} bytes came`);
  }
  return probe.sampleFrames / probe.rate / ((user + system) / 1e6);
}

/** The same of ffmpeg. */
async function ffmpegs(path: string): Promise<number> {
  const words = `-nostdin -benchmark -threads 1 -i ${path} -f null -`;
  const { stderr } = await new Deno.Command("ffmpeg", {
    args: words.split(" "),
    stdout: "null",
  }).output();
  const times = /utime=([\d.]+)s stime=([\d.]+)s/
    .exec(new TextDecoder().decode(stderr));
  if (!times) throw new Error("ffmpeg does not say what it took");
  return secondsOf(path) / (Number(times[1]) + Number(times[2]));
}
