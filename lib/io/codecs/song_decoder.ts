/**
 * Decodes the packets of songs other than WAVs with a WebAssembly module
 * (`codecs/songs/`). Each open song has its own instance, of at most 64 MiB, which reads
 * the file through its host.
 *
 * @module
 */

import { CONTAINER_BITS, type Encoding } from "../../audio/format.ts";
import { isPicture } from "../../audio/picture.ts";
import type { ReadableFile } from "../../audio/readable_file.ts";
import { type ErrorCode, OndacastError } from "../../errors.ts";

/** The codecs of songs, in the order of their numbers in `codecs/songs/src/song.rs`. */
const CODECS = [
  ...(["flac", "alac", "mp3", "mp2", "vorbis", "opus", "aac", "pcm"] as const),
];

export type Codec = typeof CODECS[number];

/** Properties of a song before it is decoded. */
export interface DecodedFormat {
  readonly codec: Codec;
  readonly encoding: Encoding;
  readonly rate: number;
  readonly channels: number;
  /** As in WAVE_FORMAT_EXTENSIBLE; absent if the file does not contain it. */
  readonly channelMask?: number;
  readonly validBits: number;
  /** Sample frames declared by the container, before trimming; null: none declared. */
  readonly sampleFrames: number | null;
  /** The timestamp of the first packet. */
  readonly start: number;
}

/** PCM of one packet. */
export interface DecodedPacket {
  /** Interleaved, little-endian; valid until the next call of the decoder. */
  readonly pcm: Uint8Array;
  readonly sampleFrames: number;
  /** The first sample frame's place in the stream, in the container's units. */
  readonly timestamp: number;
  /** Whether its PCM depends on all earlier packets, not just on those of a second. */
  readonly remembers: boolean;
}

/** The encoding of integers by their length in bytes. */
const BY_BYTES: readonly Encoding[] = ["u8", "s16le", "s24le", "s32le"];
/** Results of `decode()`: the end, and a packet that is damaged. */
const END = -6;
const DAMAGED = -4;
const MALFORMED = -2;

/** The other problems of `codecs/songs/src/song.rs`. */
const PROBLEMS: Record<number, [ErrorCode, string]> = {
  [-1]: ["unsupported", "its codec is not supported"],
  [MALFORMED]: ["not-wav", "it is malformed"],
  [-5]: ["unsupported", "another stream follows in the same file"],
};

interface Exports {
  memory: WebAssembly.Memory;
  open(bytes: number): number;
  answer(): number;
  decode(): number;
  seek(timestamp: number): number;
  find(isText: boolean): number;
}

/** Fields of the module's answer, all of them doubles. */
const ANSWER = [
  ...(["codec", "rate", "channels", "channelMask", "bits", "frames"] as const),
  ...(["start", "data", "bytes", "timestamp", "remembers"] as const),
];
type Field = typeof ANSWER[number];
const PLACES = Object.fromEntries(
  ANSWER.map((field, place) => [field, place]),
) as Record<Field, number>;

let compiled: WebAssembly.Module | undefined;

/** Compiles the module once. It is not a `.wasm`, which `deno compile` treats as code. */
function codecs(): WebAssembly.Module {
  return compiled ??= new WebAssembly.Module(
    Deno.readFileSync(new URL("codecs.bin", import.meta.url)),
  );
}

/** An instance with more memory is not reused. */
const MAX_IDLE_BYTES = 16 * 2 ** 20;

/** An instance of the module, which reads one file at a time. */
class Instance {
  readonly exports: Exports;
  file: ReadableFile | null = null;
  /** The error that the file has thrown. */
  failure: unknown;
  hasTrapped = false;

  constructor() {
    const read = (offset: number, pointer: number, length: number) => {
      try {
        const { buffer } = this.exports.memory;
        return this.file!.read(new Uint8Array(buffer, pointer, length), offset);
      } catch (error) {
        this.failure = error;
        return -1;
      }
    };
    const { exports } = new WebAssembly.Instance(codecs(), { host: { read } });
    this.exports = exports as unknown as Exports;
  }

  /** Calls the module. A trap, such as for lack of memory, only fails this song. */
  call(work: (exports: Exports) => number): number {
    try {
      return work(this.exports);
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      this.hasTrapped = true;
      return MALFORMED;
    }
  }

  get isUsable(): boolean {
    return !this.hasTrapped &&
      this.exports.memory.buffer.byteLength <= MAX_IDLE_BYTES;
  }
}

/** The latest instance: creating one takes as long as decoding a second of music. */
let idle: Instance | null = null;

function release(instance: Instance): void {
  instance.file = null;
  if (instance.isUsable) idle = instance;
}

/** Decodes one song. */
export class SongDecoder implements Disposable {
  readonly format: DecodedFormat;
  readonly #instance: Instance;
  readonly #answer: number;
  #fields: Float64Array<ArrayBuffer>;
  #isClean = true;
  #hasDecoded = false;

