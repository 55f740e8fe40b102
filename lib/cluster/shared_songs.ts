/**
 * The songs of all servers as those of one: the own ones, and those of others that
 * are alive. A song has its bare name here, or at the first other server by name;
 * `NODE:name` reaches each. Equal content is one song, read where it is nearest.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import { Catalog } from "../model/catalog.ts";
import { parseSelection } from "../model/selection.ts";
import { SongQueries } from "../model/song_queries.ts";
import { Playlists } from "../model/playlists.ts";
import type { Selected, SongLibrary } from "../ports/library.ts";
import type {
  OpenFile,
  OpenOptions,
  OpenSong,
  SongPicture,
  SongStore,
  SongWriter,
  StoreOptions,
  Turns,
} from "../ports/server.ts";
import type { SongEntry } from "../ports/song_entry.ts";
import type { Node } from "./nodes.ts";
import type { SongRow } from "../wire/messages.ts";
import { songOfRow } from "./records.ts";
import { type Holder, RemoteSong } from "./remote_song.ts";

/** The own songs. */
export interface LocalSongs extends SongStore {
  list(): Iterable<{ name: string }>;
  listen(changed: (name: string) => void): void;
  /** Requests the SHA-256 of a song's file, which is computed in the background. */
  wantFileHash(entry: SongEntry): void;
}

export interface SharedSongsOptions {
  local: LocalSongs;
  /** The name of this server. */
  place: string;
  turns: Turns;
  /** Against names that are chosen to slow it down. */
  seed: number;
  /** Reads a part of a song of another server. */
  read(
    node: Node,
    song: { name: string; etag: string },
    into: Uint8Array,
    offset: number,
  ): Promise<void>;
  /** The record of an own song has changed; null: it is gone. */
  changed(name: string, entry: SongEntry | null): void;
}

export class SharedSongs implements SongStore {
  readonly library: SongLibrary;
  readonly #options: SharedSongsOptions;
  readonly #catalog: Catalog<SongEntry>;
  /** The songs of other servers that are alive, by name. */
  readonly #songs = new Map<string, Map<Node, SongRow>>();
  /** The names of songs by what they send, as far as that is known. */
  readonly #names = new Map<string, Map<Node, string>>();
  /** Names whose rows may have changed. */
  readonly #dirty = new Set<string>();
  /** Names of rows for each name of a song, at other servers. */
  readonly #rows = new Map<string, string[]>();
  #isUpdating = false;

