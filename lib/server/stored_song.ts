/**
 * What only another server of the household is sent of a song: the file as it is
 * stored, its picture, and all that is kept of a live song.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import { peerHost } from "../model/address.ts";
import { InvalidationSignal } from "../model/invalidation.ts";
import type { OpenFile, OpenSong, SongStore } from "../ports/server.ts";
import type { SongEntry } from "../ports/song_entry.ts";
import type { ToServer } from "../wire/messages.ts";
import type { Member } from "./member.ts";

/** The most pixels of the longer side of a picture, unless another size is given. */
const SIZE = 1_024;

/**
 * Opens what a server requests by `as`. It has the song's etag.
 *
 * @throws {OndacastError} `not-found`, `changed`, `busy`; `unsupported`, for a client.
 */
export async function openForServer(
  { hub: { songs }, isTrusted, channel }: Member,
  entry: SongEntry,
  { as, size = SIZE }: ToServer<"play">,
): Promise<OpenSong> {
  if (!isTrusted) {
    throw new OndacastError(
      "unsupported",
      `Cannot play ${entry.name} as a ${as}: only servers of a cluster do`,
    );
  }
  if (as === "live") return await liveOf(songs, entry);
  return as === "file"
    ? await fileOf(songs, entry)
    : await pictureOf(songs, entry, size, peerHost(channel.transport.peer));
}

async function liveOf(songs: SongStore, entry: SongEntry): Promise<OpenSong> {
  const song = await songs.open(entry);
  if (song.live) return song;
  song.close();
  throw new OndacastError(
    "unsupported",
    `Cannot play ${entry.name} as a live song: it is none`,
  );
}

async function fileOf(songs: SongStore, entry: SongEntry): Promise<OpenSong> {
  const file = await songs.openFile(entry);
  let last: Promise<unknown> = Promise.resolve();
  return asSong(entry, `file ${file.etag}`, {
    bytes: file.bytes,
    read(into, offset) {
      const read = last.then(() => file.read(into, offset));
      last = read.catch(() => {});
      return read;
    },
    close: () => file.close(),
  });
}

async function pictureOf(
  songs: SongStore,
  entry: SongEntry,
  size: number,
  address: string,
): Promise<OpenSong> {
  const picture = await songs.picture(entry);
  if (picture === null) {
    throw new OndacastError(
      "not-found",
      `Cannot send the picture of ${entry.name}: it has none`,
    );
  }
  const jpeg = await picture.shrunk(size, address);
  return asSong(entry, `picture ${picture.etag} ${size}`, {
    bytes: jpeg.length,
    read(into, offset) {
      into.set(jpeg.subarray(offset, offset + into.length));
      return Promise.resolve();
    },
    close() {},
  });
}

/** @param what Tells its pages from those of the WAV. */
function asSong(
  entry: SongEntry,
  what: string,
  { bytes, read, close }: Pick<OpenFile, "bytes" | "read" | "close">,
): OpenSong {
  return {
    // The hash of the entry is that of the WAV.
    entry: {
      ...entry,
      bytes,
      name: `${what} of ${entry.name}`,
      sha256: undefined,
    },
    gone: new InvalidationSignal(),
    isSlow: false,
    partEnd: (offset) => offset,
    read,
    hurry() {},
    abandon() {},
    close,
  };
}
