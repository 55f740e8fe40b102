/**
 * Reads the header of a WAV file, given in any split, into the format of its
 * PCM and where that lies. It is the first step for a file, and for PCM again
 * where it comes out of frames, on the walk "file -> blocks -> frames -> TCP
 * -> frames -> PCM -> player".
 *
 * @module
 */

import {
  type PcmFormat,
  type SongFormat,
  wholeSampleFrames,
} from "./format.ts";
import { EXTENSIBLE_BYTES, notWav, readFmt, unsupported } from "./wav_fmt.ts";
import { LEAST_HUGE_SIZE, SIZE_UNKNOWN } from "./wav_writer.ts";

/** What a WAV file says of its PCM. */
export interface WavHeader {
  format: PcmFormat;
  /** Byte of the file at which the PCM begins. */
  dataOffset: number;
  /** Bytes of PCM that the file claims; null: streamed, until the bytes end. */
  dataBytes: number | null;
}

/** What the reader waits for: bytes to look at, or to pass over. */
interface Want {
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
const FMT_BYTES = 16;
const DS64_BYTES = 24;

/**
 * An incremental reader of WAV headers: RIFF ("Multimedia Programming
 * Interface and Data Specifications 1.0", IBM and Microsoft, 1991, chapters 2
 * and 3), `WAVEFORMATEXTENSIBLE` (Microsoft, mmreg.h), and with 64-bit sizes
 * RF64 (EBU Tech 3306) and BW64 (ITU-R BS.2088). Numbers are little-endian.
 * It holds 40 bytes and takes {@linkcode MOST_CHUNKS} chunks, whatever a file
 * claims.
 *
 * Real files deviate. So the size of the file and the bytes a second are not
 * believed, a forgotten pad byte is noticed, and of several `fmt ` chunks the
 * first counts, as in FFmpeg, so that ffplay and Ondacast hear the same.
 *
 * @example A byte at a time
 * ```ts
 * import { WavHeaderReader } from "./wav.ts";
 * import { wavHeader } from "./wav_writer.ts";
 * import assert from "node:assert/strict";
 *
 * const cd = { encoding: "s16le", rate: 44100, channels: 2, bits: 16 } as const;
 * const reader = new WavHeaderReader();
 * const found = Array.from(wavHeader(cd, 400), (byte) => reader.push(Uint8Array.of(byte)));
 * assert.equal(found[42], null);
 * assert.deepEqual(found[43], { format: cd, dataOffset: 44, dataBytes: 400 });
 * ```
 */
export class WavHeaderReader {
  #seen = new Uint8Array(EXTENSIBLE_BYTES);
  #steps = this.#read();
  #want = this.#steps.next().value as Want;
  /** Bytes of what is wanted that came. */
  #came = 0;
  #position = 0;
  /** The chunk whose body comes now. */
  #chunk: Chunk | null = null;
  #header: WavHeader | null = null;
  #failure: unknown;

  /** Bytes of the file taken or skipped so far, at most to its PCM. */
  get position(): number {
    return this.#position;
  }

  /**
   * How many of the file's next bytes it need not see, so that a file can be
   * read on behind them. A file may claim more than it has.
   */
  get skippable(): number {
    return this.#want.skip ? this.#want.bytes - this.#came : 0;
  }

