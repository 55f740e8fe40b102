/**
 * `ondacast albums`, `artists` and `playlists`, and songs grouped by album.
 *
 * @module
 */

import {
  type AlbumRow,
  type ArtistRow,
  listAlbums,
  listArtists,
  listPlaylists,
  type PlaylistRow,
} from "../client/library_lists.ts";
import { VARIOUS_ARTISTS } from "../model/album.ts";
import type { Line } from "../io/console/styled.ts";
import type { SongRow } from "../wire/messages.ts";
import type { ClientContext } from "./client_context.ts";
import { songProblem } from "../model/song_problem.ts";
import { clockTime, counted, fit, table } from "./text.ts";

/** Prints the albums that match a text. */
export async function albumsCommand(
  context: ClientContext,
  match: string | undefined,
): Promise<void> {
  const session = await context.link.session();
  const albums = await context.unlessInterrupted(listAlbums(session, match));
  printRows(context, albums, albumCells, "no album matches");
}

/** Prints the artists that match a text. */
export async function artistsCommand(
  context: ClientContext,
  match: string | undefined,
): Promise<void> {
  const session = await context.link.session();
  const artists = await context.unlessInterrupted(listArtists(session, match));
  printRows(context, artists, artistCells, "no artist matches");
}

/** Prints the playlists of the server's folder. */
export async function playlistsCommand(context: ClientContext): Promise<void> {
  const session = await context.link.session();
  const playlists = await context.unlessInterrupted(listPlaylists(session));
  printRows(context, playlists, playlistCells, "the server has no playlists");
}

/**
 * Songs as lines, each album below its title.
 *
 * @param songs In the order of their albums.
 */
export function albumLines(
  songs: readonly SongRow[],
  columns?: number,
): Line[] {
  const lines: Line[] = [];
  let rows: SongRow[] = [];
  const flush = () => {
    if (rows.length === 0) return;
    if (lines.length > 0) lines.push("");
    const title = fit(albumTitle(rows), (columns ?? Infinity) - 1);
    lines.push([{ style: "bold", text: title }]);
    lines.push(...table(rows.map(trackCells), columns));
    rows = [];
  };
  for (const song of songs) {
    if (rows.length > 0 && !isSameAlbum(rows[0], song)) flush();
    rows.push(song);
  }
  flush();
  return lines;
}

function printRows<T>(
  context: ClientContext,
  rows: T[],
  cellsOf: (row: T) => string[],
  nothing: string,
): void {
  if (context.options.json) return context.printJson(rows);
  for (const line of table(rows.map(cellsOf), context.columns)) {
    context.say(line);
  }
  if (rows.length === 0) context.say(nothing);
}

function albumCells(row: AlbumRow): string[] {
  const { key, album, artist, year, songs, seconds } = row;
  return [
    album,
    artist,
    year === undefined ? "" : String(year),
    counted(songs, "song"),
    clockTime(seconds),
    `album:${key}`,
  ];
}

function artistCells({ artist, albums, songs }: ArtistRow): string[] {
  return [artist, counted(albums, "album"), counted(songs, "song")];
}

function playlistCells({ name, songs, missing }: PlaylistRow): string[] {
  return [
    name,
    counted(songs, "song"),
    missing > 0 ? `${missing} missing` : "",
  ];
}

/** Whether two songs that follow each other belong together in a list. */
function isSameAlbum(a: SongRow, b: SongRow): boolean {
  return albumOf(a) === albumOf(b) && a.albumArtist === b.albumArtist;
}

/** The album of a song, else its folder. */
function albumOf({ album, name }: SongRow): string {
  return album ?? name.slice(0, Math.max(0, name.lastIndexOf("/")));
}

function albumTitle(songs: readonly SongRow[]): string {
  const [{ albumArtist, year }] = songs;
  const artists = new Set(songs.flatMap(({ artist }) => artist ?? []));
  const [only] = artists;
  const by = albumArtist ?? (artists.size > 1 ? VARIOUS_ARTISTS : only);
  return [
    albumOf(songs[0]) || "Songs without an album",
    ...(by ? [`- ${by}`] : []),
    ...(year === undefined ? [] : [`(${year})`]),
  ].join(" ");
}

function trackCells(song: SongRow): string[] {
  const { disc, track, title, name, seconds, format } = song;
  const number = track === undefined ? "" : String(track);
  return [
    `  ${disc === undefined || number === "" ? number : `${disc}-${number}`}`,
    title ?? name,
    seconds === null ? "" : clockTime(seconds),
    format === null ? songProblem(song) : name,
  ];
}
