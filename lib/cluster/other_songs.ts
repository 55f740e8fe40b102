/**
 * The songs of other servers that are alive, by name and by content.
 *
 * @module
 */

import type { SongEntry } from "../ports/song_entry.ts";
import type { SongRow } from "../wire/messages.ts";
import { LruCache } from "../model/lru_cache.ts";
import { eachName, type FewNames, withName, withoutName } from "./few_names.ts";
import type { Node } from "./nodes.ts";
import { fileOfEtag, sharedEtag, splitPlace } from "./placed_name.ts";
import { songOfRow } from "./records.ts";

/** A server that has a song, and its name there. */
export interface Holding {
  readonly node: Node;
  readonly name: string;
}

/** Names of servers that are gone, of which it is known what they sent. */
const MOST_LOST = 100_000;
/** Songs that were listed before their content or their length was known. */
const MOST_BEFORE = 30_000;

/** What a song sent, and the etag that it has had since. */
interface Before extends Pick<SongEntry, "bytes" | "format"> {
  readonly next: string;
}

export class OtherSongs {
  readonly #songs = new Map<string, Map<Node, SongRow>>();
  /** The names of songs by what they send, as far as that is known. */
  readonly #names = new Map<string, Map<Node, FewNames>>();
  /** Servers that were gone. */
  readonly #gone = new Set<string>();
  /** What their songs sent, by `NODE:name`: queues go on with them. */
  readonly #lost = new LruCache<string, string>(MOST_LOST);
  /** By `ETAG NODE:name`. */
  readonly #before = new LruCache<string, Before>(MOST_BEFORE);

  /** @returns Whether it replaces another content of the name. */
  put(node: Node, row: SongRow): boolean {
    const before = this.#songs.get(row.name)?.get(node);
    this.#keepBefore(node, row);
    this.delete(node, row.name);
    putInto(this.#songs, row.name, node, row);
    if (row.content) {
      const etag = row.etag ?? "";
      const same = this.#names.get(etag)?.get(node);
      putInto(this.#names, etag, node, withName(same, row.name));
    }
    return before !== undefined && before.etag !== row.etag;
  }

  delete(node: Node, name: string): void {
    const before = this.#songs.get(name)?.get(node);
    deleteFrom(this.#songs, name, node);
    if (before?.content) this.#deleteName(node, before);
    if (before?.content && !node.isAlive) {
      this.#gone.add(node.name);
      this.#lost.set(`${node.name}:${name}`, before.etag!);
    }
  }

  #deleteName(node: Node, { name, etag }: SongRow): void {
    const its = this.#names.get(etag ?? "");
    const left = withoutName(its?.get(node), name);
    if (left === undefined) deleteFrom(this.#names, etag ?? "", node);
    else its!.set(node, left);
  }

  /** What a name sent whose server is gone; undefined: that is not known. */
  etagOfLost(name: string): string | undefined {
    for (const place of this.#gone) {
      const etag = this.#lost.get(`${place}:${name}`);
      if (etag !== undefined) return etag;
    }
    return this.#lost.get(name);
  }

  /**
   * A song with the etag that it had before its content or its length was known, so
   * that streams that began then go on. Its server says whether it still sends that.
   */
  asBefore(
    entry: SongEntry | undefined,
    etag: string,
  ): SongEntry | undefined {
    if (!entry) return undefined;
    const [, rest] = splitPlace(entry.name);
    const before = this.#before.get(`${etag} ${entry.place}:${rest}`);
    if (before?.next !== entry.etag) return undefined;
    const { bytes, format } = before;
    return { ...entry, bytes, format, etag };
  }

  #keepBefore(node: Node, now: SongRow): void {
    const before = this.#songs.get(now.name)?.get(node);
    if (!before?.etag || !now.etag || before.etag === now.etag) return;
    // Nobody hears it before its length is counted.
    if (before.estimated || !isSameFile(before, now)) return;
    const { bytes, format, etag } = before;
    const key = `${etag} ${node.name}:${now.name}`;
    this.#before.set(key, { bytes, format, next: now.etag });
  }

  /** The first server, by name, that has a song of exactly this name. */
  placeOf(name: string): string | undefined {
    return this.#first(name)?.[0].name;
  }

  /** The song of exactly this name of that server. */
  first(name: string): SongEntry | undefined {
    const first = this.#first(name);
    return first && songOfRow(first[1], first[0].name);
  }

  /** Songs of exactly this name, by the names of their servers. */
  named(name: string): { node: Node; entry: SongEntry }[] {
    return [...this.#songs.get(name) ?? []]
      .sort(([a], [b]) => a.name < b.name ? -1 : 1)
      .map(([node, row]) => ({ node, entry: songOfRow(row, node.name) }));
  }

  /** `NODE:name` of a song that sends what this etag names. */
  nameOf(etag: string): string | undefined {
    const [holding] = this.#names.get(etag) ?? [];
    if (!holding) return undefined;
    const [name] = eachName(holding[1]);
    return `${holding[0].name}:${name}`;
  }

  #first(name: string): [node: Node, row: SongRow] | undefined {
    let first: [node: Node, row: SongRow] | undefined;
    for (const one of this.#songs.get(name) ?? []) {
      if (first === undefined || one[0].name < first[0].name) first = one;
    }
    return first;
  }

  /** The servers that have what a song sends, that which its row names first. */
  holdings({ name, etag, place, bytes }: SongEntry): Holding[] {
    const [, rest] = splitPlace(name);
    const names = new Map<Node, string>();
    for (const [node, its] of this.#names.get(etag) ?? []) {
      for (const one of eachName(its)) {
        if (this.#songs.get(one)?.get(node)?.bytes !== bytes) continue;
        names.set(node, one);
        break;
      }
    }
    for (const { node, entry } of this.named(rest)) {
      // It still knows the etag that its row had before, or says that it has changed.
      const isMeant = entry.etag === etag || names.size === 0;
      if (isMeant && node.name === place) names.set(node, rest);
    }
    const far = (node: Node) => Number(node.name !== place);
    return [...names].sort(([a], [b]) => far(a) - far(b))
      .map(([node, name]) => ({ node, name }));
  }
}

/** Whether a row says no more than what has become known of the same file. */
function isSameFile(before: SongRow, now: SongRow): boolean {
  const isHashed = !before.content && now.content &&
    before.bytes === now.bytes;
  const etag = isHashed ? sharedEtag(before.etag!, now.content!) : before.etag!;
  return fileOfEtag(etag) === fileOfEtag(now.etag!);
}

function putInto<V>(
  all: Map<string, Map<Node, V>>,
  key: string,
  node: Node,
  value: V,
): void {
  const some = all.get(key) ?? new Map<Node, V>();
  all.set(key, some.set(node, value));
}

function deleteFrom<V>(
  all: Map<string, Map<Node, V>>,
  key: string,
  node: Node,
): void {
  const some = all.get(key);
  some?.delete(node);
  if (some?.size === 0) all.delete(key);
}
