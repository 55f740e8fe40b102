/**
 * Runs each kind of search once while a server starts. The first run of code is
 * several times slower than later ones: without this, the first listener would wait
 * for 100,000 songs to be searched that slowly.
 *
 * @module
 */

import type { SongLibrary, SongQuery } from "../../ports/library.ts";

const ROWS = 300;
/** A private character, which no song is likely to have. */
const IN_NO_SONG = "\u{f8ff}";

const QUERIES: readonly SongQuery[] = [
  ...[{}, { sort: "natural" }, { sort: "title" }, { sort: "added" }] as const,
  ...[{ sort: "album" }, { match: "a" }, { match: IN_NO_SONG }] as const,
];

export async function rehearse(library: SongLibrary): Promise<void> {
  for (const query of QUERIES) await library.search({ ...query, limit: ROWS });
}
