/**
 * The cost of a client's requests, in the units of its rate limit: 1 is about
 * 10 us of the server's time, more than a short message takes. A request is
 * charged for the work that it causes.
 *
 * @module
 */

/** The units that a client may spend at once, and per second. */
export const RATE_LIMIT = { burst: 20_000, perSecond: 10_000 } as const;

/** Units for the work of a request, besides reading its message. */
export const COST = {
  /** A row of an answer, or a receiver to find. */
  row: 1,
  /** The start of a stream, to the client itself or to each receiver of a cast. */
  stream: 20,
  /** A `hello`, accepted or not. */
  hello: 10,
  /** A change of a queue or of groups, which is written to disk: 20 a second. */
  edit: RATE_LIMIT.perSecond / 20,
  /** An upload, stored or not: it creates and deletes files. */
  upload: 100,
} as const;

/** Bytes of a message, an answer and uploaded data that cost 1. */
const BYTES_EACH = { message: 128, answer: 1024, data: 64 * 1024 } as const;

/** Bytes of a row that its cost includes; rows of songs are rarely longer. */
const ROW_BYTES = 512;

/** Comparisons of a word with a name of up to 64 characters that cost 1. */
const COMPARED_EACH = 50;

/** Characters of a text whose folding costs 1: some become 18 letters. */
const FOLDED_EACH = 8;

/** Songs added to a queue, and entries whose order is written, that cost 1. */
const ADDED_EACH = 50;
const ORDERED_EACH = 200;

/** Files that are looked at again that cost 1; nobody waits for that. */
const RESCANNED_EACH = 10;

/** The cost of parsing and checking a message; many small objects take longest. */
export function messageCost(bytes: number): number {
  return 1 + Math.floor(bytes / BYTES_EACH.message);
}

/** The cost of creating rows, or of finding receivers. */
export function rowsCost(rows: number): number {
  return rows * COST.row;
}

/** The additional cost of an answer in pages whose rows are long. */
export function pageCost(rows: number, bytes: number): number {
  const more = Math.max(0, bytes - rows * ROW_BYTES);
  return Math.floor(more / BYTES_EACH.answer);
}

/**
 * The cost of searching for songs.
 *
 * @param compared The number of names compared.
 * @param characters The length of the search text and the name to start after.
 */
export function searchCost(compared: number, characters: number): number {
  return compared / COMPARED_EACH + Math.floor(characters / FOLDED_EACH);
}

/**
 * The cost of an edit beside {@linkcode COST.edit}.
 *
 * @param songs The songs that are added.
 * @param entries The entries of the queue, whose order is written.
 */
export function editCost(songs: number, entries: number): number {
  return songs / ADDED_EACH + entries / ORDERED_EACH;
}

/** The cost of looking at all songs of the folder again. */
export function rescanCost(songs: number): number {
  return songs / RESCANNED_EACH;
}

/** The cost of storing uploaded data. */
export function dataCost(bytes: number): number {
  return bytes / BYTES_EACH.data;
}
