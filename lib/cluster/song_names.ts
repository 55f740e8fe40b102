/**
 * What the names of songs mean where several servers are one. A song has its bare name
 * here, or at the first other server by name; `NODE:name` reaches each.
 *
 * @module
 */

import type { Catalog } from "../model/catalog.ts";
import type { SongEntry } from "../ports/song_entry.ts";
import type { SongRow } from "../wire/messages.ts";
import type { OtherSongs } from "./other_songs.ts";
import type { OwnSongs } from "./own_songs.ts";
import { isSame, splitPlace } from "./placed_name.ts";

export interface SongNamesWorld {
  /** The name of this server. */
  readonly place: string;
  readonly own: OwnSongs;
  readonly others: OtherSongs;
  readonly catalog: Pick<Catalog<SongEntry>, "find">;
  /** What a server that may be away has said of a song. */
  lastRow(place: string, name: string): SongRow | undefined;
}

export class SongNames {
  readonly #world: SongNamesWorld;

  constructor(world: SongNamesWorld) {
    this.#world = world;
  }

  /** The song with exactly this name. */
  get(name: string): SongEntry | undefined {
    const { own, others } = this.#world;
    const here = own.get(name);
    if (here) return here;
    return others.first(name) ?? this.#placed(name) ??
      this.#sent(others.etagOfLost(name));
  }

  /** As {@linkcode SongStore.find}. */
  find(name: string, etag?: string): SongEntry | undefined {
    const found = this.#find(name);
    if (etag === undefined || found?.etag === etag) return found;
    // The server that the name was of may be away.
    const { own, others } = this.#world;
    return own.asBefore(found, etag) ?? others.asBefore(found, etag) ??
      this.#sent(etag) ?? found;
  }

  /** The name that reaches the same song from every server. */
  fullName(entry: SongEntry): string {
    const place = entry.place ?? this.#world.place;
    const [named, rest] = splitPlace(entry.name);
    return `${place}:${named === place ? rest : entry.name}`;
  }

  /** What a name means here, as a name that means the same at every server. */
  fullNameOf(name: string): string {
    const { place, own, others } = this.#world;
    const its = own.local.has(name) ? place : others.placeOf(name);
    return its === undefined ? name : `${its}:${name}`;
  }

  /** The name that a song has in this server's folder; null: it is elsewhere. */
  ownName(name: string): string | null {
    const [place, rest] = splitPlace(name);
    if (this.#world.own.local.get(name)) return name;
    return place === this.#world.place ? rest : null;
  }

  #find(name: string): SongEntry | undefined {
    const exact = this.get(name);
    if (exact) return exact;
    const { place: here, own, catalog } = this.#world;
    const [place, rest] = splitPlace(name);
    if (place === here) return own.find(rest);
    return own.find(name) ?? catalog.find(name) ??
      (place === null ? undefined : this.#placedAs(place, rest));
  }

  /** A song of another server whose row here has the bare name. */
  #placedAs(place: string, rest: string): SongEntry | undefined {
    const bare = this.#world.catalog.find(rest);
    return bare && this.#placed(`${place}:${bare.name}`);
  }

  /** A song that sends what an etag names, whatever its name. */
  #sent(etag?: string): SongEntry | undefined {
    if (etag === undefined) return undefined;
    const { own, others } = this.#world;
    return own.withEtag(etag) ?? this.#placed(others.nameOf(etag) ?? "");
  }

  /** The song of `NODE:name`. */
  #placed(name: string): SongEntry | undefined {
    const [place, rest] = splitPlace(name);
    if (place === null) return undefined;
    const { place: here, own, others, lastRow } = this.#world;
    if (place === here) return own.get(rest);
    const found = others.named(rest).find(({ node }) => node.name === place);
    if (!found) return this.#sameAs(lastRow(place, rest));
    // The one that has the bare name here goes by it.
    const bare = this.get(rest);
    const isBare = bare?.place === place || isSame(bare, found.entry);
    return isBare ? bare : { ...found.entry, name };
  }

  /** The same content as that of a song whose server is away. */
  #sameAs(row: SongRow | undefined): SongEntry | undefined {
    return row?.content ? this.#sent(row.etag ?? undefined) : undefined;
  }
}
