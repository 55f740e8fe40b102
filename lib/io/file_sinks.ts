/**
 * Sinks that are not heard: a WAV file, stdout, and nothing at all, in real
 * time or at once.
 *
 * @module
 */

import type { PcmFormat } from "../audio/format.ts";
import { bytesToSeconds } from "../audio/format.ts";
import { wavHeader } from "../audio/wav_writer.ts";
import { OndacastError } from "../errors.ts";
import type { AudioSink } from "../ports.ts";
import { systemClock } from "./clock.ts";
import { fileProblem } from "./file_problem.ts";
import { writeStdout } from "./standard_output.ts";

/** A sink that cannot fail by itself. */
const NEVER = new Promise<never>(() => {});

/** A WAV file with the PCM as it was sent. */
export class WavFileSink implements AudioSink {
  readonly realTime = false;
  readonly failed = NEVER;
  readonly format: PcmFormat;
  readonly label: string;
  readonly #file: Deno.FsFile;
  readonly #path: string;
  #bytes = 0;

  private constructor(path: string, file: Deno.FsFile, format: PcmFormat) {
    this.#path = path;
    this.#file = file;
    this.format = format;
    this.label = `file ${path}`;
  }

  /**
   * Creates the file, or empties it.
   *
   * @throws {OndacastError} `output-failed`.
   */
  static async create(path: string, format: PcmFormat): Promise<WavFileSink> {
    try {
      const file = await Deno.open(path, {
        create: true,
        truncate: true,
        write: true,
      });
      await writeAll(file, wavHeader(format, null));
      return new WavFileSink(path, file, format);
    } catch (cause) {
      throw writeError(path, cause);
    }
  }

  async write(pcm: Uint8Array): Promise<void> {
    try {
      await writeAll(this.#file, pcm);
      this.#bytes += pcm.length;
    } catch (cause) {
      throw writeError(this.#path, cause);
    }
  }

  /** Sets the length in the header, and pads to whole words as RIFF has it. */
  async end(): Promise<void> {
    try {
      if (this.#bytes % 2 === 1) await writeAll(this.#file, new Uint8Array(1));
      if ((await this.#file.stat()).isFile) {
        await this.#file.seek(0, Deno.SeekMode.Start);
        await writeAll(this.#file, this.#finalHeader());
      }
    } catch (cause) {
      throw writeError(this.#path, cause);
    } finally {
      this.#file.close();
    }
  }

  /** What has come is kept as a whole file. */
  async abort(): Promise<void> {
    await this.end();
  }

  /** The header with its length; where that would be longer, sizes stay open. */
  #finalHeader(): Uint8Array {
    const streaming = wavHeader(this.format, null);
    const header = wavHeader(this.format, this.#bytes);
    return header.length === streaming.length ? header : streaming;
  }
}

/** Raw PCM on stdout. */
export class StdoutSink implements AudioSink {
  readonly realTime = false;
  readonly failed = NEVER;
  readonly label = "stdout";
  readonly format: PcmFormat;

  constructor(format: PcmFormat) {
    this.format = format;
  }

  write(pcm: Uint8Array): Promise<void> {
    return writeStdout(pcm);
  }

  end(): Promise<void> {
    return Promise.resolve();
  }

  abort(): Promise<void> {
    return Promise.resolve();
  }
}

/** Plays nothing: in as much time as it would take, or in none. */
export class NullSink implements AudioSink {
  readonly failed = NEVER;
  readonly label: string;
  readonly format: PcmFormat;
  readonly realTime: boolean;
  #endMs = 0;

  constructor(format: PcmFormat, realTime: boolean) {
    this.format = format;
    this.realTime = realTime;
    this.label = realTime ? "null" : "null:fast";
  }

  write(pcm: Uint8Array): Promise<void> {
    if (this.realTime) {
      const startMs = Math.max(this.#endMs, systemClock.now());
      this.#endMs = startMs + bytesToSeconds(this.format, pcm.length) * 1000;
    }
    return Promise.resolve();
  }

  async end(): Promise<void> {
    const leftMs = this.#endMs - systemClock.now();
    if (leftMs > 0) await systemClock.sleep(leftMs);
  }

  abort(): Promise<void> {
    return Promise.resolve();
  }
}

async function writeAll(
  out: { write(bytes: Uint8Array): Promise<number> },
  bytes: Uint8Array,
): Promise<void> {
  for (let rest = bytes; rest.length > 0;) {
    rest = rest.subarray(await out.write(rest));
  }
}

function writeError(place: string, cause: unknown): OndacastError {
  return new OndacastError(
    "output-failed",
    `Cannot write to ${place}: ${fileProblem(cause, "write")}`,
    { cause },
  );
}
