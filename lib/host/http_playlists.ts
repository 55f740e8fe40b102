/**
 * Playlists of URLs, for players that support them: all songs, and those of an
 * album.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { bytesToSeconds } from "../audio/format.ts";
import { OndacastError } from "../errors.ts";
import { titleOf } from "../model/tags.ts";
import type { Turns } from "../ports/server.ts";
import type { SongEntry } from "../ports/song_entry.ts";
import { rowsCost } from "../server/cost.ts";
import { type Answer, type BodySource, HttpError } from "./http_answer.ts";
import { requireReader, shownKey } from "./http_auth.ts";
import { contentHeaders, encodeName, unchanged } from "./http_content.ts";
import type { HttpRequest } from "./http_request.ts";
import type { HttpWorld } from "./http_world.ts";

/** RFC 8216, section 10. */
const TYPE = "audio/mpegurl";
const HEAD = "#EXTM3U\n";
/** Songs that are written at once, and the steps of `Turns` that this takes. */
const PIECE_SONGS = 64;
const PIECE_STEPS = 64;

/** Answers `/songs.m3u8`: all songs that can be played, by natural name. */
export async function allSongs(
  world: HttpWorld,
  request: HttpRequest,
): Promise<Answer> {
  await requireReader(world.gate, request);
  const names = await world.songs.library.names({ sort: "natural" });
  return await listOf(names, world, request);
}

/**
 * Answers `/albums/KEY.m3u8`: the songs of an album, in its order.
 *
 * @throws {HttpError} 404, if the album does not exist.
 */
export async function albumSongs(
  world: HttpWorld,
  request: HttpRequest,
): Promise<Answer> {
  await requireReader(world.gate, request);
  const [, album] = /^([0-9a-f]{1,64})\.m3u8$/.exec(request.tail) ?? [];
  const names = album
    ? await world.songs.library.names({ album, sort: "album" })
    : [];
  if (names.length === 0) throw new HttpError(404, "The album does not exist.");
  return await listOf(names, world, request);
}

async function listOf(
  names: readonly string[],
  world: HttpWorld,
  request: HttpRequest,
): Promise<Answer> {
  const key = shownKey(world.gate, request);
  const list: List = {
    names,
    find: (name) => world.songs.find(name),
    base: world.address ?? `${world.scheme}://${request.host}/`,
    query: key === null ? "" : `?key=${encodeURIComponent(key)}`,
  };
  const hash = createHash("sha256");
  const lengths: number[] = [];
  for (const piece of piecesOf(list)) {
    hash.update(piece);
    lengths.push(piece.length);
    const pause = world.turns.next(PIECE_STEPS);
    if (pause) await pause;
  }
  const etag = `"${hash.digest("hex").slice(0, 32)}"`;
  const headers = contentHeaders({ etag });
  const answer = unchanged(request.headers, headers) ?? {
    status: 200,
    headers: { ...headers, "content-type": TYPE },
    body: new ListBody(list, lengths, world.turns),
  };
  return { ...answer, cost: rowsCost(names.length) };
}

/** A playlist that is written twice: for its length, and while it is sent. */
interface List {
  names: readonly string[];
  find(name: string): SongEntry | undefined;
  /** The address of the server, with a `/` at its end. */
  base: string;
  /** Follows each address. */
  query: string;
}

function* piecesOf(
  { names, find, base, query }: List,
): Generator<Uint8Array, undefined> {
  const encoder = new TextEncoder();
  yield encoder.encode(HEAD);
  for (let at = 0; at < names.length; at += PIECE_SONGS) {
    const some = names.slice(at, at + PIECE_SONGS).map(find);
    const lines = some.map((song) =>
      song === undefined || song.format === null
        ? ""
        : `${extinf(song)}\n${base}songs/${encodeName(song.name)}${query}\n`
    );
    yield encoder.encode(lines.join(""));
  }
}

/** RFC 8216, section 4.3.2.1; -1 stands for an unknown length. */
function extinf({ name, format, tags }: SongEntry): string {
  const seconds = format?.dataBytes == null
    ? -1
    : Math.round(bytesToSeconds(format, format.dataBytes));
  const title = tags?.title ?? titleOf(name);
  return `#EXTINF:${seconds},${
    tags?.artist ? `${tags.artist} - ` : ""
  }${title}`;
}

/** A playlist as a body, of which one piece is in memory at a time. */
class ListBody implements BodySource {
  readonly bytes: number;
  readonly #pieces: Generator<Uint8Array, undefined>;
  readonly #lengths: Iterator<number>;
  readonly #turns: Turns;
  #piece: Uint8Array = new Uint8Array(0);

  /** @param lengths Of its pieces. */
  constructor(list: List, lengths: readonly number[], turns: Turns) {
    this.bytes = lengths.reduce((sum, length) => sum + length, 0);
    this.#lengths = lengths.values();
    this.#pieces = piecesOf(list);
    this.#turns = turns;
  }

  /** @throws {OndacastError} `changed`, if songs have changed since its length was found. */
  async read(into: Uint8Array): Promise<number | null> {
    while (this.#piece.length === 0) {
      const pause = this.#turns.next(PIECE_STEPS);
      if (pause) await pause;
      const { value } = this.#pieces.next();
      if (value === undefined) return null;
      if (value.length !== this.#lengths.next().value) throw changed();
      this.#piece = value;
    }
    const part = this.#piece.subarray(0, into.length);
    into.set(part);
    this.#piece = this.#piece.subarray(part.length);
    return part.length;
  }

  close(): void {
    this.#pieces.return(undefined);
  }
}

function changed(): OndacastError {
  return new OndacastError("changed", "A song of the playlist has changed");
}
