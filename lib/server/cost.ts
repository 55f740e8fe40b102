/**
 * What a client's requests cost, in units of its pace: 1 is about 10 us of the
 * server's time, which is more than a short message takes. Each is charged for
 * what it makes the server do, and not for being a message.
 *
 * @module
 */

/** What a client may spend, in units: at once, and a second. */
export const RATE_LIMIT = { burst: 20_000, perSecond: 10_000 } as const;

/** Units of what is done for a request, beside its message. */
export const COST = {
  /** A row of an answer, or a receiver that is looked for. */
  row: 1,
  /** A stream that begins, at the client itself or at each receiver of a cast. */
  stream: 20,
  /** A `hello`, accepted or not: names are hashed, checked and listed. */
  hello: 10,
  /** An upload that is asked for, stored or not: files come and go for it. */
  upload: 100,
} as const;

/** Bytes of a message, of an answer and of uploaded data that cost 1. */
const BYTES_EACH = { message: 128, answer: 1024, data: 64 * 1024 } as const;

/** Bytes of a row that are paid for with it: hardly one of a song is longer. */
const ROW_BYTES = 512;

/** Names of up to 64 characters that are compared with a word for 1. */
const COMPARED_EACH = 50;

/** Characters of a text that are folded for 1: some become 18 letters. */
const FOLDED_EACH = 8;

/** What it costs to read a message and check it: JSON of many small objects takes longest. */
export function messageCost(bytes: number): number {
  return 1 + Math.floor(bytes / BYTES_EACH.message);
}

/** The cost of rows that are made, or of receivers that are looked up. */
export function rowsCost(rows: number): number {
  return rows * COST.row;
}

/** The cost of an answer in pages beyond its rows, which are long by long names. */
export function pageCost(rows: number, bytes: number): number {
  const more = Math.max(0, bytes - rows * ROW_BYTES);
  return Math.floor(more / BYTES_EACH.answer);
}

/**
 * What it costs to search for songs.
 *
 * @param characters Of the texts that are searched for and sorted after.
 */
export function searchCost(compared: number, characters: number): number {
  return compared / COMPARED_EACH + Math.floor(characters / FOLDED_EACH);
}

/** What it costs to take data of an upload. */
export function dataCost(bytes: number): number {
  return bytes / BYTES_EACH.data;
}
