/**
 * The header of a WAV file from its first byte to its PCM, as steps that wait
 * for bytes. `WavHeaderReader` gives them what they wait for.
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

/** What a WAV file says of its PCM. */
export interface WavHeader {
  format: PcmFormat;
  /** Byte of the file at which the PCM begins. */
  dataOffset: number;
  /** Bytes of PCM that the file claims; null: streamed, until the bytes end. */
  dataBytes: number | null;
}

/** What the reader waits for: bytes to look at, or to pass over. */
export interface Want {
  bytes: number;
  skip?: true;
}

interface Chunk {
  id: string;
  bytes: number;
}

/**
 * Most chunks before the PCM. Files with every chunk that is known have some
 * thirty; each costs a step, and a seek where its body is large.
 */
export const MOST_CHUNKS = 1024;
/**
 * Most bytes before the PCM: of chunks, of which pictures are the largest, and
 * of an ID3 tag in front.
 */
export const MOST_HEADER_BYTES = 64 * 2 ** 20;
const DS64_BYTES = 24;
const ID3_HEAD_BYTES = 10;

/** Where in the file the steps are. */
export interface Place {
  position: number;
  /** What comes now, in print: a chunk, whose body that is, or a tag. */
  within: string | null;
}

/** The header, top to bottom; what a `yield` gives holds until the next. */
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
  /** The PCM, where that comes before its format. */
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

/** Reads on to the end of an ID3 tag's head. @returns What comes behind it. */
function* id3Size(
  begin: string,
  place: Place,
  fileBytes: number | undefined,
): Generator<Want, number, DataView> {
  place.within = "an ID3 tag";
  const end = latin1(yield { bytes: ID3_HEAD_BYTES - KIND_BYTES });
  const footer = begin.charCodeAt(5) & 0x10 ? ID3_HEAD_BYTES : 0;
  // Seven bits a byte ("ID3 tag version 2.4.0", section 3.1).
  const size = Array.from(begin.slice(6) + end).reduce(
    (size, char) => size * 128 + char.charCodeAt(0) % 128,
    0,
  );
  checkSize(size, 0, place, fileBytes);
  return size + footer;
}

/** Checks what is to be passed over. A file that has less of it is cut. */
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

/** What is known well enough to stand where a pad byte is missing. */
const KNOWN_CHUNKS: ReadonlySet<string> = new Set(
  ("data,fmt ,fact,LIST,ds64,bext,cue ,plst,smpl,inst,JUNK,junk,PAD ,FLLR," +
    "id3 ,ID3 ,iXML,axml,chna,PEAK,cart,acid,DISP,afsp,levl,link,umid,mext")
    .split(","),
);

/**
 * Whether the byte behind an odd chunk is its padding, which some writers
 * forget. The first four characters behind are no known id.
 *
 * @param unpadded The id if it is not, of which the fifth character is the
 * lowest byte of a size.
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

/** The 32 bits of four characters. */
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
