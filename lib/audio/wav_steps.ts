/**
 * Parses the header of a WAV file, up to its PCM, as a generator that yields for
 * bytes. `WavHeaderReader` feeds it.
 *
 * @module
 */

import type { PcmFormat } from "./format.ts";
import {
  EXTENSIBLE_BYTES,
  LEAST_FMT_BYTES,
  notWav,
  readFmt,
  unsupported,
} from "./wav_fmt.ts";
import { checkKind, KIND_BYTES, quoted } from "./wav_kind.ts";
import { pcmBytes } from "./wav_sizes.ts";
import { SIZE_UNKNOWN } from "./wav_writer.ts";

/** A parsed WAV header. */
export interface WavHeader {
  format: PcmFormat;
  /** Offset of the PCM from the start of the file. */
  dataOffset: number;
  /** Bytes of PCM that the file claims; null if streamed until the end. */
  dataBytes: number | null;
}

/** A request for bytes to parse, or to skip. */
export interface Want {
  bytes: number;
  skip?: true;
}

interface Chunk {
  id: string;
  bytes: number;
}

/**
 * Most chunks before the PCM. A file with every known chunk has about thirty.
 * Each one costs a step, and a seek if its body is large.
 */
export const MOST_CHUNKS = 1024;
/**
 * Most bytes before the PCM: an ID3 tag and chunks, of which cover art is the
 * largest.
 */
export const MOST_HEADER_BYTES = 64 * 2 ** 20;
const DS64_BYTES = 24;
const ID3_HEAD_BYTES = 10;

/** The position of the parser in the file. */
export interface Place {
  position: number;
  /** The current chunk or tag, for errors. */
  within: string | null;
}

/** Parses the header. Bytes from a `yield` are valid until the next one. */
export function* readHeader(
  place: Place,
  fileBytes: number | undefined,
): Generator<Want, WavHeader, DataView> {
  let begin = latin1(yield { bytes: KIND_BYTES });
  for (let tags = 0; begin.startsWith("ID3") && tags < MOST_CHUNKS; tags++) {
    const size = yield* id3Size(begin, place, fileBytes);
    if (size > 0) yield { bytes: size, skip: true };
    begin = latin1(yield { bytes: KIND_BYTES });
  }
  place.within = null;
  const riffOffset = place.position - KIND_BYTES;
  const kind = checkKind(begin, riffOffset, riffOffset > 0);
  let riffBytes = littleEndian(begin.slice(4));
  const form = latin1(yield { bytes: 4 });
  if (form !== "WAVE") {
    throw notWav(`form ${quoted(form)}`, '"WAVE"', riffOffset + 8);
  }

  let format: PcmFormat | undefined;
  let bytes64: number | undefined;
  /** The PCM, if it precedes its format. */
  let early: { dataOffset: number; bytes: number } | undefined;
  const realBytes = (dataOffset: number, dataBytes: number) => {
    if (
      dataBytes === SIZE_UNKNOWN && kind !== "RIFF" && bytes64 === undefined
    ) {
      throw notWav(kind, '"ds64" before its PCM', dataOffset);
    }
    const sizes = { riffBytes, riffOffset, bytes64, fileBytes };
    return pcmBytes({ ...sizes, dataOffset, dataBytes });
  };
  const found = (dataOffset: number, bytes: number) => {
    const dataBytes = realBytes(dataOffset, bytes);
    return { format: format!, dataOffset, dataBytes };
  };
  let chunks = 0;
  for (let odd = false;;) {
    place.within = null;
    if (chunks++ === MOST_CHUNKS) {
      const found = `more than ${MOST_CHUNKS} chunks before any PCM`;
      throw unsupported(found, '"data" among them', place.position);
    }
    let id = latin1(yield { bytes: 4 });
    let sizeBegin = "";
    if (odd && !KNOWN_CHUNKS.has(id)) {
      const fifth = latin1(yield { bytes: 1 });
      const padded = id.slice(1) + fifth;
      if (isPadded(id, padded)) id = padded;
      else sizeBegin = fifth;
    }
    const sizeEnd = latin1(yield { bytes: 4 - sizeBegin.length });
    const bytes = littleEndian(sizeBegin + sizeEnd);
    const start = place.position;
    const chunk = { id, bytes };
    place.within = described(chunk);

    if (id === "data" && format) return found(start, bytes);
    if (id === "data") {
      if (fileBytes === undefined) {
        throw notWav('"data" first', '"fmt " in a stream', start - 8);
      }
      early ??= { dataOffset: start, bytes };
    } else if (id === "fmt " && !format) {
      if (bytes < LEAST_FMT_BYTES) {
        throw tooSmall(chunk, LEAST_FMT_BYTES, start);
      }
      const fmtBytes = Math.min(bytes, EXTENSIBLE_BYTES);
      format = readFmt(yield { bytes: fmtBytes }, start);
      if (early) return found(early.dataOffset, early.bytes);
    } else if (id === "ds64" && kind !== "RIFF") {
      if (bytes < DS64_BYTES) throw tooSmall(chunk, DS64_BYTES, start);
      const sizes = yield { bytes: DS64_BYTES };
      riffBytes = u64(sizes, 0, start);
      bytes64 = u64(sizes, 8, start);
    } else if (id === "LIST" && bytes >= 4) {
      const list = latin1(yield { bytes: 4 });
      if (list === "wavl") throw unsupported('LIST "wavl"', '"data"', start);
    }
    const isEarly = id === "data" && start === early?.dataOffset;
    const body = isEarly ? realBytes(start, bytes) ?? bytes : bytes;
    const rest = start + body - place.position;
    if (id !== "data") checkSize(rest, early?.bytes ?? 0, place, fileBytes);
    if (rest > 0) yield { bytes: rest, skip: true };
    odd = body % 2 === 1;
  }
}

