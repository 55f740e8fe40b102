/**
 * The queue of one group as the page shows it, with edits that can be undone.
 *
 * @module
 */

import type { ClientSession } from "../../lib/client/client_session.ts";
import { type EntryRow, listEntries } from "../../lib/client/group_list.ts";
import { toOndacastError } from "../../lib/errors.ts";
import type { ToServer } from "../../lib/wire/messages.ts";
import type { Errands, Reach } from "./errands.ts";
import type { GroupRow, Groups } from "./groups.ts";
import { notify, notifyError, type Words } from "./notices.ts";
import { type Move, movesBack } from "./moves_back.ts";
import { isFar, type QueuePage } from "./queue_page.ts";
import { effect, signal } from "./signals.ts";
import { chunked } from "./song_chunks.ts";
import { TEXTS } from "./texts.ts";

export type { EntryRow };

/** Entries that are asked for at once. */
const PAGE = 200;
/** A longer queue is cleared for good. */
const MOST_UNDONE = 5_000;

export class GroupQueue {
  /** Null: no queue is shown, or it has not come yet. */
  readonly page = signal<QueuePage | null>(null);
  readonly #reach: Reach;
  readonly #groups: Groups;
  readonly #errands: Errands;
  readonly #shown = signal<string | null>(null);
  /** Rises with each list that is asked for, so that the latest one counts. */
  #generation = 0;
  /** What was asked for last, and over which connection. */
  #asked: { of: ClientSession; group: string; revision: number } | null = null;

  #undone = 0;

  constructor(reach: Reach, groups: Groups, errands: Errands) {
    this.#reach = reach;
    this.#groups = groups;
    this.#errands = errands;
    effect(() => {
      const row = this.#row;
      const { session } = this.#reach;
      const [asked, page] = [this.#asked, this.page.peek()];
      if (row === undefined || session === null) return;
      const isKnown = asked?.of === session && asked.group === row.group &&
        asked.revision === row.revision;
      if (!isKnown) this.#load(row);
      else if (page && page.playing !== row.entry) {
        this.page.value = { ...page, playing: row.entry };
      }
    });
  }

  /** Shows the queue of a group, and keeps it up to date; null: none. */
  show(group: string | null): void {
    if (group === this.#shown.peek()) return;
    this.page.value = this.#asked = null;
    this.#generation++;
    this.#shown.value = group;
  }

  /** Asks for the entries that follow. */
  async more(): Promise<void> {
    const { value: page } = this.page;
    const [row, session] = [this.#row, this.#reach.session];
    if (!page?.hasMore || !row || !session) return;
    const generation = ++this.#generation;
    const after = page.entries.at(-1)?.entry;
    const next = await this.#ask(session, row.group, after);
    if (generation !== this.#generation) return;
    // It has changed, or its last known entry is gone.
    if (next?.revision !== page.revision) return await this.#load(row);
    const entries = [...page.entries, ...next.entries];
    this.page.value = { ...page, entries, hasMore: next.hasMore };
  }

  /** Removes entries; they can be put back. */
  async remove(entries: readonly number[]): Promise<void> {
    const { value: page } = this.page;
    const removed = new Set(entries);
    const rows = (page?.entries ?? []).filter((it) => removed.has(it.entry));
    const [first] = rows;
    const what: Words = rows.length === 1
      ? [TEXTS.play.removed, { name: first.title }]
      : [TEXTS.play.removed, TEXTS.lists.count(entries.length, "song")];
    const back = page && movesBack(page.entries, removed, page.hasMore);
    await this.#edit({ action: "remove", entries: [...entries] }, {
      shown: (all) => all.filter((it) => !removed.has(it.entry)),
      what,
      undo: back && (({ group }) => this.#putBack(group, rows, back)),
    });
  }

  /** Moves entries to the place before another one; without one to the end. */
  async move(entries: readonly number[], before?: number): Promise<void> {
    const { value: page } = this.page;
    const moved = new Set(entries);
    const back = page && movesBack(page.entries, moved, page.hasMore);
    await this.#edit({
      ...{ action: "move", entries: [...entries] },
      ...(before !== undefined && { before }),
    }, {
      shown: (all) => movedBefore(all, moved, before),
      what: [TEXTS.done.moved(entries.length)],
      undo: back && (({ group }) => this.#moveBack(group, back)),
    });
  }

  /** Removes all but what plays. */
  async clear(): Promise<void> {
    const row = this.#row;
    const session = this.#reach.session;
    if (!row || !session) return;
    const all = row.songs <= MOST_UNDONE
      ? await listEntries(session, row.group).catch(() => null)
      : null;
    const rows = (all?.entries ?? []).filter((it) => it.entry !== row.entry);
    const removed = new Set(rows.map(({ entry }) => entry));
    const back = all && movesBack(all.entries, removed, false);
    const { revision } = all ?? row;
    await this.#edit({ action: "clear", revision }, {
      shown: (entries) => entries.filter((it) => it.entry === row.entry),
      what: [TEXTS.done.cleared],
      undo: back && (({ group }) => this.#putBack(group, rows, back)),
    });
  }

  get #row(): GroupRow | undefined {
    const { value: shown } = this.#shown;
    if (shown === null) return undefined;
    return this.#groups.get(shown) ??
      this.#groups.rows.value?.find(({ was }) => was === shown);
  }

