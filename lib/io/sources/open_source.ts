/**
 * Opens what a `send` names: stdin, a microphone, what the machine plays, or a
 * file or address that ffmpeg reads.
 *
 * @module
 */

import {
  CAPTURE_FORMAT,
  captureCommands,
  ffmpegInput,
  sourceOf,
} from "../../audio/capture_args.ts";
import type { PcmFormat } from "../../audio/format.ts";
import { WavHeaderReader } from "../../audio/wav.ts";
import { OndacastError } from "../../errors.ts";
import type { LiveSource } from "../../ports/client.ts";
import { type Bytes, programBytes, stdinBytes } from "./source_bytes.ts";

const READ_BYTES = 4096;

/**
 * Opens a source.
 *
 * @param word `-`, `mic`, `mic:DEVICE`, `system`, a file or an address.
 * @param signal Ends what has begun; it rejects then.
 * @param format Of raw PCM on stdin; undefined: a WAV comes there.
 * @throws {OndacastError} `source-failed`, `unsupported`, `usage`; `not-wav`, if what
 * ffmpeg makes is none.
 */
export async function openSource(
  word: string,
  signal: AbortSignal,
  format?: PcmFormat,
): Promise<LiveSource> {
  const source = sourceOf(word);
  if (source.kind !== "stdin" && format !== undefined) {
    throw new OndacastError(
      "usage",
      "Cannot use --format: it is for raw PCM on stdin (-)",
    );
  }
  if (source.kind === "stdin") {
    const bytes = stdinBytes();
    return format ? rawSource(bytes, format) : await stdinWav(bytes, signal);
  }
  if (source.kind === "input") {
    const { program, args } = ffmpegInput(source.input);
    const bytes = programBytes(program, args, `read ${source.input}`);
    if (bytes) return await wavSource(bytes, signal);
    throw failed(source.input, "ffmpeg is not installed");
  }
  const { commands, hint } = captureCommands(Deno.build.os, source);
  for (const { program, args } of commands) {
    const bytes = programBytes(program, args, `record ${word}`);
    if (bytes) return rawSource(bytes, CAPTURE_FORMAT);
  }
  throw failed(word, hint);
}

function failed(word: string, hint: string): OndacastError {
  return new OndacastError("source-failed", `Cannot send ${word}: ${hint}`);
}

function rawSource(bytes: Bytes, format: PcmFormat): LiveSource {
  return {
    format,
    read: (into) => bytes.read(into),
    close: () => bytes.close(),
  };
}

async function stdinWav(
  bytes: Bytes,
  signal: AbortSignal,
): Promise<LiveSource> {
  try {
    return await wavSource(bytes, signal);
  } catch (cause) {
    if (!(cause instanceof OndacastError) || cause.code !== "not-wav") {
      throw cause;
    }
    throw new OndacastError(
      "source-failed",
      "Cannot send stdin: it is no WAV. Raw PCM needs its format: --format s16le:48000:2",
      { cause },
    );
  }
}

/** The PCM behind a WAV's header, which may leave its length open. */
async function wavSource(
  bytes: Bytes,
  signal: AbortSignal,
): Promise<LiveSource> {
  const end = () => void bytes.close();
  signal.addEventListener("abort", end);
  if (signal.aborted) end();
  const reader = new WavHeaderReader();
  const buffer = new Uint8Array(READ_BYTES);
  try {
    while (true) {
      const start = reader.position;
      const count = await bytes.read(buffer);
      if (count === null) return reader.end();
      const header = reader.push(buffer.subarray(0, count));
      if (header === null) continue;
      const { format, dataOffset, dataBytes } = header;
      const rest = buffer.slice(dataOffset - start, count);
      return new WavSource(bytes, format, rest, dataBytes ?? Infinity);
    }
  } catch (error) {
    await bytes.close();
    throw error;
  } finally {
    signal.removeEventListener("abort", end);
  }
}

class WavSource implements LiveSource {
  readonly format: PcmFormat;
  readonly #bytes: Bytes;
  #rest: Uint8Array;
  #left: number;

  constructor(
    bytes: Bytes,
    format: PcmFormat,
    rest: Uint8Array,
    dataBytes: number,
  ) {
    this.format = format;
    this.#bytes = bytes;
    this.#rest = rest;
    this.#left = dataBytes;
  }

  async read(into: Uint8Array): Promise<number | null> {
    const room = into.subarray(0, this.#left);
    if (room.length === 0) return null;
    const count = this.#shift(room) || await this.#bytes.read(room);
    this.#left -= count ?? 0;
    return count;
  }

  close(): Promise<void> {
    return this.#bytes.close();
  }

  #shift(into: Uint8Array): number {
    const some = this.#rest.subarray(0, into.length);
    into.set(some);
    this.#rest = this.#rest.subarray(some.length);
    return some.length;
  }
}
