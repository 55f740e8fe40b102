/**
 * Opens songs where they are nearest: in the folder, else at another server, whose
 * parts go into the same pages.
 *
 * @module
 */

import type {
  OpenFile,
  OpenOptions,
  OpenSong,
  SongPicture,
} from "../ports/server.ts";
import type { SongEntry } from "../ports/song_entry.ts";
import type { ToClient } from "../wire/messages.ts";
import type { Node } from "./nodes.ts";
import type { OtherSongs } from "./other_songs.ts";
import { missing, type OwnSongs } from "./own_songs.ts";
import type { SongPart } from "./peer_stream.ts";
import { sharedEtag } from "./placed_name.ts";
import { RemoteFile } from "./remote_file.ts";
import { RemotePicture } from "./remote_picture.ts";
import { type Holder, RemoteSong } from "./remote_song.ts";
import type { SongNames } from "./song_names.ts";
import type { SongProofs } from "./song_proofs.ts";

/** What another server says of a song that it sends. */
export type Sent = Pick<ToClient<"start">, "etag" | "format" | "sha256">;

/** How another server is read from. */
export interface PeerReading {
  /** Reads a part of a song of it. */
  read(
    node: Node,
    song: SongPart,
    into: Uint8Array,
    offset: number,
    isOnly: boolean,
  ): Promise<void>;
  /** What it sends of a song once that is open there. */
  opened(
    node: Node,
    song: string,
    isOnly: boolean,
  ): Promise<Sent>;
  /** Whether it has kept a reader waiting just now. */
  isStalled(node: Node): boolean;
  /** Reads the picture of one. */
  picture(
    node: Node,
    song: SongPart & { size: number },
  ): Promise<Uint8Array<ArrayBuffer>>;
}

export interface SongReadingWorld {
  readonly own: OwnSongs;
  readonly others: OtherSongs;
  readonly names: SongNames;
  readonly peers: PeerReading;
  readonly proofs: Pick<SongProofs, "hasLied" | "passed">;
}

export class SongReading {
  readonly #world: SongReadingWorld;

  constructor(world: SongReadingWorld) {
    this.#world = world;
  }

  /** As {@linkcode SongStore.open}. */
  async open(entry: SongEntry, options?: OpenOptions): Promise<OpenSong> {
    const { own, others, names } = this.#world;
    const name = names.ownName(entry.name);
    if (name !== null) return await own.open(name, entry.etag, options);
    const now = names.get(entry.name);
    if (!now) throw missing(entry.name);
    const current = others.asBefore(now, entry.etag) ?? now;
    const copy = await own.openCopy(current, options);
    if (copy) return copy;
    const counted = await this.#counted(current);
    return new RemoteSong(counted, () => this.#holders(counted));
  }

  /**
   * A song of another server with its true length, which is counted there when it is
   * opened: then it has another etag, too, and its row may say so only later.
   */
  async #counted(song: SongEntry): Promise<SongEntry> {
    if (!song.isEstimated) return song;
    const { others, peers } = this.#world;
    const all = others.holdings(song);
    for (const [i, { node, name }] of all.entries()) {
      try {
        const isOnly = i === all.length - 1;
        const sent = await peers.opened(node, `${node.name}:${name}`, isOnly);
        return asSent(song, sent);
      } catch {
        // Reading it says why.
      }
    }
    return song;
  }

  /** As {@linkcode SongStore.openFile}. */
  openFile(entry: SongEntry): Promise<OpenFile> {
    const own = this.#ownEntry(entry.name);
    if (own) return this.#world.own.local.openFile(own);
    // A song without a file of its own is sent as it lies.
    const { file } = entry;
    const holders = () => this.#holders(entry, file && "file");
    return Promise.resolve(new RemoteFile(entry, holders));
  }

  /** As {@linkcode SongStore.picture}. */
  async picture(entry: SongEntry): Promise<SongPicture | null> {
    const own = this.#ownEntry(entry.name);
    if (own) return await this.#world.own.local.picture(own);
    if (!entry.hasArt) return null;
    const { others, peers } = this.#world;
    return new RemotePicture(
      entry,
      () =>
        others.holdings(entry).map(({ node, name }) => (size) =>
          peers.picture(node, {
            ...{ song: `${node.name}:${name}`, etag: entry.etag },
            ...{ as: "picture", size },
          })
        ),
    );
  }

  #ownEntry(name: string): SongEntry | undefined {
    const { own, names } = this.#world;
    const found = names.ownName(name);
    return found === null ? undefined : own.local.get(found);
  }

  /** The servers that have what a song of another server is, the best ones first. */
  *#holders(song: SongEntry, as?: "file"): Generator<Holder> {
    const { others, peers, proofs } = this.#world;
    const { etag } = song;
    const holdings = [...others.holdings(song)].sort((a, b) =>
      Number(peers.isStalled(a.node)) - Number(peers.isStalled(b.node))
    );
    for (const { node, name } of holdings) {
      if (proofs.hasLied(node.name, etag)) continue;
      const at = { song: `${node.name}:${name}`, etag, ...(as && { as }) };
      yield {
        async read(into, offset, isOnly) {
          await peers.read(node, at, into, offset, isOnly);
          if (!as) proofs.passed(node.name, song, offset, into);
        },
      };
    }
  }
}

/** A song of which another server has just said what it sends. */
function asSent(song: SongEntry, { etag, format, sha256 }: Sent): SongEntry {
  if (etag === null || etag === song.etag || format.dataBytes === null) {
    return song;
  }
  const { isEstimated: _, sha256: __, content, ...others } = song;
  const isSame = content !== undefined && sharedEtag(etag, content) === etag;
  return {
    ...{ ...others, etag, format },
    // All of it is decoded, so that nothing follows the PCM.
    bytes: format.dataOffset + format.dataBytes,
    ...(sha256 !== undefined && { sha256 }),
    ...(isSame && { content }),
  };
}