  /**
   * Takes the file's next bytes. Null: more are needed. With the header the
   * bytes from `dataOffset` on are left alone; any further push gives the same
   * header, or throws the same error, again.
   *
   * @throws {NotWavError} if the file is ill-formed.
   * @throws {UnsupportedWavError} if it is of a kind that is not played.
   */
  push(bytes: Uint8Array): WavHeader | null {
    if (this.#failure) throw this.#failure;
    let rest = bytes;
    while (!this.#header && rest.length > 0) {
      const piece = rest.subarray(0, this.#want.bytes - this.#came);
      if (!this.#want.skip) this.#seen.set(piece, this.#came);
      this.#pass(piece.length);
      rest = rest.subarray(piece.length);
    }
    return this.#header;
  }

  /**
   * Says that the caller passed over so many bytes.
   *
   * @throws {RangeError} if that is not 0 to {@linkcode skippable}.
   */
  skip(bytes: number): void {
    if (!Number.isInteger(bytes) || bytes < 0 || bytes > this.skippable) {
      const expected = `0 to ${this.skippable}`;
      throw new RangeError(`Cannot skip bytes: ${bytes}, expected ${expected}`);
    }
    this.#pass(bytes);
  }

  /**
   * Says that the file ended before its PCM.
   *
   * @throws {NotWavError} always, with what was missing.
   */
  end(): never {
    if (this.#failure) throw this.#failure;
    const where = this.#chunk ? ` in ${described(this.#chunk)}` : "";
    const found = this.#position === 0 ? "empty file" : `end of file${where}`;
    throw notWav(found, '"fmt " and "data"', this.#position);
  }

  #pass(bytes: number): void {
    this.#came += bytes;
    this.#position += bytes;
    if (this.#came < this.#want.bytes) return;
    try {
      const seen = this.#want.skip ? 0 : this.#want.bytes;
      const step = this.#steps.next(new DataView(this.#seen.buffer, 0, seen));
      if (step.done) this.#header = step.value;
      else this.#want = step.value;
    } catch (error) {
      this.#failure = error;
      throw error;
    }
    this.#came = 0;
  }

  /** The header, top to bottom; what a `yield` gives holds until the next. */
  *#read(): Generator<Want, WavHeader, DataView> {
    const kind = fourCc(yield { bytes: 4 });
    checkKind(kind);
    let riffBytes = u32(yield { bytes: 4 });
    const form = fourCc(yield { bytes: 4 });
    if (form !== "WAVE") throw notWav(`form ${quoted(form)}`, '"WAVE"', 8);

    let format: PcmFormat | undefined;
    let bytes64: number | undefined;
    let chunks = 0;
    for (let odd = false;;) {
      this.#chunk = null;
      if (chunks++ === MOST_CHUNKS) {
        const found = `more than ${MOST_CHUNKS} chunks before any PCM`;
        throw unsupported(found, '"data" among them', this.#position);
      }
      let id = fourCc(yield { bytes: 4 });
      // An odd size is padded, but some writers forget that.
      if (odd && !KNOWN_CHUNKS.has(id)) {
        id = id.slice(1) + fourCc(yield { bytes: 1 });
      }
      const bytes = u32(yield { bytes: 4 });
      const start = this.#position;
      const chunk = this.#chunk = { id, bytes };

      if (id === "data") {
        if (!format) throw notWav('"data" first', '"fmt "', start - 8);
        let dataBytes = isStreamed(bytes) ? null : bytes;
        if (bytes === SIZE_UNKNOWN && kind !== "RIFF") {
          if (bytes64 === undefined) throw notWav(kind, '"ds64" in it', start);
          dataBytes = bytes64;
        }
        // A writer that never came back to its sizes left the file's at 0 too,
        // at the greatest, or at what a file without PCM has.
        const open = riffBytes === SIZE_UNKNOWN || riffBytes + 8 <= start;
        if (dataBytes === 0 && open) dataBytes = null;
        return { format, dataOffset: start, dataBytes };
      }
      if (id === "fmt " && !format) {
        if (bytes < FMT_BYTES) throw tooSmall(chunk, FMT_BYTES, start);
        const fmtBytes = Math.min(bytes, EXTENSIBLE_BYTES);
        format = readFmt(yield { bytes: fmtBytes }, start);
      } else if (id === "ds64" && kind !== "RIFF") {
        if (bytes < DS64_BYTES) throw tooSmall(chunk, DS64_BYTES, start);
        const sizes = yield { bytes: DS64_BYTES };
        riffBytes = u64(sizes, 0, start);
        bytes64 = u64(sizes, 8, start);
      } else if (id === "LIST" && bytes >= 4) {
        const list = fourCc(yield { bytes: 4 });
        if (list === "wavl") throw unsupported('LIST "wavl"', '"data"', start);
      }
      const rest = start + bytes - this.#position;
      if (rest > 0) yield { bytes: rest, skip: true };
      odd = bytes % 2 === 1;
    }
  }
}

/**
 * The format of a song, with its PCM cut to the whole sample frames that a
 * file of so many bytes has of it.
 *
 * @example A file that was cut
 * ```ts
 * import { songFormat } from "./wav.ts";
 * import assert from "node:assert/strict";
 *
 * const cd = { encoding: "s16le", rate: 44100, channels: 2, bits: 16 } as const;
 * const header = { format: cd, dataOffset: 44, dataBytes: 176400 };
 * assert.equal(songFormat(header, 1047).dataBytes, 1000);
 * ```
 */
export function songFormat(header: WavHeader, fileBytes: number): SongFormat {
  const { format, dataOffset, dataBytes } = header;
  const there = Math.max(0, fileBytes - dataOffset);
  const bytes = Math.min(there, dataBytes ?? there);
  const pcm = wholeSampleFrames(format, bytes);
  return { ...format, dataOffset, dataBytes: pcm };
}

/**
 * The sizes, from and to, that writers into a pipe put for one that they do
 * not know: FFmpeg the greatest, others that less a header; MPlayer, mpv,
 * eSpeak and SoX 0x7FFFF000, SoX rounded down to a sample frame (here at most
 * 512 bytes); oggdec and LAME up to 0x7FFFFFFF; arecord 0x80000000.
 */
const STREAMED_SIZES = [
  [LEAST_HUGE_SIZE, SIZE_UNKNOWN],
  [0x7FFFF000 - 511, 0x80000000],
] as const;

function isStreamed(size: number): boolean {
  return STREAMED_SIZES.some(([from, to]) => from <= size && size <= to);
}

/** What is known well enough to stand where a pad byte is missing. */
const KNOWN_CHUNKS: ReadonlySet<string> = new Set(
  ("data,fmt ,fact,LIST,ds64,bext,cue ,plst,smpl,inst,JUNK,junk,PAD ,FLLR," +
    "id3 ,ID3 ,iXML,axml,chna,PEAK,cart,acid,DISP,afsp,levl,link,umid,mext")
    .split(","),
);

/** How other files begin. */
// deno-fmt-ignore
const OTHER_KINDS: Readonly<Record<string, string>> = {
  fLaC: "FLAC", OggS: "Ogg", ID3: "MP3 with an ID3 tag", "\xFF\xFB": "MP3",
  FORM: "AIFF", caff: "CAF", ".snd": "Sun AU", wvpk: "WavPack", MThd: "MIDI",
  "MAC ": "Monkey's Audio", "\x1AE\xDF\xA3": "Matroska or WebM",
};

function checkKind(kind: string): void {
  const expected = '"RIFF", "RF64" or "BW64"';
  if (kind === "RIFX") throw unsupported("big-endian RIFX", expected, 0);
  if (kind === "riff") throw unsupported("Sony Wave64", expected, 0);
  if (["RIFF", "RF64", "BW64"].includes(kind)) return;
  const magic = Object.keys(OTHER_KINDS).find((it) => kind.startsWith(it));
  const name = magic === undefined ? "" : ` (${OTHER_KINDS[magic]})`;
  throw notWav(`file that begins ${quoted(kind)}${name}`, expected, 0);
}

function tooSmall(chunk: Chunk, least: number, start: number): Error {
  return notWav(described(chunk), `${least} or more`, start - 4);
}

function described(chunk: Chunk): string {
  return `chunk ${quoted(chunk.id)} of ${chunk.bytes} bytes`;
}

function u32(view: DataView): number {
  return view.getUint32(0, true);
}

function u64(view: DataView, at: number, start: number): number {
  const value = view.getBigUint64(at, true);
  if (value <= Number.MAX_SAFE_INTEGER) return Number(value);
  throw notWav(`"ds64" size ${value}`, "0 to 2^53 - 1", start + at);
}

function fourCc(view: DataView): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  return String.fromCharCode(...bytes);
}

/** A FourCC in print: what is not visible ASCII is escaped. */
function quoted(id: string): string {
  const escape = (char: string) =>
    `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`;
  return `"${id.replace(/[^\x20-\x7e]|["\\]/g, escape)}"`;
}
