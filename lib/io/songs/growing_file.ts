/**
 * The PCM of one rendition in a file, which may still be growing: readers wait for
 * the bytes that they need.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { dirname } from "@std/path/dirname";
import { sampleFrameBytes } from "../../audio/format.ts";
import { type Rendition, silentByte } from "../../audio/rendition.ts";
import { OndacastError } from "../../errors.ts";
import type { TakePcm } from "../codecs/ffmpeg.ts";
import type { FfmpegTurn, FfmpegTurns } from "../codecs/ffmpeg_turns.ts";
import { describeFileError, isDiskFull } from "../disk/describe_file_error.ts";
import { writeAll } from "../../write_all.ts";
import { readerOf } from "./file_stamp.ts";
import type { Urgency } from "./wav_reader.ts";

/** Bytes of silence written at once. */
const SILENCE_BYTES = 1 << 20;
/**
 * Bytes beyond twice the planned length up to which a song is counted. One that is
 * longer still gets what was counted as its next length.
 */
const COUNTED_BYTES = 64 << 20;

/** What is decoded, and how. */
export interface RenditionPlan {
  /** A random name, different for each decoding. */
  readonly id: string;
  readonly rendition: Rendition;
  /**
   * Makes the PCM from its start.
   *
   * @returns Whether the song has ended.
   */
  make(take: TakePcm): Promise<boolean>;
  /** Called with the SHA-256 of the complete WAV. */
  hashed(sha256: string): void;
  /** Called if the song has another length than was planned. */
  counted(sampleFrames: number): void;
}

/** `unread`: all readers left before its turn, so no byte of it is known. */
export type Outcome = "whole" | "failed" | "unread";

/** A file of PCM that is complete, or is being written for its readers. */
export class GrowingFile {
  #path: string;
  #madeBytes: number;
  #failure: Error | null = null;
  #progress = Promise.withResolvers<void>();
  #readers = 0;
  #isUnread = false;
  readonly #take: ((by: Urgency) => FfmpegTurn) | null;
  #turn: FfmpegTurn | null = null;
  readonly #done = Promise.withResolvers<Outcome>();

  private constructor(
    path: string,
    madeBytes: number,
    take: ((it: GrowingFile, by: Urgency) => FfmpegTurn) | null,
  ) {
    this.#path = path;
    this.#madeBytes = madeBytes;
    this.#take = take && ((by) => take(this, by));
  }

  /** A complete rendition. */
  static whole(path: string, bytes: number): GrowingFile {
    return new GrowingFile(path, bytes, null);
  }

  /** A new file, which is written in a turn that the first read asks for. */
  static planned(
    path: string,
    plan: RenditionPlan,
    turns: FfmpegTurns,
  ): GrowingFile {
    return new GrowingFile(
      ...[path, 0] as const,
      (it, { heardMs, address }) =>
        turns.take(() => it.#run(plan), heardMs, address),
    );
  }

  /** Resolves once it is no longer written. */
  get done(): Promise<Outcome> {
    return this.#done.promise;
  }

  /** Whether all readers left before its turn; nobody may use it any more. */
  get isUnread(): boolean {
    return this.#isUnread;
  }

  /** Changes the path of its file, with effect on the next reader. */
  move(path: string): void {
    Deno.renameSync(this.#path, path);
    this.#path = path;
  }

  /** Opens it for reading. @throws The system's error, if it is complete. */
  reader(): GrowingFileReader {
    const reader = new GrowingFileReader(this);
    if (this.#take === null) reader.open();
    this.#readers++;
    return reader;
  }

  /** Releases a reader. */
  leave(): void {
    if (--this.#readers > 0 || this.#take === null) return;
    if (this.#turn?.cancel() === false) return;
    this.#isUnread = true;
    this.#fail(new Error("Cannot read the rendition: its readers have left"));
    this.#done.resolve("unread");
  }

  /** Where its file is, once it has a byte. */
  get path(): string {
    return this.#path;
  }

  /** Waits until this many bytes exist. @throws {Error} If they never will. */
  async until(bytes: number, urgency: Urgency): Promise<void> {
    if (this.#madeBytes >= bytes) return;
    if (this.#turn) this.#turn.hurry(urgency.heardMs, urgency.address);
    else this.#turn = this.#take?.(urgency) ?? null;
    while (this.#madeBytes < bytes) {
      if (this.#failure) throw this.#failure;
      await this.#progress.promise;
    }
  }

  async #run(plan: RenditionPlan): Promise<void> {
    const { rendition, make, hashed, counted } = plan;
    const { header, format } = rendition;
    const total = format.dataBytes!;
    const hash = createHash("sha256").update(header);
    try {
      // Something may have cleared away what was decoded before, folder and all.
      const folder = dirname(this.#path);
      await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
      using file = await Deno.open(this.#path, {
        ...{ createNew: true, write: true },
      });
      const add = async (bytes: Uint8Array) => {
        const wanted = bytes.subarray(0, total - this.#madeBytes);
        if (wanted.length === 0) return;
        hash.update(wanted);
        await writeAll(file, wanted);
        this.#madeBytes += wanted.length;
        this.#notify();
      };
      let bytes = 0;
      const mostBytes = 2 * total + COUNTED_BYTES;
      const hasEnded = await make(async (pcm) => {
        bytes += pcm.length;
        await add(pcm);
        return bytes < mostBytes;
      });
      const silence = new Uint8Array(SILENCE_BYTES)
        .fill(silentByte(format.encoding));
      while (this.#madeBytes < total) await add(silence);
      await file.sync();
      hashed(hash.digest("hex"));
      const frames = Math.floor(bytes / sampleFrameBytes(format));
      const isKnown = frames > 0 && (hasEnded || bytes >= mostBytes);
      if (isKnown && frames * sampleFrameBytes(format) !== total) {
        counted(frames);
      }
      this.#done.resolve("whole");
    } catch (cause) {
      this.#fail(cause instanceof OndacastError ? cause : unwritten(cause));
      this.#done.resolve("failed");
    }
  }

  #fail(failure: Error): void {
    this.#failure = failure;
    this.#notify();
  }

  #notify(): void {
    this.#progress.resolve();
    this.#progress = Promise.withResolvers();
  }
}

function unwritten(cause: unknown): OndacastError {
  return new OndacastError(
    isDiskFull(cause) ? "no-space" : "internal",
    `Cannot write what ffmpeg decodes: ${describeFileError(cause, "write")}`,
    { cause },
  );
}

/** A reader of such a file. */
export class GrowingFileReader {
  readonly #growing: GrowingFile;
  #file: Deno.FsFile | null = null;
  #last: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(growing: GrowingFile) {
    this.#growing = growing;
  }

  /** Opens its file. @throws The system's error. */
  open(): Deno.FsFile {
    return this.#file ??= Deno.openSync(this.#growing.path);
  }

  /** Fills the buffer with PCM from an offset, once it exists, unless it is closed. */
  async read(
    into: Uint8Array,
    offset: number,
    urgency: Urgency,
  ): Promise<void> {
    await this.#growing.until(offset + into.length, urgency);
    if (this.#isClosed) {
      throw new Error("Cannot read the rendition: it is closed");
    }
    const file = this.open();
    const read = this.#last.then(() => readerOf(file)(into, offset));
    this.#last = read.catch(() => {}); // The file has one position.
    await read;
  }

  close(): void {
    this.#isClosed = true;
    this.#growing.leave();
    this.#last.then(() => this.#file?.close());
  }
}
