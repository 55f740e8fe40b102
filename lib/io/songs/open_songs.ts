/**
 * The songs that are open: a {@linkcode SharedFile} for each content under
 * each name.
 *
 * @module
 */

import type { OpenSong } from "../../ports/server.ts";
import { SharedFile } from "./shared_file.ts";
import type { SongFolder } from "./song_folder.ts";
import type { KnownSong } from "./song_index.ts";

/** What is to be known of the songs while they are open. */
export interface SongsWatch {
  /** Whether the file that has a song's name now has its content. */
  isSame(song: KnownSong): Promise<boolean>;
  /** Called when a song's `probe` was taken, or its `stamp` is another one. */
  learned(song: KnownSong, stampBefore: string): void;
}

/** Opens songs, each once for all who play it. */
export class OpenSongs {
  readonly #folder: SongFolder;
  readonly #watch: SongsWatch;
  readonly #files = new Map<string, SharedFile>();

  constructor(folder: SongFolder, watch: SongsWatch) {
    this.#folder = folder;
    this.#watch = watch;
  }

  /** Opens a song for one more. @throws As `SharedFile.use` does. */
  use(song: KnownSong): Promise<OpenSong> {
    const shared = this.#files.get(keyOf(song));
    return shared && !shared.gone.happened ? shared.use() : this.useAnew(song);
  }

  /** Opens its file of now; those who have the one before go on with it. */
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

  /** Ends the streams of a song whose content is known to be another one. */
  vanish(song: KnownSong): void {
    this.#files.get(keyOf(song))?.vanish();
  }
}

function keyOf({ etag, name }: KnownSong): string {
  return `${etag} ${name}`;
}
