/**
 * Long lists of songs in parts, each of which fits into one `queue`.
 *
 * @module
 */

/** A `queue` takes up to 1,000 selections, in a message of 64 KiB. */
const MOST = 1_000;
const MOST_BYTES = 56_000;
/** Songs before the chosen one that are queued with it; others follow later. */
const MOST_BEFORE = 50;

/** Songs by name, and which of them to begin with. */
export interface Chunk {
  songs: string[];
  index: number;
}

/**
 * The song that is chosen with a few before it and those after it, then the rest.
 *
 * @param at The index of the chosen song.
 */
export function chunksFrom(songs: readonly string[], at: number): Chunk[] {
  const first = Math.max(0, at - MOST_BEFORE);
  const chunks: Chunk[] = [];
  for (const names of chunked(songs.slice(first))) {
    chunks.push({ songs: names, index: 0 });
  }
  return withIndex(chunks, at - first);
}

/**
 * Songs that lie before those of {@linkcode chunksFrom}, the nearest part first.
 *
 * @param count How many they are.
 */
export function chunksBefore(
  songs: readonly string[],
  count: number,
): string[][] {
  return chunked(songs.slice(0, count)).reverse();
}

/** All songs, in order. */
export function chunked(songs: readonly string[]): string[][] {
  const chunks: string[][] = [];
  let bytes = Infinity;
  for (const song of songs) {
    const size = sizeOf(song);
    if (bytes + size > MOST_BYTES || chunks.at(-1)!.length >= MOST) {
      chunks.push([]);
      bytes = 0;
    }
    chunks.at(-1)!.push(song);
    bytes += size;
  }
  return chunks;
}

/** The first chunk has the chosen song: names that leave no room come without others. */
function withIndex([first, ...rest]: Chunk[], index: number): Chunk[] {
  if (first === undefined) return [];
  if (index < first.songs.length) return [{ ...first, index }, ...rest];
  return withIndex(rest, index - first.songs.length);
}

/** The bytes of a name in a message, with its comma. */
function sizeOf(name: string): number {
  return new TextEncoder().encode(JSON.stringify(name)).length + 1;
}
