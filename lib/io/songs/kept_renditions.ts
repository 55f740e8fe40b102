/**
 * Renditions that ffmpeg makes in one pass, kept in a folder. They can be read
 * while they are made; the least recently used make room for others.
 *
 * @module
 */

import { join } from "@std/path/join";
import { OndacastError } from "../../errors.ts";
import type { DiskSpace, ReservedSpace } from "../disk/disk_space.ts";
import {
  GrowingFile,
  type GrowingFileReader,
  type RenditionPlan,
} from "./growing_file.ts";

const WHOLE = ".pcm";
const PART = ".part";

/** The folder of renditions by ffmpeg, within a budget of bytes. */
export class KeptRenditions {
  readonly #folder: string;
  readonly #budgetBytes: number;
  readonly #space: DiskSpace;
  /** Bytes of each complete rendition, least recently used first. */
  readonly #whole = new Map<string, number>();
  readonly #growing = new Map<string, Promise<GrowingFile>>();
  #last: Promise<void> = Promise.resolve();
  /** Bytes of renditions that are being made. */
  #reservedBytes = 0;
  /** Names of lost renditions, which must not be used again. */
  readonly lost = new Set<string>();

  private constructor(folder: string, budgetBytes: number, space: DiskSpace) {
    this.#folder = folder;
    this.#budgetBytes = budgetBytes;
    this.#space = space;
  }

  /**
   * Opens the folder, and removes incomplete renditions.
   *
   * @param budgetBytes Most bytes to keep.
   * @throws The system's error.
   */
  static async open(
    folder: string,
    budgetBytes: number,
    space: DiskSpace,
  ): Promise<KeptRenditions> {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    const kept = new KeptRenditions(folder, budgetBytes, space);
    for await (const { name } of Deno.readDir(folder)) {
      const path = join(folder, name);
      if (name.endsWith(WHOLE)) {
        const { size } = await Deno.stat(path);
        kept.#whole.set(name.slice(0, -WHOLE.length), size);
      } else if (name.endsWith(PART)) {
        await Deno.remove(path);
        kept.lost.add(name.slice(0, -PART.length));
      }
    }
    return kept;
  }

  /**
   * Opens a rendition for reading, and makes it if it is missing.
   *
   * @throws {OndacastError} `no-space`; `unsupported`, if it exceeds the budget.
   */
  async open(plan: RenditionPlan): Promise<GrowingFileReader> {
    const { id } = plan;
    const bytes = this.#whole.get(id);
    if (bytes === undefined) {
      const growing = this.#growing.get(id) ?? this.#begin(plan);
      return (await growing).reader();
    }
    this.#whole.delete(id);
    this.#whole.set(id, bytes);
    return GrowingFile.whole(this.#path(id, WHOLE), bytes).reader();
  }

  /** Resolves when no rendition is being made. */
  get idle(): Promise<void> {
    return this.#last;
  }

  #begin(plan: RenditionPlan): Promise<GrowingFile> {
    const { promise, resolve, reject } = Promise.withResolvers<
      GrowingFile
    >();
    this.#growing.set(plan.id, promise);
    const made = this.#make(plan, resolve).catch(reject)
      .finally(() => this.#growing.delete(plan.id));
    this.#last = this.#last.then(() => made);
    return promise;
  }

  async #make(
    plan: RenditionPlan,
    begun: (growing: GrowingFile) => void,
  ): Promise<void> {
    const { id, rendition } = plan;
    const bytes = rendition.format.dataBytes!;
    this.#checkBudget(bytes);
    // At once, so that another one that is begun meanwhile counts it.
    this.#reservedBytes += bytes;
    let space: ReservedSpace | undefined;
    try {
      await this.#makeRoom();
      space = await this.#space.reserve(this.#folder, bytes);
      const growing = await GrowingFile.make(this.#path(id, PART), plan);
      begun(growing);
      if (!await growing.done) return await this.#remove(id, PART);
      growing.move(this.#path(id, WHOLE));
      this.#whole.set(id, bytes);
    } finally {
      this.#reservedBytes -= bytes;
      space?.release();
    }
  }

  #checkBudget(bytes: number): void {
    if (bytes <= this.#budgetBytes) return;
    throw new OndacastError(
      "unsupported",
      `Cannot decode the song: it would take ${bytes} bytes, expected at most ${this.#budgetBytes} (--renditions)`,
    );
  }

  /** Evicts renditions until those that are being made fit beside the others. */
  async #makeRoom(): Promise<void> {
    let sum = this.#reservedBytes;
    for (const kept of this.#whole.values()) sum += kept;
    for (const [id, kept] of this.#whole) {
      if (sum <= this.#budgetBytes) return;
      this.#whole.delete(id);
      await this.#remove(id, WHOLE);
      sum -= kept;
    }
  }

  async #remove(id: string, ending: string): Promise<void> {
    this.lost.add(id);
    await Deno.remove(this.#path(id, ending)).catch(() => {});
  }

  #path(id: string, ending: string): string {
    return join(this.#folder, id + ending);
  }
}
