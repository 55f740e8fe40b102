/**
 * The open songs: one {@linkcode SharedFile} per name and content.
 *
 * @module
 */

import type { OpenSong } from "../../ports/server.ts";
import { SharedFile } from "./shared_file.ts";
import type { SongFolder } from "./song_folder.ts";
import type { KnownSong } from "./song_index.ts";

/** Callbacks about songs while they are open. */
export interface SongsWatch {
  /** Whether the file with the song's name still has its content. */
  isSame(song: KnownSong): Promise<boolean>;
  /** Called when a song's `probe` was computed or its `stamp` has changed. */
  learned(song: KnownSong, stampBefore: string): void;
}

/** Opens each song once for all its listeners. */
export class OpenSongs {
  readonly #folder: SongFolder;
  readonly #watch: SongsWatch;
  readonly #files = new Map<string, SharedFile>();

  constructor(folder: SongFolder, watch: SongsWatch) {
    this.#folder = folder;
    this.#watch = watch;
  }

  /** Opens a song for another listener. @throws As `SharedFile.use()` does. */
  use(song: KnownSong): Promise<OpenSong> {
    const shared = this.#files.get(keyOf(song));
    return shared && !shared.gone.happened ? shared.use() : this.useAnew(song);
  }

  /** Opens the current file of a song. Listeners to the previous one keep it. */
  useAnew(song: KnownSong): Promise<OpenSong> {
    const key = keyOf(song);
    const shared = new SharedFile(
      song,
      {
        open: () => this.#folder.open(song.name),
        path: () => this.#folder.path(song.name),
        isSame: () => this.#watch.isSame(song),
        learned: (before) => this.#watch.learned(song, before),
      },
      () => {
        if (this.#files.get(key) === shared) this.#files.delete(key);
      },
    );
    this.#files.set(key, shared);
    return shared.use();
  }

  /** Ends the streams of a song whose content has changed. */
  vanish(song: KnownSong): void {
    this.#files.get(keyOf(song))?.vanish();
  }
}

function keyOf({ etag, name }: KnownSong): string {
  return `${etag} ${name}`;
}
