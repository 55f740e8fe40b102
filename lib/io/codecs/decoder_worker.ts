/**
 * The worker in which songs are examined and decoded, and pictures made smaller,
 * one job after the other.
 * Its only permission is to read the song folder, which limits the damage that a
 * malicious file can do.
 *
 * @module
 */

import { MAX_PICTURE_BYTES } from "../../audio/picture.ts";
import { ForeignSongError } from "../../audio/foreign_song.ts";
import { RefusedSongError } from "../../audio/refused_song.ts";
import type { FilePart } from "../../audio/tag_pairs.ts";
import { OndacastError } from "../../errors.ts";
import type { DecodedLayout } from "./decodable_song.ts";
import type { DecoderJob, DecoderReply, FileRef } from "./decoder_jobs.ts";
import { OpenFile } from "./open_file.ts";
import { hasDroppedMuch, shrinkPicture } from "./picture_shrinker.ts";
import { embeddedPicture, probeSong } from "./probe_song.ts";
import { RangeDecoder } from "./range_decoder.ts";
import type { Codec } from "./song_decoder.ts";

/** Most songs kept open for their next segment. */
const MOST_OPEN = 4;

interface OpenDecoder {
  readonly file: OpenFile;
  readonly decoder: RangeDecoder;
}

/** The global scope of a worker, which the types of the main program lack. */
const worker = globalThis as unknown as {
  onmessage: (event: MessageEvent<DecoderJob>) => void;
  postMessage(reply: DecoderReply, transfer: Transferable[]): void;
};

/** Least recently used first. */
const open = new Map<string, OpenDecoder>();

worker.onmessage = ({ data: job }) => {
  try {
    const result = run(job);
    const transfer = "pcm" in result
      ? [result.pcm.buffer]
      : "picture" in result
      ? [result.picture.buffer]
      : [];
    worker.postMessage({ result, isSpent: hasDroppedMuch() }, transfer);
  } catch (error) {
    worker.postMessage({ ...failureOf(error), isSpent: hasDroppedMuch() }, []);
  }
};

function run(job: DecoderJob) {
  if (job.type === "probe") {
    using file = OpenFile.open(job.file);
    return probeSong(file, job.effort);
  }
  if (job.type === "picture") {
    return { picture: shrinkPicture(pictureOf(job), job.size) };
  }
  const decoder = decoderOf(job);
  const range = decoder.decode(job.from, job.to);
  return { ...range, sampleFrames: decoder.sampleFrames };
}

function pictureOf(
  { file: ref, part }: Extract<DecoderJob, { type: "picture" }>,
): Uint8Array {
  if (part instanceof Uint8Array) return part;
  using file = OpenFile.open(ref);
  return part === "embedded" ? embeddedPicture(file) : partOf(file, part);
}

function partOf(file: OpenFile, { offset, bytes }: FilePart): Uint8Array {
  const part = new Uint8Array(Math.min(bytes, MAX_PICTURE_BYTES + 1));
  return part.subarray(0, file.read(part, offset));
}

function decoderOf(
  { file: ref, decoding }: Extract<DecoderJob, { type: "decode" }>,
): RangeDecoder {
  const key = keyOf(ref);
  let known = open.get(key);
  open.delete(key);
  if (known === undefined) {
    const codec = decoding.codec as Codec;
    known = openDecoder(ref, { ...decoding, codec });
  }
  open.set(key, known);
  if (open.size > MOST_OPEN) closeOldest();
  return known.decoder;
}

function openDecoder(ref: FileRef, layout: DecodedLayout): OpenDecoder {
  const file = OpenFile.open(ref);
  try {
    return { file, decoder: new RangeDecoder(file, layout) };
  } catch (error) {
    file[Symbol.dispose]();
    throw error;
  }
}

function closeOldest(): void {
  for (const [key, { file, decoder }] of open) {
    decoder[Symbol.dispose]();
    file[Symbol.dispose]();
    open.delete(key);
    return;
  }
}

function keyOf({ path, dev, ino, bytes, mtimeMs }: FileRef): string {
  return [dev, ino, bytes, mtimeMs, path].join(" ");
}

function failureOf(error: unknown): DecoderReply {
  if (error instanceof OndacastError) {
    const { code, message } = error;
    const fault = { code, message };
    if (error instanceof RefusedSongError) {
      return { error: { ...fault, isRefused: true } };
    }
    if (error instanceof ForeignSongError) {
      return { error: { ...fault, sampleFrames: error.sampleFrames } };
    }
    return { error: fault };
  }
  return { trap: String(error) };
}
