/**
 * The songs of all servers as those of one: the own ones, and those of others that
 * are alive. A song has its bare name here, or at the first other server by name;
 * `NODE:name` reaches each. Equal content is one song, read where it is nearest.
 *
 * @module
 */

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
import type { SongRow } from "../wire/messages.ts";
import type { Node } from "./nodes.ts";
import { OtherSongs } from "./other_songs.ts";
import { type LocalSongs, missing, OwnSongs } from "./own_songs.ts";
import { isSame, splitPlace } from "./placed_name.ts";
import type { SongPart } from "./peer.ts";
import type { PlaylistServer } from "./playlist_server.ts";
import { RemoteFile } from "./remote_file.ts";
import { RemotePicture } from "./remote_picture.ts";
import { type Holder, RemoteSong } from "./remote_song.ts";
import { SongRows } from "./song_rows.ts";
import { SharedPlaylists } from "./shared_playlists.ts";

export type { LocalSongs };

export interface SharedSongsOptions {
  local: LocalSongs;
  /** The name of this server. */
  place: string;
  turns: Turns;
  /** What a server that may be away has said of a song. */
  lastRow(place: string, name: string): SongRow | undefined;
  /** Against names that are chosen to slow it down. */
  seed: number;
  /** Reads a part of a song of another server. */
  read(
    node: Node,
    song: SongPart,
    into: Uint8Array,
    offset: number,
  ): Promise<void>;
  /** Reads the picture of one. */
  picture(
    node: Node,
    song: SongPart & { size: number },
  ): Promise<Uint8Array<ArrayBuffer>>;
  /** The other servers that are alive, by name, as their playlists are asked for. */
  playlists(): PlaylistServer[];
  /** The record of an own song has changed; null: it is gone. */
  changed(name: string, entry: SongEntry | null): void;
}

export class SharedSongs implements SongStore {
  readonly library: SongLibrary;
  readonly #options: SharedSongsOptions;
  readonly #catalog: Catalog<SongEntry>;
  readonly #own: OwnSongs;
  readonly #others = new OtherSongs();
  readonly #rows: SongRows;

