/**
 * Decodes the songs that are no WAV: FLAC, MP3, Vorbis, Opus, AAC, ALAC and
 * AIFF, by one WebAssembly module (`codecs/`). Each song has an instance of its
 * own, whose memory goes with it, and which reads the file through its host.
 *
 * @module
 */

import type { Encoding } from "../../audio/format.ts";
import type { ReadableFile } from "../../audio/readable_file.ts";
import { type ErrorCode, OndacastError } from "../../errors.ts";

/** The codecs that are decoded here. */
export type Codec = typeof CODECS[number];

/** What is known of a song before it is decoded. */
export interface DecodedFormat {
  readonly codec: Codec;
  readonly encoding: Encoding;
  readonly rate: number;
  readonly channels: number;
  /** As in WAVE_FORMAT_EXTENSIBLE; absent where the file does not say. */
  readonly channelMask?: number;
  readonly validBits: number;
  /** Sample frames by the container, before anything is cut; null: it does not say. */
  readonly sampleFrames: number | null;
  /** Sample frames that the encoder added in front and behind, where known. */
  readonly delay: number;
  readonly padding: number;
}

/** PCM of one packet. */
export interface DecodedPacket {
  /** Interleaved, little-endian; valid until the next call of the decoder. */
  readonly pcm: Uint8Array;
  /** The first sample frame's place in the stream; negative within the delay. */
  readonly sampleFrame: number;
}

// In the order of the numbers in codecs/src/song.rs and pcm.rs.
const CODECS = [
  ...(["pcm", "flac", "alac", "mp3", "mp2", "vorbis", "opus", "aac"] as const),
];
const ENCODINGS = [
  ...(["u8", "s16le", "s24le", "s32le", "f32le", "f64le"] as const),
];
const SAMPLE_BYTES = [1, 2, 3, 4, 4, 8];
/** `decode()` at the end of the song. */
const END = -100;
/** `decode()` at a packet that is damaged; the next may be right. */
const DAMAGED = -5;

const PROBLEMS: Record<number, [ErrorCode, string]> = {
  [-1]: ["not-wav", "it is no song of a known kind"],
  [-2]: ["unsupported", "it is of a kind that is not decoded"],
  [-3]: ["not-wav", "it is malformed"],
  [-4]: ["internal", "its file cannot be read"],
  [-6]: ["unsupported", "another stream follows in the same file"],
};

interface Exports {
  memory: WebAssembly.Memory;
  open(bytes: number): number;
  about(which: number): number;
  decode(): number;
  pcm(): number;
  timestamp(): number;
  seek(sampleFrame: number): number;
  text(): number;
  art(): number;
  found(): number;
}

let compiled: WebAssembly.Module | undefined;

/** The module, read and compiled once. It is no `.wasm`, which `deno compile` would take for code. */
function codecs(): WebAssembly.Module {
  return compiled ??= new WebAssembly.Module(
    Deno.readFileSync(new URL("codecs.bin", import.meta.url)),
  );
}

/** Decodes one song. */
export class SongDecoder {
  readonly format: DecodedFormat;
  readonly #exports: Exports;
  readonly #sampleFrameBytes: number;

  private constructor(exports: Exports) {
    this.#exports = exports;
    const about = (which: number) => exports.about(which);
    const mask = about(3);
    this.format = {
      codec: CODECS[about(0)],
      rate: about(1),
      channels: about(2),
      ...(mask !== 0 && { channelMask: mask }),
      validBits: about(4),
      encoding: ENCODINGS[about(5)],
      sampleFrames: about(6) < 0 ? null : about(6),
      delay: about(7),
      padding: about(8),
    };
    this.#sampleFrameBytes = SAMPLE_BYTES[about(5)] * about(2);
  }

  /**
   * Opens a song.
   *
   * @throws {OndacastError} `not-wav`, `unsupported`, `internal`.
   */
  static open(file: ReadableFile): SongDecoder {
    const read = (offset: number, pointer: number, length: number) => {
      const { buffer } = exports.memory;
      return file.read(new Uint8Array(buffer, pointer, length), offset);
    };
    const { exports } = new WebAssembly.Instance(codecs(), {
      host: { read },
    }) as unknown as { exports: Exports };
    throwIfProblem(exports.open(file.bytes));
    return new SongDecoder(exports);
  }

  /**
   * Decodes the next packet that can be; null: the song is over.
   *
   * @throws {OndacastError} `not-wav`, `unsupported`, `internal`.
   */
  decode(): DecodedPacket | null {
    const exports = this.#exports;
    let frames = exports.decode();
    while (frames === DAMAGED) frames = exports.decode();
    if (frames === END) return null;
    throwIfProblem(frames);
    const bytes = frames * this.#sampleFrameBytes;
    return {
      pcm: new Uint8Array(exports.memory.buffer, exports.pcm(), bytes),
      sampleFrame: exports.timestamp(),
    };
  }

  /**
   * Goes to a packet at or before a sample frame, with a decoder that knows
   * nothing of what was before.
   *
   * @returns That packet's first sample frame; null: the song cannot be sought in.
   */
  seek(sampleFrame: number): number | null {
    const at = this.#exports.seek(sampleFrame);
    return Number.isNaN(at) ? null : at;
  }

  /** What the song says of itself, as pairs such as `["title", "Canon"]`. */
  tags(): [key: string, value: string][] {
    const bytes = this.#found(this.#exports.text());
    return JSON.parse(new TextDecoder().decode(bytes));
  }

  /** The picture of its cover, in whatever format; null: it has none. */
  art(): Uint8Array | null {
    const bytes = this.#exports.art();
    return bytes === 0 ? null : this.#found(bytes).slice();
  }

  #found(bytes: number): Uint8Array {
    const { memory, found } = this.#exports;
    return new Uint8Array(memory.buffer, found(), bytes);
  }
}

function throwIfProblem(result: number): void {
  if (result >= 0) return;
  const [code, reason] = PROBLEMS[result] ?? ["internal", `error ${result}`];
  throw new OndacastError(code, `Cannot decode the song: ${reason}`);
}
