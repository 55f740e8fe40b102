/**
 * The pages of songs that queues consist of. A batch of songs is written once, in
 * pieces, and its pages are dropped when no queue has it any more.
 *
 * @module
 */

import { pagesOf } from "../../model/queue_codec.ts";
import type { Turns } from "../../ports/server.ts";
import type { SavedGroup, SongBatch } from "../../ports/group_store.ts";
import type { GroupTables } from "./group_tables.ts";

/** Writing or dropping a page takes some 100 us. */
const PAGE_STEPS = 64;

/** Knows which batches are written, and how many groups have each. */
export class QueuePages {
  readonly #tables: GroupTables;
  readonly #turns: Turns;
  /** The pages of a batch that is written. */
  readonly #written = new WeakMap<SongBatch, readonly number[]>();
  /** The batches of a group as they were saved. */
  readonly #kept = new Map<string, readonly SongBatch[]>();
  readonly #uses = new Map<SongBatch, number>();
  /** Pages to drop. */
  #unused: number[] = [];

  constructor(tables: GroupTables, turns: Turns) {
    this.#tables = tables;
    this.#turns = turns;
  }

  /** Reads batches, each of which is a page. Those that are missing are left out. */
  read(pages: readonly number[]): SongBatch[] {
    const batches: SongBatch[] = [];
    for (const page of pages) {
      const batch = this.#tables.page(page);
      if (batch) {
        this.#written.set(batch, [page]);
        batches.push(batch);
      }
    }
    return batches;
  }

  /** Writes the batches of a group that are not written. */
  async write({ queue }: SavedGroup): Promise<void> {
    for (const batch of queue.batches) {
      if (this.#written.has(batch)) continue;
      const pages: number[] = [];
      for (const page of pagesOf(batch)) {
        pages.push(this.#tables.addPage(page));
        await this.#turns.next(PAGE_STEPS);
      }
      this.#written.set(batch, pages);
    }
  }

  /** The pages of a group that is written. */
  of({ queue }: SavedGroup): number[] {
    return queue.batches.flatMap((it) => this.#written.get(it) ?? []);
  }

  /** Notes groups that were saved, or are gone. */
  saved(groups: ReadonlyMap<string, SavedGroup | null>): void {
    const before = [...groups.keys()].flatMap((id) => this.#kept.get(id) ?? []);
    for (const [id, group] of groups) {
      const { batches } = group?.queue ?? {};
      if (batches) this.#kept.set(id, batches);
      else this.#kept.delete(id);
      for (const it of batches ?? []) {
        this.#uses.set(it, (this.#uses.get(it) ?? 0) + 1);
      }
    }
    for (const it of before) {
      const uses = this.#uses.get(it)! - 1;
      if (uses > 0) this.#uses.set(it, uses);
      else this.#forget(it);
    }
  }

  /** Drops pages that no saved group has. */
  async dropUnused(): Promise<void> {
    for (const page of this.#unused.splice(0)) {
      this.#tables.dropPage(page);
      await this.#turns.next(PAGE_STEPS);
    }
  }

  /** Drops all pages but those of saved groups, which a crash may have left. */
  async dropLeftOver(): Promise<void> {
    const needed = new Set(
      this.#uses.keys().flatMap((it) => this.#written.get(it)!),
    );
    this.#unused = this.#tables.pages.filter((it) => !needed.has(it));
    await this.dropUnused();
  }

  #forget(batch: SongBatch): void {
    this.#unused.push(...this.#written.get(batch)!);
    this.#uses.delete(batch);
    this.#written.delete(batch);
  }
}