  private constructor(instance: Instance) {
    this.#instance = instance;
    this.#answer = instance.exports.answer();
    this.#fields = this.#viewFields();
    const mask = this.#field("channelMask");
    const frames = this.#field("frames");
    const validBits = this.#field("bits");
    this.format = {
      codec: CODECS[this.#field("codec")],
      rate: this.#field("rate"),
      channels: this.#field("channels"),
      ...(mask !== 0 && { channelMask: mask }),
      validBits,
      encoding: BY_BYTES[Math.ceil(validBits / 8) - 1] ?? "s32le",
      sampleFrames: frames < 0 ? null : frames,
      start: this.#field("start"),
    };
  }

  /**
   * Opens a song.
   *
   * @throws {OndacastError} `not-wav`, `unsupported`, `internal`.
   */
  static open(file: ReadableFile): SongDecoder {
    const instance = idle ?? new Instance();
    idle = null;
    instance.file = file;
    instance.failure = undefined;
    const result = instance.call((it) => it.open(file.bytes));
    if (instance.failure !== undefined || result < 0) release(instance);
    if (instance.failure !== undefined) throw instance.failure;
    throwIfProblem(result);
    return new SongDecoder(instance);
  }

  /** False after damage, the end of the song, or a failed seek. */
  get isClean(): boolean {
    return this.#isClean;
  }

  /**
   * Decodes the next intact packet.
   *
   * @returns null: the song is over.
   * @throws {OndacastError} `not-wav`, `unsupported`, `internal`.
   */
  decode(): DecodedPacket | null {
    this.#hasDecoded = true;
    let frames = this.#instance.call((it) => it.decode());
    if (frames < 0) this.#isClean = false;
    while (frames === DAMAGED) {
      frames = this.#instance.call((it) => it.decode());
    }
    if (frames === END) return null;
    if (this.#instance.failure !== undefined) throw this.#instance.failure;
    throwIfProblem(frames);
    return {
      pcm: this.#found(),
      sampleFrames: frames,
      timestamp: this.#field("timestamp"),
      remembers: this.#field("remembers") !== 0,
    };
  }

  /**
   * Moves to a packet at or before a timestamp, and resets the decoder.
   *
   * @returns That packet's timestamp; null: the song is not seekable.
   */
  seek(timestamp: number): number | null {
    const result = this.#instance.call((it) => it.seek(timestamp));
    if (result < 0) this.#isClean = false;
    return result < 0 ? null : this.#field("timestamp");
  }

  /** The song's tags, as pairs such as `["title", "Canon"]`. */
  tags(): [key: string, value: string][] {
    this.#instance.exports.find(true);
    const words = new TextDecoder().decode(this.#found()).split("\0");
    const pairs: [string, string][] = [];
    for (let i = 0; i + 1 < words.length; i += 2) {
      pairs.push([words[i], words[i + 1].replaceAll("\x01", "\0")]);
    }
    return pairs;
  }

  /** Its cover picture, in any format; null: it has none. */
  art(): Uint8Array<ArrayBuffer> | null {
    this.#instance.exports.find(false);
    const bytes = this.#found();
    return bytes.length === 0 ? null : bytes.slice();
  }

  /** Whether it has a picture that can be made smaller. */
  get hasArt(): boolean {
    this.#instance.exports.find(false);
    return isPicture(this.#found());
  }

  /** Ends the use of the decoder, whose instance may be reused for the next song. */
  [Symbol.dispose](): void {
    // libopus is not memory-safe: a malicious song may leave anything behind.
    if (this.#hasDecoded && this.format.codec === "opus") return;
    release(this.#instance);
  }

  #field(field: Field): number {
    if (this.#fields.length === 0) this.#fields = this.#viewFields();
    return this.#fields[PLACES[field]];
  }

  /** The fields of the answer, in a view that loses them when the memory grows. */
  #viewFields(): Float64Array<ArrayBuffer> {
    const { exports } = this.#instance;
    const buffer = exports.memory.buffer as ArrayBuffer;
    return new Float64Array(buffer, this.#answer, ANSWER.length);
  }

  #found(): Uint8Array<ArrayBuffer> {
    const [data, bytes] = [this.#field("data"), this.#field("bytes")];
    return new Uint8Array(this.#fields.buffer, data, bytes);
  }
}

/** The layout of a song's PCM. */
export function layoutOf(
  file: ReadableFile,
): Omit<DecodedFormat, "sampleFrames" | "start"> {
  using decoder = SongDecoder.open(file);
  const { sampleFrames: _, start: _start, ...layout } = decoder.format;
  return layout;
}

/** Bytes of one sample frame of PCM. */
export function decodedFrameBytes(
  format: { encoding: Encoding; channels: number },
): number {
  return format.channels * CONTAINER_BITS[format.encoding] / 8;
}

function throwIfProblem(result: number): void {
  if (result >= 0) return;
  const [code, reason] = PROBLEMS[result] ?? ["internal", `error ${result}`];
  throw new OndacastError(code, `Cannot decode the song: ${reason}`);
}
