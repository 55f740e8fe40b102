/**
 * The picture of a song that other servers have. They make it smaller, so that only
 * the small one is sent.
 *
 * @module
 */

import { OndacastError, toOndacastError } from "../errors.ts";
import type { SongPicture } from "../ports/server.ts";
import type { SongEntry } from "../ports/song_entry.ts";

/** Reads the picture from one server. */
export type PictureHolder = (size: number) => Promise<Uint8Array<ArrayBuffer>>;

export class RemotePicture implements SongPicture {
  /** That of the song: a picture beside it that changes is not noticed. */
  readonly etag: string;
  readonly #name: string;
  readonly #holders: () => Iterable<PictureHolder>;

  /** @param holders Those that have it now, the best one first. */
  constructor(
    { name, etag, content = etag }: SongEntry,
    holders: () => Iterable<PictureHolder>,
  ) {
    this.#name = name;
    this.etag = content.replaceAll(/[^0-9A-Za-z-]/g, "-");
    this.#holders = holders;
  }

  async shrunk(size: number): Promise<Uint8Array<ArrayBuffer>> {
    let cause: OndacastError | null = null;
    for (const holder of this.#holders()) {
      try {
        return await holder(size);
      } catch (thrown) {
        cause = toOndacastError(thrown, "lost");
      }
    }
    throw new OndacastError(
      "lost",
      `Cannot read the picture of ${this.#name}: no server that has it sends it`,
      { cause },
    );
  }
}
