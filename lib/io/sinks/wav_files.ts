/**
 * `--player file:PATH`: WAV files with the PCM as it was sent. It is the end of
 * the walk for recordings.
 *
 * @module
 */

import { extname } from "@std/path/extname";
import { containerOf, type PcmFormat, sameLayout } from "../../audio/format.ts";
import { wavHeader } from "../../audio/wav_writer.ts";
import { OndacastError } from "../../errors.ts";
import type { AudioSink, OpenSink } from "../../ports/client.ts";
import { describeFileError } from "../disk/describe_file_error.ts";
import { writeAll } from "../../write_all.ts";

/** A sink without failures of its own. */
const NEVER = new Promise<never>(() => {});

/**
 * Opens sinks that write to a path; the first replaces the file there.
 * Consecutive streams of one layout share a file. Another layout starts the
 * next file, and so does a stream that interrupts another: `song.wav`,
 * `song-2.wav`, `song-3.wav`, skipping existing files, so that nothing is lost.
 * A path that is not a file, such as a pipe, receives all streams.
 *
 * @throws {OndacastError} `output-failed`, as each sink does.
 */
export function wavFiles(path: string): OpenSink {
  let last: WavFileSink | null = null;
  return async (format, free) => {
    await free;
    if (last?.goesOn(format) && await last.reopen()) return last;
    try {
      last = last === null || last.isEmpty || !await isFile(path)
        ? await WavFileSink.begin(last?.path ?? path, format, REPLACE)
        : await beginNext(path, format);
    } catch (cause) {
      throw writeError(path, cause);
    }
    return last;
  };
}

const REPLACE = { create: true, truncate: true };

async function beginNext(
  path: string,
  format: PcmFormat,
): Promise<WavFileSink> {
  const ending = extname(path);
  const name = path.slice(0, path.length - ending.length);
  for (let number = 2;; number++) {
    try {
      const numbered = `${name}-${number}${ending}`;
      return await WavFileSink.begin(numbered, format, { createNew: true });
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
}

/** Whether it is a file, or no longer exists. */
async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return true;
  }
}

/** A WAV file. */
class WavFileSink implements AudioSink {
  readonly realTime = false;
  readonly failed = NEVER;
  readonly format: PcmFormat;
  readonly label: string;
  readonly path: string;
  #file: Deno.FsFile;
  #bytes = 0;
  #cut = false;
  /** Serialises the operations on the file. */
  #work: Promise<unknown> = Promise.resolve();

  private constructor(path: string, file: Deno.FsFile, format: PcmFormat) {
    this.path = path;
    this.#file = file;
    this.format = format;
    this.label = `file ${path}`;
  }

  /** Opens the file and writes its header. @throws What the system throws. */
  static async begin(
    path: string,
    format: PcmFormat,
    options: Deno.OpenOptions,
  ): Promise<WavFileSink> {
    const file = await Deno.open(path, { ...options, write: true });
    const sink = new WavFileSink(path, file, format);
    try {
      await writeAll(file, sink.#header(null));
      return sink;
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** Whether nothing was written to it. */
  get isEmpty(): boolean {
    return this.#bytes === 0;
  }

  /** Whether PCM of a format can be appended. */
  goesOn(format: PcmFormat): boolean {
    return !this.#cut && sameLayout(this.format, format);
  }

  /** Reopens the finished file. @returns Whether it still exists. */
  async reopen(): Promise<boolean> {
    try {
      this.#file = await Deno.open(this.path, { write: true });
      if ((await this.#file.stat()).isFile) {
        const end = this.#header(null).length + this.#bytes;
        await this.#file.truncate(end);
        await this.#file.seek(end, Deno.SeekMode.Start);
      }
      return true;
    } catch {
      return false;
    }
  }

  cut(): void {
    this.#cut = this.#bytes > 0;
  }

  write(pcm: Uint8Array): Promise<void> {
    return this.#do(async () => {
      await writeAll(this.#file, pcm);
      this.#bytes += pcm.length;
    });
  }

  /**
   * Sets the length in the header, and pads to a whole word as RIFF requires.
   */
  end(): Promise<void> {
    return this.#do(async () => {
      using file = this.#file;
      if (!(await file.stat()).isFile) return;
      if (this.#bytes % 2 === 1) await writeAll(file, new Uint8Array(1));
      await file.seek(0, Deno.SeekMode.Start);
      await writeAll(file, this.#finalHeader());
    });
  }

  /** Keeps what was written as a complete file. */
  abort(): Promise<void> {
    return this.end();
  }

  async #do(act: () => Promise<void>): Promise<void> {
    const done = this.#work.then(act);
    this.#work = done.catch(() => {});
    try {
      await done;
    } catch (cause) {
      throw writeError(this.path, cause);
    }
  }

  /**
   * The header with its final length; if that no longer fits, sizes stay open.
   */
  #finalHeader(): Uint8Array {
    const streaming = this.#header(null);
    const header = this.#header(this.#bytes);
    return header.length === streaming.length ? header : streaming;
  }

  #header(dataBytes: number | null): Uint8Array {
    return wavHeader(containerOf(this.format), dataBytes);
  }
}

/** The error for a path that cannot be written. */
function writeError(place: string, cause: unknown): OndacastError {
  return new OndacastError(
    "output-failed",
    `Cannot write to ${place}: ${describeFileError(cause, "write")}`,
    { cause },
  );
}
