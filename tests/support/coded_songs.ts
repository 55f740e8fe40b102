/**
 * Songs in all formats, encoded by the usual programs, and decoded by them as
 * the reference.
 *
 * @module
 */

import assert from "node:assert/strict";
import { CONTAINER_BITS, type PcmFormat } from "../../lib/audio/format.ts";
import type { ReadableFile } from "../../lib/audio/readable_file.ts";
import { probeSong, type SongProbe } from "../../lib/io/codecs/probe_song.ts";
import { RangeDecoder } from "../../lib/io/codecs/range_decoder.ts";
import { memoryFile } from "./memory_file.ts";
import { wavFile } from "./memory_songs.ts";
import { hasProgram, TempFolder } from "./programs.ts";
import { seededRandom } from "./seeded_random.ts";

/** Whether a test that needs these programs must be skipped. */
export function lacks(...programs: string[]): boolean {
  return !programs.every((name) => hasProgram(name));
}

/** Integer samples of some bits in a container, or floats. */
export function layout(
  bits: number,
  options: { rate?: number; channels?: number } = {},
): PcmFormat {
  const container = Math.ceil(bits / 8) * 8;
  const encoding =
    ([, "u8", "s16le", "s24le", "s32le"] as const)[container / 8];
  return {
    encoding: encoding!,
    rate: options.rate ?? 44_100,
    channels: options.channels ?? 2,
    bits: container,
    ...(container !== bits && { validBits: bits }),
  };
}

/** A different tone in each channel, with some noise, as loud at any bits. */
export function tune(format: PcmFormat, sampleFrames: number): Uint8Array {
  const random = seededRandom(20_261_126);
  const { channels, rate, bits } = format;
  const width = bits / 8;
  const unused = 2 ** (bits - (format.validBits ?? bits));
  const most = 2 ** (bits - 1) / unused;
  const view = new DataView(new ArrayBuffer(sampleFrames * channels * width));
  for (let i = 0, at = 0; i < sampleFrames; i++) {
    for (let channel = 0; channel < channels; channel++, at += width) {
      const tone = Math.sin(2 * Math.PI * (330 + 110 * channel) * i / rate);
      const level = 0.4 * tone + 0.02 * (random() - 0.5);
      const value = Math.round(level * most) * unused;
      if (width === 1) view.setUint8(at, value + 128);
      else {for (let b = 0; b < width; b++) {
          view.setUint8(at + b, value >> 8 * b);
        }}
    }
  }
  return new Uint8Array(view.buffer);
}

/** A folder in which songs are encoded. */
export class CodedSongs implements AsyncDisposable {
  readonly #folder: TempFolder;

  private constructor(folder: TempFolder) {
    this.#folder = folder;
  }

  /** @param pcm The PCM of `in.wav`, from which songs are encoded. */
  static async make(
    format: PcmFormat,
    pcm: Uint8Array,
  ): Promise<CodedSongs> {
    const songs = new CodedSongs(await TempFolder.make());
    await songs.write("in.wav", wavFile(format, pcm));
    return songs;
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    await Deno.writeFile(this.#folder.file(name), bytes);
  }

  async read(name: string): Promise<Uint8Array> {
    return await Deno.readFile(this.#folder.file(name));
  }

  /** Runs a program in the folder, with blanks between its words. @returns Its output. */
  async run(program: string, words: string): Promise<Uint8Array> {
    const { success, stdout, stderr } = await new Deno.Command(program, {
      args: words.split(" ").filter(Boolean),
      cwd: this.#folder.path,
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    return stdout;
  }

  /** Encodes `in.wav` with ffmpeg, by options with blanks between them. */
  async encoded(name: string, words = ""): Promise<Uint8Array> {
    await this.run("ffmpeg", `-v error -y -i in.wav ${words} ${name}`);
    return await this.read(name);
  }

  /** Decodes a song to 16-bit PCM with ffmpeg. */
  async decoded(name: string): Promise<Uint8Array> {
    const words = `-v error -i ${name} -vn -c:a pcm_s16le -f s16le -`;
    return await this.run("ffmpeg", words);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#folder[Symbol.asyncDispose]();
  }
}

/** The PCM of a range of a song, and its probe. */
export interface Heard {
  readonly probe: SongProbe;
  readonly pcm: Uint8Array;
  readonly damagedFrames: number;
}

/** Decodes all of a song, in segments from the last one to the first. */
export function heard(
  file: Uint8Array | ReadableFile,
  segmentSeconds = 2,
): Heard {
  const song = file instanceof Uint8Array ? memoryFile(file) : file;
  const probe = probeSong(song);
  const decoder = new RangeDecoder(song, probe);
  const frameBytes = probe.channels * CONTAINER_BITS[probe.encoding] / 8;
  const pcm = new Uint8Array(probe.sampleFrames * frameBytes);
  const segment = segmentSeconds * probe.rate;
  let damagedFrames = 0;
  for (let i = Math.ceil(probe.sampleFrames / segment) - 1; i >= 0; i--) {
    const to = Math.min(probe.sampleFrames, (i + 1) * segment);
    const range = decoder.decode(i * segment, to);
    pcm.set(range.pcm, i * segment * frameBytes);
    damagedFrames += range.damagedFrames;
  }
  return { probe, pcm, damagedFrames };
}

/** The largest difference between 16-bit samples, up to the shorter end. */
export function distance(a: Uint8Array, b: Uint8Array): number {
  const bytes = Math.min(a.length, b.length);
  const left = new DataView(a.buffer, a.byteOffset, bytes);
  const right = new DataView(b.buffer, b.byteOffset, bytes);
  let most = 0;
  for (let at = 0; at + 2 <= bytes; at += 2) {
    const by = Math.abs(left.getInt16(at, true) - right.getInt16(at, true));
    if (by > most) most = by;
  }
  return most;
}
