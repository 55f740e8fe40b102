/**
 * Renditions that ffmpeg makes in one pass, kept in a folder. They can be read
 * while they are made; the least recently used make room for others.
 *
 * @module
 */

import { join } from "@std/path/join";
import { OndacastError } from "../../errors.ts";
import type { FfmpegTurns } from "../codecs/ffmpeg_turns.ts";
import type { DiskSpace, ReservedSpace } from "../disk/disk_space.ts";
import {
  GrowingFile,
  type GrowingFileReader,
  type Outcome,
  type RenditionPlan,
} from "./growing_file.ts";

const WHOLE = ".pcm";
const PART = ".part";

export interface RenditionLimits {
  /** Most bytes of all renditions, those that are being made included. */
  readonly budgetBytes: number;
  readonly space: DiskSpace;
  readonly turns: FfmpegTurns;
}

/** A rendition that is being made, and has its place in the budget. */
interface Making {
  readonly bytes: number;
  readonly done: Promise<Outcome>;
  space?: ReservedSpace;
}

/** The folder of renditions by ffmpeg, within a budget of bytes. */
export class KeptRenditions {
  readonly #folder: string;
  readonly #limits: RenditionLimits;
  /** Bytes of each complete rendition, least recently used first. */
  readonly #whole = new Map<string, number>();
  /** Renditions that are being made or wait for their turn. */
  readonly #growing = new Map<string, GrowingFile>();
  readonly #making = new Set<Making>();
  #last: Promise<unknown> = Promise.resolve();
  /** Names of lost renditions, which must not be used again. */
  readonly lost = new Set<string>();

  private constructor(folder: string, limits: RenditionLimits) {
    this.#folder = folder;
    this.#limits = limits;
  }

  /**
   * Opens the folder, and removes incomplete renditions.
   *
   * @throws The system's error.
   */
  static async open(
    folder: string,
    limits: RenditionLimits,
  ): Promise<KeptRenditions> {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    const kept = new KeptRenditions(folder, limits);
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
   * Opens a rendition for reading, whose first read makes it if it is missing.
   *
   * @throws {OndacastError} `unsupported`, if it exceeds the budget; `changed`, if
   * it is {@linkcode lost}.
   */
  open(plan: RenditionPlan): GrowingFileReader {
    const { id } = plan;
    const bytes = this.#whole.get(id);
    if (bytes === undefined) {
      const growing = this.#growing.get(id);
      return (growing?.isUnread === false ? growing : this.#begin(plan))
        .reader();
    }
    const reader = this.#readerOf(plan, bytes);
    this.#whole.delete(id);
    this.#whole.set(id, bytes);
    return reader;
  }

  /** A reader of a complete rendition, unless something has damaged or removed it. */
  #readerOf(
    { id, rendition }: RenditionPlan,
    bytes: number,
  ): GrowingFileReader {
    let cause: unknown;
    try {
      if (bytes === rendition.format.dataBytes) {
        return GrowingFile.whole(this.#path(id, WHOLE), bytes).reader();
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      cause = error;
    }
    this.#whole.delete(id);
    this.#remove(id, WHOLE);
    throw new OndacastError(
      "changed",
      "Cannot read the song: what ffmpeg had decoded of it is gone",
      { cause },
    );
  }

  /** Resolves when no rendition is being made. */
  get idle(): Promise<unknown> {
    return this.#last;
  }

  #begin(plan: RenditionPlan): GrowingFile {
    const { id, rendition } = plan;
    const bytes = rendition.format.dataBytes!;
    this.#checkBudget(bytes);
    const growing: GrowingFile = GrowingFile.planned(this.#path(id, PART), {
      ...plan,
      make: async (take) => {
        await this.#reserve({ bytes, done: growing.done });
        return await plan.make(take);
      },
    }, this.#limits.turns);
    this.#growing.set(id, growing);
    const ended = growing.done.then((outcome) => {
      if (this.#growing.get(id) === growing) this.#growing.delete(id);
      if (outcome === "whole") this.#keep(id, growing, bytes);
      else if (outcome === "failed") this.#remove(id, PART);
    });
    this.#last = Promise.all([this.#last, ended]);
    return growing;
  }

  #keep(id: string, growing: GrowingFile, bytes: number): void {
    try {
      growing.move(this.#path(id, WHOLE));
      this.#whole.set(id, bytes);
    } catch {
      this.#remove(id, PART); // Such as when the folder was removed.
    }
  }

  #checkBudget(bytes: number): void {
    const { budgetBytes } = this.#limits;
    if (bytes <= budgetBytes) return;
    throw new OndacastError(
      "unsupported",
      `Cannot decode the song: it would take ${bytes} bytes, expected at most ${budgetBytes} (--renditions)`,
    );
  }

  /**
   * Waits until a rendition fits into the budget beside those that are being made,
   * and evicts others for it.
   *
   * @throws {OndacastError} `no-space`.
   */
  async #reserve(making: Making): Promise<void> {
    const others = () => sum([...this.#making].map(({ bytes }) => bytes));
    while (others() + making.bytes > this.#limits.budgetBytes) {
      await Promise.race([...this.#making].map(({ done }) => done));
      await Promise.resolve(); // Its end has been noted then.
    }
    this.#making.add(making);
    making.done.then(() => {
      this.#making.delete(making);
      making.space?.release();
    });
    this.#evict();
    making.space = await this.#limits.space.reserve(
      this.#folder,
      making.bytes,
    );
  }

  /** Removes the least recently used until all fit into the budget. */
  #evict(): void {
    const making = sum([...this.#making].map(({ bytes }) => bytes));
    let all = making + sum([...this.#whole.values()]);
    for (const [id, kept] of this.#whole) {
      if (all <= this.#limits.budgetBytes) return;
      this.#whole.delete(id);
      this.#remove(id, WHOLE);
      all -= kept;
    }
  }

  #remove(id: string, ending: string): void {
    this.lost.add(id);
    try {
      Deno.removeSync(this.#path(id, ending));
    } catch {
      // Some systems keep a file that is open; the next start removes it.
    }
  }

  #path(id: string, ending: string): string {
    return join(this.#folder, id + ending);
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, it) => all + it, 0);
}
