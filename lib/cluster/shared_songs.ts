/**
 * The songs of all servers as those of one: the own ones, and those of others that
 * are alive. Equal content is one song, read where it is nearest.
 *
 * @module
 */

import { Catalog } from "../model/catalog.ts";
import type { SongLibrary } from "../ports/library.ts";
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
import { type LocalSongs, OwnSongs } from "./own_songs.ts";
import { sharedLibrary, type SharedLibraryWorld } from "./shared_library.ts";
import { SongNames, type SongNamesWorld } from "./song_names.ts";
import { type PeerReading, SongReading } from "./song_reading.ts";
import type { SongProofs } from "./song_proofs.ts";
import { SongRows } from "./song_rows.ts";

export type { LocalSongs };

export interface SharedSongsOptions
  extends
    Pick<SongNamesWorld, "place" | "lastRow">,
    Pick<SharedLibraryWorld, "playlists"> {
  local: LocalSongs;
  turns: Turns;
  /** Against names that are chosen to slow it down. */
  seed: number;
  peers: PeerReading;
  proofs: SongProofs;
  /** The record of an own song has changed; null: it is gone. */
  changed(name: string, entry: SongEntry | null): void;
}

export class SharedSongs implements SongStore {
  readonly library: SongLibrary;
  readonly #options: SharedSongsOptions;
  readonly #catalog: Catalog<SongEntry>;
  readonly #own: OwnSongs;
  readonly #others = new OtherSongs();
  readonly #names: SongNames;
  readonly #reading: SongReading;
  readonly #rows: SongRows;

  constructor(options: SharedSongsOptions) {
    this.#options = options;
    const { local, place, turns, seed, lastRow, peers, playlists, proofs } =
      options;
    const own = this.#own = new OwnSongs(local, place);
    const others = this.#others;
    const catalog = this.#catalog = new Catalog<SongEntry>([], {
      get: (name) => this.get(name),
      set() {},
      delete() {},
    }, seed);
    const names = new SongNames({ place, own, others, catalog, lastRow });
    this.#names = names;
    this.#reading = new SongReading({ own, others, names, peers, proofs });
    this.#rows = new SongRows({ own, others, catalog, turns });
    this.library = sharedLibrary({
      ...{ local: local.library, place, catalog, names, turns, playlists },
    });
    local.listen((name) => this.#localChanged(name));
    this.#begin(turns);
  }

  /** The number of songs. */
  get size(): number {
    return this.#catalog.size;
  }

  /** A song of another server has come or changed. */
  put(node: Node, row: SongRow): void {
    const isOther = this.#others.put(node, row);
    if (isOther) this.#options.proofs.restored(node.name, row.etag ?? "");
    this.#rows.update(row.name);
  }

  /** A song of another server is gone, or the server is. */
  delete(node: Node, name: string): void {
    this.#others.delete(node, name);
    this.#rows.update(name);
  }

  get(name: string): SongEntry | undefined {
    return this.#names.get(name);
  }

  find(name: string, etag?: string): SongEntry | undefined {
    return this.#names.find(name, etag);
  }

  /** The name that reaches the same song from every server. */
  fullName(entry: SongEntry): string {
    return this.#names.fullName(entry);
  }

  /** What a name means here, as a name that means the same at every server. */
  fullNameOf(name: string): string {
    return this.#names.fullNameOf(name);
  }

  open(entry: SongEntry, options?: OpenOptions): Promise<OpenSong> {
    return this.#reading.open(entry, options);
  }

  openFile(entry: SongEntry): Promise<OpenFile> {
    return this.#reading.openFile(entry);
  }

  picture(entry: SongEntry): Promise<SongPicture | null> {
    return this.#reading.picture(entry);
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

  presentName(name: string): string {
    return this.#options.local.presentName(name);
  }

  wantHash(entry: SongEntry): void {
    const own = this.#options.local.get(entry.name);
    if (own) this.#options.local.wantHash(own);
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
