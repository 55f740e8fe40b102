/**
 * The plain stream: a song as length-prefixed blocks to whoever connects,
 * with no word before it. TCP alone paces it, so it is a loop of writes.
 *
 * @module
 */

import { wavHeader } from "../audio/wav_writer.ts";
import type { OpenSong } from "../ports.ts";
import { EMPTY_DATA_FRAME, encodeFrame, FRAME_TYPE } from "../wire/frame.ts";
import type { FramedPages } from "./framed_pages.ts";
import { FIRST_BATCH_BYTES, MAX_BATCH_BYTES } from "./send_song.ts";

/**
 * Writes the song's file, to the byte, as data frames and the empty frame.
 *
 * @throws {OndacastError} `changed`, if the song is no longer what it was.
 */
export async function sendPlain(
  song: OpenSong,
  pages: FramedPages,
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  await sendRange(song, pages, 0, song.entry.bytes, write);
  await write(EMPTY_DATA_FRAME);
}

/**
 * Writes one header that leaves the length open, then the song's PCM over
 * and over, until a write fails.
 *
 * @throws {OndacastError} `changed`, if the song is no longer what it was.
 */
export async function sendPlainForEver(
  song: OpenSong,
  pages: FramedPages,
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const { format } = song.entry;
  if (format === null || !format.dataBytes) {
    return await sendPlain(song, pages, write);
  }
  await write(encodeFrame(FRAME_TYPE.data, wavHeader(format, null)));
  const end = format.dataOffset + format.dataBytes;
  while (true) await sendRange(song, pages, format.dataOffset, end, write);
}

/**
 * Writes a part of the file. What is on the grid of blocks is sent page by
 * page, in even pieces that need not end with a frame: the system takes those
 * much faster.
 */
async function sendRange(
  song: OpenSong,
  pages: FramedPages,
  start: number,
  end: number,
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const { grid, blockBytes } = pages;
  const isEnd = end === song.entry.bytes;
  const gridEnd = isEnd ? end : end - end % blockBytes;
  const gridStart = Math.min(Math.ceil(start / blockBytes) * blockBytes, end);
  await sendFrames(song, pages, start, gridStart, write);
  const runEnd = grid.runBytes(gridEnd);
  let most = FIRST_BATCH_BYTES;
  for (let position = grid.runBytes(gridStart); position < runEnd;) {
    song.gone.throwIfGone();
    const lease = await pages.piece(
      song,
      position,
      Math.min(most, runEnd - position),
    );
    try {
      position += lease.bytes.length;
      most = Math.min(most * 2, MAX_BATCH_BYTES);
      pages.preparePiece(song, position, Math.min(most, runEnd - position));
      await write(lease.bytes);
    } finally {
      lease.release();
    }
  }
  await sendFrames(song, pages, Math.max(gridStart, gridEnd), end, write);
}

/** Writes what is not on the grid. */
async function sendFrames(
  song: OpenSong,
  pages: FramedPages,
  start: number,
  end: number,
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  for (let position = start; position < end;) {
    const lease = await pages.frames(song, position, end - position);
    try {
      position += lease.payloadBytes;
      await write(lease.bytes);
    } finally {
      lease.release();
    }
  }
}