  constructor(options: SharedSongsOptions) {
    this.#options = options;
    const { local, turns, seed } = options;
    this.#catalog = new Catalog<SongEntry>([], {
      get: (name) => this.get(name),
      set() {},
      delete() {},
    }, seed);
    this.library = this.#merged();
    local.listen((name) => this.#localChanged(name));
    this.#begin(turns);
  }

  /** The number of songs. */
  get size(): number {
    return this.#catalog.size;
  }

  /** A song of another server has come or changed. */
  put(node: Node, row: SongRow): void {
    this.delete(node, row.name);
    putInto(this.#songs, row.name, node, row);
    if (row.content) putInto(this.#names, row.etag ?? "", node, row.name);
  }

  /** A song of another server is gone, or the server is. */
  delete(node: Node, name: string): void {
    const before = this.#songs.get(name)?.get(node);
    deleteFrom(this.#songs, name, node);
    if (before) deleteFrom(this.#names, before.etag ?? "", node);
    this.#update(name);
  }

  get(name: string): SongEntry | undefined {
    const own = this.#own(name);
    if (own) return own;
    const others = this.#others(name);
    if (others.length > 0) return { ...others[0].entry, name };
    return this.#placed(name);
  }

  find(name: string): SongEntry | undefined {
    const exact = this.get(name);
    if (exact) return exact;
    const [place, rest] = splitPlace(name);
    if (place === this.#options.place) return this.#ownFind(rest);
    return this.#ownFind(name) ?? this.#catalog.find(name);
  }

  /** The name that reaches the same song from every server. */
  fullName(entry: SongEntry): string {
    const place = entry.place ?? this.#options.place;
    const [named, rest] = splitPlace(entry.name);
    return `${place}:${named === place ? rest : entry.name}`;
  }

  async open(entry: SongEntry, options?: OpenOptions): Promise<OpenSong> {
    const { local } = this.#options;
    const [place, rest] = splitPlace(entry.name);
    const own = local.get(entry.name) ??
      (place === this.#options.place ? local.get(rest) : undefined);
    if (own) return this.#dressSong(await local.open(own, options));
    const current = this.get(entry.name);
    if (!current) {
      throw new OndacastError(
        "not-found",
        `Cannot find the song ${JSON.stringify(entry.name)}`,
      );
    }
    return new RemoteSong(current, () => this.#holders(current));
  }

  openFile(entry: SongEntry): Promise<OpenFile> {
    return this.#options.local.openFile(this.#mine(entry, "open the file of"));
  }

  async picture(entry: SongEntry): Promise<SongPicture | null> {
    const { local } = this.#options;
    const own = local.get(entry.name);
    return own ? await local.picture(own) : null;
  }

  create(name: string, options: StoreOptions): Promise<SongWriter> {
    return this.#options.local.create(name, options);
  }

  remove(name: string, etag: string): Promise<string> {
    const { local } = this.#options;
    const own = local.find(name);
    const isMeant = own && this.#dress(own).etag === etag;
    return local.remove(name, isMeant ? own.etag : etag);
  }

  restore(name: string): Promise<SongEntry> {
    return this.#options.local.restore(name);
  }

  wantHash(entry: SongEntry): void {
    const own = this.#options.local.get(entry.name);
    if (own) this.#options.local.wantHash(own);
  }

  /** A selection in names that every server understands. */
  async fullNames(selections: readonly string[]): Promise<string[]> {
    const names: string[] = [];
    for (const selection of selections) {
      const { songs } = await this.library.select(selection);
      for (const song of songs) {
        const entry = this.get(song);
        if (entry) names.push(this.fullName(entry));
      }
    }
    return names;
  }

  #merged(): SongLibrary {
    const { local, turns } = this.#options;
    const none = new Playlists(new Map());
    const all = new SongQueries(
      () => ({ catalog: this.#catalog, playlists: none }),
      turns,
    );
    const select = async (
      selection: string,
      isOver?: () => boolean,
    ): Promise<Selected> => {
      const found = this.get(selection) ?? this.#placedSong(selection);
      if (found) return { songs: [found.name], compared: 1 };
      const { kind } = parseSelection(selection);
      return kind === "playlist"
        ? await local.library.select(selection, isOver)
        : await all.select(selection, isOver);
    };
    return {
      search: (...query) => all.search(...query),
      names: (query) => all.names(query),
      albums: (...query) => all.albums(...query),
      artists: (...query) => all.artists(...query),
      playlists: () => local.library.playlists(),
      select,
    };
  }

  #placedSong(name: string): SongEntry | undefined {
    return splitPlace(name)[0] === null ? undefined : this.find(name);
  }

  #own(name: string): SongEntry | undefined {
    const own = this.#options.local.get(name);
    return own && this.#dress(own);
  }

  #ownFind(name: string): SongEntry | undefined {
    const own = this.#options.local.find(name);
    return own && this.#dress(own);
  }

  /** Songs of exactly this name at other servers, by the names of these. */
  #others(name: string): { node: Node; entry: SongEntry }[] {
    return [...this.#songs.get(name) ?? []]
      .sort(([a], [b]) => a.name < b.name ? -1 : 1)
      .map(([node, row]) => ({ node, entry: songOfRow(row, node.name) }));
  }

  /** The song of `NODE:name`. */
  #placed(name: string): SongEntry | undefined {
    const [place, rest] = splitPlace(name);
    if (place === null) return undefined;
    if (place === this.#options.place) return this.#own(rest);
    const found = this.#others(rest).find(({ node }) => node.name === place);
    if (!found) return undefined;
    // The one that has the bare name here goes by it.
    const bare = this.get(rest);
    const isBare = bare?.place === place || isSame(bare, found.entry);
    return isBare ? bare : { ...found.entry, name };
  }

  /** An own song with the etag that its content has everywhere. */
  #dress(entry: SongEntry): SongEntry {
    const { place } = this.#options;
    const content = entry.file ? entry.file.sha256 : entry.sha256;
    return {
      ...entry,
      place,
      ...(content !== undefined && {
        content,
        etag: sharedEtag(entry.etag, content),
      }),
      get sha256() {
        return entry.sha256;
      },
    };
  }

  #dressSong(song: OpenSong): OpenSong {
    return {
      entry: this.#dress(song.entry),
      gone: song.gone,
      get isSlow() {
        return song.isSlow;
      },
      partEnd: (offset) => song.partEnd(offset),
      read: (into, offset) => song.read(into, offset),
      hurry: (from, to, heardAt) => song.hurry(from, to, heardAt),
      abandon: () => song.abandon(),
      close: () => song.close(),
    };
  }

  /** The servers that have what a song of another server is. */
  *#holders(song: SongEntry): Generator<Holder> {
    const { read } = this.#options;
    const { etag, place } = song;
    const [, rest] = splitPlace(song.name);
    const names = new Map(this.#names.get(etag));
    for (const { node, entry } of this.#others(rest)) {
      if (entry.etag === etag && node.name === place) names.set(node, rest);
    }
    // The one that the row names goes first.
    const far = (node: Node) => Number(node.name !== place);
    for (const [node, name] of [...names].sort(([a], [b]) => far(a) - far(b))) {
      const at = { name: `${node.name}:${name}`, etag };
      yield { read: (into, offset) => read(node, at, into, offset) };
    }
  }

  #mine(entry: SongEntry, what: string): SongEntry {
    const own = this.#options.local.get(entry.name);
    if (own) return own;
    throw new OndacastError(
      "unsupported",
      `Cannot ${what} ${entry.name} here: it is at ${entry.place}`,
    );
  }

  async #begin(turns: Turns): Promise<void> {
    for (const { name } of this.#options.local.list()) {
      this.#localChanged(name);
      const turn = turns.next(8, "background");
      if (turn) await turn;
    }
  }

  #localChanged(name: string): void {
    const { local, changed } = this.#options;
    const own = local.get(name);
    if (own) local.wantFileHash(own);
    changed(name, own ? this.#dress(own) : null);
    this.#update(name);
  }

  #update(name: string): void {
    this.#dirty.add(name);
    if (!this.#isUpdating) this.#updateAll();
  }

  /** Brings the rows of changed names up to date. */
  async #updateAll(): Promise<void> {
    const { turns } = this.#options;
    this.#isUpdating = true;
    await null; // Changes come in groups.
    while (this.#dirty.size > 0) {
      const songs: SongEntry[] = [];
      const gone: string[] = [];
      for (const name of this.#dirty) {
        this.#dirty.delete(name);
        const rows = this.#rowsOf(name);
        const before = this.#rows.get(name) ?? [];
        const now = new Set(rows.map((it) => it.name));
        gone.push(...before.filter((it) => !now.has(it)));
        songs.push(...rows);
        if (now.size > 0) this.#rows.set(name, [...now]);
        else this.#rows.delete(name);
        const turn = turns.next(8, "background");
        if (turn) await turn;
      }
      await this.#catalog.change(songs, gone, turns);
    }
    this.#isUpdating = false;
  }

  /** The rows of all songs of a name, each content once. */
  #rowsOf(name: string): SongEntry[] {
    const own = this.#own(name);
    const rows = own ? [own] : [];
    for (const { node, entry } of this.#others(name)) {
      if (rows.some((it) => isSame(it, entry))) continue;
      const isBare = rows.length === 0;
      rows.push(isBare ? entry : { ...entry, name: `${node.name}:${name}` });
    }
    return rows;
  }
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

/** Whether two songs are the same bytes. */
function isSame(a: SongEntry | undefined, b: SongEntry): boolean {
  return a?.content !== undefined && a.content === b.content &&
    a.etag === b.etag;
}

/** `NODE:name` in its parts; null: it names no server. */
function splitPlace(name: string): [place: string | null, rest: string] {
  const at = name.indexOf(":");
  if (at <= 0) return [null, name];
  return [name.slice(0, at), name.slice(at + 1)];
}

/** The etag of the same bytes on all servers: the content, and how it is decoded. */
function sharedEtag(etag: string, content: string): string {
  const dot = etag.indexOf(".");
  return dot < 0 ? content : content + etag.slice(dot);
}
