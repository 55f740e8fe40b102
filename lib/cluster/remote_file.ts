/**
 * The file of a song that other servers have, as it is stored there.
 *
 * @module
 */

import type { OpenFile } from "../ports/server.ts";
import type { SongEntry } from "../ports/song_entry.ts";
import { type Holder, RemoteSong } from "./remote_song.ts";

export class RemoteFile implements OpenFile {
  readonly bytes: number;
  readonly etag: string;
  readonly #song: RemoteSong;

  /** @param holders Read the file; see {@linkcode RemoteSong}. */
  constructor(entry: SongEntry, holders: () => Iterable<Holder>) {
    this.bytes = entry.file?.bytes ?? entry.bytes ?? 0;
    this.etag = (entry.content ?? entry.etag).replaceAll(/[^0-9A-Za-z-]/g, "-");
    this.#song = new RemoteSong(entry, holders);
  }

  read(into: Uint8Array, offsetBytes: number): Promise<void> {
    return this.#song.read(into, offsetBytes);
  }

  close(): void {
    this.#song.close();
  }
}