  constructor(options: SharedSongsOptions) {
    this.#options = options;
    const { local, place, turns, seed } = options;
    this.#own = new OwnSongs(local, place);
    this.#catalog = new Catalog<SongEntry>([], {
      get: (name) => this.get(name),
      set() {},
      delete() {},
    }, seed);
    this.#rows = new SongRows({
      ...{ own: this.#own, others: this.#others },
      ...{ catalog: this.#catalog, turns },
    });
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
    this.#others.put(node, row);
    this.#rows.update(row.name);
  }

  /** A song of another server is gone, or the server is. */
  delete(node: Node, name: string): void {
    this.#others.delete(node, name);
    this.#rows.update(name);
  }

  get(name: string): SongEntry | undefined {
    const own = this.#own.get(name);
    if (own) return own;
    const [first] = this.#others.named(name);
    if (first) return { ...first.entry, name };
    return this.#placed(name) ?? this.#sent(this.#others.etagOfLost(name));
  }

  /** A song that sends what an etag names, whatever its name. */
  #sent(etag?: string): SongEntry | undefined {
    if (etag === undefined) return undefined;
    return this.#own.withEtag(etag) ??
      this.#placed(this.#others.nameOf(etag) ?? "");
  }

  find(name: string, etag?: string): SongEntry | undefined {
    const found = this.#find(name);
    if (etag === undefined || found?.etag === etag) return found;
    // The server that the name was of may be away.
    return this.#own.asBefore(found, etag) ?? this.#sent(etag) ?? found;
  }

  #find(name: string): SongEntry | undefined {
    const exact = this.get(name);
    if (exact) return exact;
    const [place, rest] = splitPlace(name);
    if (place === this.#options.place) return this.#own.find(rest);
    return this.#own.find(name) ?? this.#catalog.find(name);
  }

  /** The name that reaches the same song from every server. */
  fullName(entry: SongEntry): string {
    const place = entry.place ?? this.#options.place;
    const [named, rest] = splitPlace(entry.name);
    return `${place}:${named === place ? rest : entry.name}`;
  }

  async open(entry: SongEntry, options?: OpenOptions): Promise<OpenSong> {
    const own = this.#ownName(entry.name);
    if (own !== null) return await this.#own.open(own, entry.etag, options);
    const current = this.get(entry.name);
    if (!current) throw missing(entry.name);
    return await this.#own.openCopy(current, options) ??
      new RemoteSong(current, () => this.#holders(current));
  }

  openFile(entry: SongEntry): Promise<OpenFile> {
    const own = this.#ownEntry(entry.name);
    if (own) return this.#options.local.openFile(own);
    // A song without a file of its own is sent as it lies.
    const { file } = entry;
    const holders = () => this.#holders(entry, file && "file");
    return Promise.resolve(new RemoteFile(entry, holders));
  }

  async picture(entry: SongEntry): Promise<SongPicture | null> {
    const { local, picture } = this.#options;
    const own = this.#ownEntry(entry.name);
    if (own) return await local.picture(own);
    if (!entry.hasArt) return null;
    return new RemotePicture(
      entry,
      () =>
        this.#others.holdings(entry).map(({ node, name }) => (size) =>
          picture(node, {
            ...{ song: `${node.name}:${name}`, etag: entry.etag },
            ...{ as: "picture", size },
          })
        ),
    );
  }

  create(name: string, options: StoreOptions): Promise<SongWriter> {
    return this.#options.local.create(name, options);
  }

  remove(name: string, etag: string): Promise<string> {
    const { local } = this.#options;
    const own = local.find(name);
    const isMeant = this.#own.find(name)?.etag === etag;
    return local.remove(name, own && isMeant ? own.etag : etag);
  }

  restore(name: string): Promise<SongEntry> {
    return this.#options.local.restore(name);
  }

  rename(name: string, to: string): Promise<SongEntry> {
    return this.#options.local.rename(name, to);
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
    const { local, place, turns, playlists } = this.#options;
    const lists = new SharedPlaylists(local.library, place, playlists);
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
      const parsed = parseSelection(selection);
      return parsed.kind === "playlist"
        ? this.#named(await lists.select(parsed.name, isOver))
        : await all.select(selection, isOver);
    };
    return {
      search: (...query) => all.search(...query),
      names: (query) => all.names(query),
      albums: (...query) => all.albums(...query),
      artists: (...query) => all.artists(...query),
      playlists: (isOwn) => isOwn ? local.library.playlists() : lists.list(),
      select,
    };
  }

  /** A selection by the names that its songs have here. */
  #named({ songs, compared }: Selected): Selected {
    const names = Array.from(songs, (name) => this.get(name)?.name);
    return { songs: names.filter((it) => it !== undefined), compared };
  }

  #placedSong(name: string): SongEntry | undefined {
    return splitPlace(name)[0] === null ? undefined : this.find(name);
  }

  /** The same content as that of a song whose server is away. */
  #sameAs(row: SongRow | undefined): SongEntry | undefined {
    if (!row?.content || row.etag == null) return undefined;
    return this.#own.withEtag(row.etag) ??
      this.#placed(this.#others.nameOf(row.etag) ?? "");
  }

  /** The song of `NODE:name`. */
  #placed(name: string): SongEntry | undefined {
    const [place, rest] = splitPlace(name);
    if (place === null) return undefined;
    if (place === this.#options.place) return this.#own.get(rest);
    const found = this.#others.named(rest).find(({ node }) =>
      node.name === place
    );
    if (!found) return this.#sameAs(this.#options.lastRow(place, rest));
    // The one that has the bare name here goes by it.
    const bare = this.get(rest);
    const isBare = bare?.place === place || isSame(bare, found.entry);
    return isBare ? bare : { ...found.entry, name };
  }

  #ownEntry(name: string): SongEntry | undefined {
    const own = this.#ownName(name);
    return own === null ? undefined : this.#options.local.get(own);
  }

  /** The name of an own song by a name here; null: it is elsewhere. */
  #ownName(name: string): string | null {
    const [place, rest] = splitPlace(name);
    if (this.#options.local.get(name)) return name;
    return place === this.#options.place ? rest : null;
  }

  /** The servers that have what a song of another server is. */
  *#holders(song: SongEntry, as?: "file"): Generator<Holder> {
    const { read } = this.#options;
    for (const { node, name } of this.#others.holdings(song)) {
      const at = {
        ...{ song: `${node.name}:${name}`, etag: song.etag },
        ...(as && { as }),
      };
      yield { read: (into, offset) => read(node, at, into, offset) };
    }
  }

  async #begin(turns: Turns): Promise<void> {
    for (const { name } of this.#options.local.list()) {
      this.#localChanged(name);
      const turn = turns.next(8, "background");
      if (turn) await turn;
    }
  }

  #localChanged(name: string): void {
    this.#options.changed(name, this.#own.changed(name));
    this.#rows.update(name);
  }
}
