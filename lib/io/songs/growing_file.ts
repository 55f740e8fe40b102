/**
 * The PCM of one rendition in a file, which may still be growing: readers wait for
 * the bytes that they need.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { type Rendition, silentByte } from "../../audio/rendition.ts";
import type { TakePcm } from "../codecs/ffmpeg.ts";
import { writeAll } from "../../write_all.ts";
import { readerOf } from "./file_stamp.ts";

/** Bytes of silence written at once. */
const SILENCE_BYTES = 1 << 20;

/** What is decoded, and how. */
export interface RenditionPlan {
  /** A random name, different for each decoding. */
  readonly id: string;
  readonly rendition: Rendition;
  /** Makes the PCM from its start. */
  make(take: TakePcm): Promise<void>;
  /** Called with the SHA-256 of the complete WAV. */
  hashed(sha256: string): void;
}

/** A file of PCM that is complete, or is being written for its readers. */
export class GrowingFile {
  #path: string;
  #madeBytes: number;
  #failure: Error | null = null;
  #progress = Promise.withResolvers<void>();
  /** Resolves at the end, with whether it is complete. */
  readonly done: Promise<boolean>;

  private constructor(
    path: string,
    madeBytes: number,
    run: (growing: GrowingFile) => Promise<boolean>,
  ) {
    this.#path = path;
    this.#madeBytes = madeBytes;
    this.done = run(this);
  }

  /** A complete rendition. */
  static whole(path: string, bytes: number): GrowingFile {
    return new GrowingFile(path, bytes, () => Promise.resolve(true));
  }

  /** Starts to write one to a new file. @throws The system's error. */
  static async make(
    path: string,
    plan: RenditionPlan,
  ): Promise<GrowingFile> {
    const file = await Deno.open(path, { createNew: true, write: true });
    return new GrowingFile(path, 0, (it) => it.#run(file, plan));
  }

  /** Changes the path of its file, with effect on the next reader. */
  move(path: string): void {
    Deno.renameSync(this.#path, path);
    this.#path = path;
  }

  /** Opens it for reading. @throws The system's error. */
  reader(): GrowingFileReader {
    return new GrowingFileReader(this, Deno.openSync(this.#path));
  }

  /** Resolves when this many bytes exist. @throws {Error} If they never will. */
  async until(bytes: number): Promise<void> {
    while (this.#madeBytes < bytes) {
      if (this.#failure) throw this.#failure;
      await this.#progress.promise;
    }
  }

  async #run(file: Deno.FsFile, plan: RenditionPlan): Promise<boolean> {
    const { rendition: { header, format }, make, hashed } = plan;
    const total = format.dataBytes!;
    const hash = createHash("sha256").update(header);
    const add = async (bytes: Uint8Array) => {
      const wanted = bytes.subarray(0, total - this.#madeBytes);
      hash.update(wanted);
      await writeAll(file, wanted);
      this.#madeBytes += wanted.length;
      this.#notify();
    };
    try {
      await make(async (pcm) => {
        await add(pcm);
        return this.#madeBytes < total;
      });
      const silence = new Uint8Array(SILENCE_BYTES)
        .fill(silentByte(format.encoding));
      while (this.#madeBytes < total) await add(silence);
      await file.sync();
      hashed(hash.digest("hex"));
      return true;
    } catch (cause) {
      this.#failure = new Error("Cannot write what ffmpeg decodes", { cause });
      this.#notify();
      return false;
    } finally {
      file.close();
    }
  }

  #notify(): void {
    this.#progress.resolve();
    this.#progress = Promise.withResolvers();
  }
}

/** A reader of such a file. */
export class GrowingFileReader {
  readonly #growing: GrowingFile;
  readonly #file: Deno.FsFile;
  #last: Promise<void> = Promise.resolve();

  constructor(growing: GrowingFile, file: Deno.FsFile) {
    this.#growing = growing;
    this.#file = file;
  }

  /** Fills the buffer with PCM from an offset, once it exists. */
  async read(into: Uint8Array, offset: number): Promise<void> {
    await this.#growing.until(offset + into.length);
    const read = this.#last.then(() => readerOf(this.#file)(into, offset));
    this.#last = read.catch(() => {}); // The file has one position.
    await read;
  }

  close(): void {
    this.#last.then(() => this.#file.close());
  }
}