/** Reads the rest of an ID3 header. @returns Bytes of the tag behind it. */
function* id3Size(
  begin: string,
  place: Place,
  fileBytes: number | undefined,
): Generator<Want, number, DataView> {
  place.within = "an ID3 tag";
  const end = latin1(yield { bytes: ID3_HEAD_BYTES - KIND_BYTES });
  const footer = begin.charCodeAt(5) & 0x10 ? ID3_HEAD_BYTES : 0;
  // Seven bits per byte ("ID3 tag version 2.4.0", section 3.1).
  const size = Array.from(begin.slice(6) + end).reduce(
    (size, char) => size * 128 + char.charCodeAt(0) % 128,
    0,
  );
  checkSize(size, 0, place, fileBytes);
  return size + footer;
}

/** Checks the bytes to skip. If they exceed the file, it is truncated. */
function checkSize(
  bytes: number,
  pcmBytes: number,
  place: Place,
  fileBytes: number | undefined,
): void {
  const end = place.position + bytes;
  if (end > (fileBytes ?? Infinity)) return;
  if (end - pcmBytes <= MOST_HEADER_BYTES) return;
  throw unsupported(
    `${end - pcmBytes} bytes before the PCM`,
    `at most ${MOST_HEADER_BYTES}`,
    place.position,
  );
}

/** Chunks that are recognised even where a pad byte is missing. */
const KNOWN_CHUNKS: ReadonlySet<string> = new Set(
  ("data,fmt ,fact,LIST,ds64,bext,cue ,plst,smpl,inst,JUNK,junk,PAD ,FLLR," +
    "id3 ,ID3 ,iXML,axml,chna,PEAK,cart,acid,DISP,afsp,levl,link,umid,mext")
    .split(","),
);

/**
 * Whether the byte behind a chunk of odd length is padding, which some writers
 * omit. To be called if the four characters behind the chunk are not a known id.
 *
 * @param unpadded The id if it is not padding.
 * @param padded The id if it is.
 */
function isPadded(unpadded: string, padded: string): boolean {
  return KNOWN_CHUNKS.has(padded) || !isPrintable(unpadded) ||
    isPrintable(padded);
}

function isPrintable(id: string): boolean {
  return /^[\x20-\x7e]*$/.test(id);
}

function tooSmall(chunk: Chunk, least: number, start: number): Error {
  return notWav(described(chunk), `${least} or more`, start - 4);
}

function described(chunk: Chunk): string {
  return `chunk ${quoted(chunk.id)} of ${chunk.bytes} bytes`;
}

function u64(view: DataView, at: number, start: number): number {
  const value = view.getBigUint64(at, true);
  if (value <= Number.MAX_SAFE_INTEGER) return Number(value);
  throw notWav(`"ds64" size ${value}`, "0 to 2^53 - 1", start + at);
}

/** Four Latin-1 characters as a 32-bit number. */
function littleEndian(chars: string): number {
  return Array.from(chars).reduceRight(
    (value, char) => value * 256 + char.charCodeAt(0),
    0,
  );
}

function latin1(view: DataView): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  return String.fromCharCode(...bytes);
}