  /** Asks for as many entries as are shown. */
  async #load(row: GroupRow): Promise<void> {
    const { session } = this.#reach;
    if (session === null) return;
    const { group, revision } = row;
    this.#asked = { of: session, group, revision };
    const generation = ++this.#generation;
    const limit = Math.max(PAGE, this.page.peek()?.entries.length ?? 0);
    const first = await this.#ask(session, group, undefined, limit);
    const page = first && isFar(first)
      ? await this.#fromPlaying(session, row, first.playing!, first)
      : first;
    if (generation !== this.#generation) return;
    // It is asked for again with the next news.
    if (page === null) this.#asked = null;
    else this.page.value = page;
  }

  async #fromPlaying(
    session: ClientSession,
    { group, song, title, artist, seconds }: GroupRow,
    entry: number,
    first: QueuePage,
  ): Promise<QueuePage | null> {
    const page = await this.#ask(session, group, entry);
    const about = { entry, song: song ?? "", title: title ?? "", seconds };
    const row = { ...about, ...(artist !== undefined && { artist }) };
    return page && { ...first, ...page, entries: [row, ...page.entries] };
  }

  async #ask(
    session: ClientSession,
    group: string,
    after?: number,
    limit = PAGE,
  ): Promise<QueuePage | null> {
    try {
      const { entries, playing, revision, more, total } = await session.request(
        {
          ...{ type: "entries", group, limit: Math.min(1_000, limit) },
          ...(after !== undefined && { after }),
        },
      );
      return { entries, playing, revision, hasMore: more, total };
    } catch (error) {
      // It has changed, or is gone: news of that follow.
      const { code } = toOndacastError(error);
      const isPassing = session.failure !== null ||
        ["stale", "not-found"].includes(code);
      if (!isPassing) notifyError(error);
      return null;
    }
  }

  async #edit(
    edit: Omit<ToServer<"edit">, "type" | "group" | "id">,
    { shown, what, undo }: {
      shown(entries: readonly EntryRow[]): readonly EntryRow[];
      what: Words;
      undo: ((row: GroupRow) => Promise<void>) | null;
    },
  ): Promise<void> {
    const row = this.#row;
    if (row === undefined) return;
    const { group } = row;
    const { value: page } = this.page;
    if (page) this.page.value = { ...page, entries: shown(page.entries) };
    // A list that is on its way is older than this.
    this.#generation++;
    this.#asked = null;
    await this.#errands.do({
      key: `edit ${group} ${JSON.stringify(edit.entries ?? "")}`,
      words: [TEXTS.errands.edit, { name: row.name }],
      isReady: () => this.#groups.has(group),
      run: async (session) => {
        try {
          await session.request({ type: "edit", group, ...edit });
        } catch (error) {
          this.#load(row); // The page shows what is.
          throw error;
        }
        notify(
          what,
          undo ? { label: "Undo", act: () => undo(row) } : undefined,
        );
      },
    });
  }

  #putBack(
    group: string,
    rows: readonly EntryRow[],
    back: readonly Move[],
  ): Promise<void> {
    return this.#undo(group, async (session) => {
      const entries = new Map<number, number>();
      const lost = rows.map(({ entry }) => entry);
      for (const songs of chunked(rows.map(({ song }) => song))) {
        const { entry } = await session.request({
          ...{ type: "queue", to: group, place: "end" },
          songs: songs.map((song) => `song:${song}`),
        });
        const olds = lost.splice(0, songs.length);
        for (const [i, old] of olds.entries()) entries.set(old, entry! + i);
      }
      const now = (it: number) => entries.get(it) ?? it;
      await move(session, group, back, now);
    });
  }

  #moveBack(group: string, back: readonly Move[]): Promise<void> {
    return this.#undo(group, (session) => move(session, group, back));
  }

  #undo(
    group: string,
    run: (session: ClientSession) => Promise<void>,
  ): Promise<void> {
    const words = [TEXTS.errands.undo];
    // Each of several that wait is done.
    const key = `undo ${group} ${++this.#undone}`;
    return this.#errands.do({ key, words, run });
  }
}

/** Moves runs of entries, whose numbers may have changed. */
async function move(
  session: ClientSession,
  group: string,
  moves: readonly Move[],
  now: (entry: number) => number = (entry) => entry,
): Promise<void> {
  for (const { entries, before } of moves) {
    await session.request({
      ...{ type: "edit", group, action: "move", entries: entries.map(now) },
      ...(before !== null && { before: now(before) }),
    });
  }
}

function movedBefore(
  entries: readonly EntryRow[],
  moved: ReadonlySet<number>,
  before: number | undefined,
): readonly EntryRow[] {
  const rows = entries.filter(({ entry }) => moved.has(entry));
  const others = entries.filter(({ entry }) => !moved.has(entry));
  const at = others.findIndex(({ entry }) => entry === before);
  return others.toSpliced(at < 0 ? others.length : at, 0, ...rows);
}
