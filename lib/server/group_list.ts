/**
 * The list of groups as clients see it, and its changes. Rows are made when they
 * are sent, so that a change costs the same however many groups there are.
 *
 * @module
 */

import { firstIndex } from "../model/binary_search.ts";
import { pageOf } from "../model/page_of.ts";
import type { Page } from "../ports/library.ts";
import { encodeFrame, FRAME_TYPE } from "../wire/frame.ts";
import { encodeMessage } from "../wire/message_codec.ts";
import type { Group } from "./groups/group.ts";
import type { GroupRow } from "./groups/group_row.ts";
import type { GroupsListener } from "./groups/kept_groups.ts";
import type { News, NewsFor } from "./watchers.ts";

/** Characters of a notice beside its last row. */
const NOTICE_CHARACTERS = 128 * 1024;
/** Groups that are gone and remembered, for slow watchers. */
const MOST_GONE = 4096;

/** A group, or the place of one that is gone. */
interface Listed {
  readonly id: string;
  /** Makes its row; null: it is gone. */
  row: (() => GroupRow) | null;
  /** The number of its latest change. */
  change: number;
}

export class GroupList implements GroupsListener {
  readonly #rowOf: (group: Group) => GroupRow;
  readonly #count: () => number;
  /** Those that are not gone, by id. */
  readonly #sorted: Listed[] = [];
  /** All, and those that are gone; the latest change last. */
  readonly #byId = new Map<string, Listed>();
  /** Watchers that know fewer changes have missed a group that is gone. */
  #missed = 0;

  /** @param count Counts a change; see {@linkcode Watchers.changed}. */
  constructor(rowOf: (group: Group) => GroupRow, count: () => number) {
    this.#rowOf = rowOf;
    this.#count = count;
  }

  changed(group: Group): void {
    this.show(group.id, () => this.#rowOf(group));
  }

  /** Lists a group, or notes that its row has changed. */
  show(id: string, row: () => GroupRow): void {
    const known = this.#byId.get(id);
    if (!known?.row) {
      const listed = { id, row, change: 0 };
      this.#sorted.splice(this.#place(id), 0, listed);
      return this.#note(listed);
    }
    known.row = row;
    this.#note(known);
  }

  gone(id: string): void {
    const known = this.#byId.get(id);
    if (!known?.row) return;
    this.#sorted.splice(this.#place(id), 1);
    known.row = null;
    this.#note(known);
    if (this.#byId.size - this.#sorted.length > MOST_GONE) this.#forgetGone();
  }

  /** Up to `limit` groups by id, starting behind the id `after`. */
  page(after: string | undefined, limit: number): Page<() => GroupRow> {
    const first = after === undefined
      ? 0
      : firstIndex(this.#sorted, ({ id }) => id > after);
    const { rows, ...page } = pageOf(this.#sorted, first, limit);
    return { ...page, rows: rows.map(({ row }) => row!) };
  }

  /** Makes the notices of one round. */
  news(changes: number): NewsFor {
    const made = new Map<number, News>();
    return (known) => {
      const news = made.get(known) ?? this.#newsAfter(known, changes);
      made.set(known, news);
      return news;
    };
  }

  /** The oldest changes that a watcher lacks, as many as a notice holds. */
  #newsAfter(known: number, changes: number): News {
    if (known < this.#missed) {
      const total = this.#sorted.length;
      const again = { type: "groups", groups: [], more: true, total } as const;
      return { frame: encodeMessage(again), knows: changes };
    }
    const changed: string[] = [];
    const gone: string[] = [];
    let characters = 0;
    let knows = changes;
    for (const { id, row, change } of this.#byId.values()) {
      if (change <= known) continue;
      if (characters > NOTICE_CHARACTERS) {
        return { frame: notice(changed, gone), knows };
      }
      const text = JSON.stringify(row ? row() : id);
      (row ? changed : gone).push(text);
      characters += text.length;
      knows = change;
    }
    return { frame: notice(changed, gone), knows: Math.max(knows, changes) };
  }

  #note(listed: Listed): void {
    listed.change = this.#count();
    this.#byId.delete(listed.id);
    this.#byId.set(listed.id, listed);
  }

  #forgetGone(): void {
    for (const { id, row, change } of this.#byId.values()) {
      if (row) continue;
      this.#missed = change;
      this.#byId.delete(id);
      return;
    }
  }

  /** The index of an id among the sorted groups, or where to insert it. */
  #place(id: string): number {
    return firstIndex(this.#sorted, (listed) => listed.id >= id);
  }
}

const UTF8 = new TextEncoder();

function notice(
  changed: readonly string[],
  gone: readonly string[],
): Uint8Array {
  const text = `{"type":"groups","changed":[${changed}],"gone":[${gone}]}`;
  return encodeFrame(FRAME_TYPE.message, UTF8.encode(text));
}
