/**
 * The plain stream: a song as length-prefixed blocks to whoever connects,
 * with no word before it. TCP alone paces it, so it is a loop of writes.
 *
 * @module
 */

import { containerOf } from "../audio/format.ts";
import { wavHeader } from "../audio/wav_writer.ts";
import type { OpenSong } from "../ports/server.ts";
import {
  EMPTY_DATA_FRAME,
  FRAME_TYPE,
  HEADER_BYTES,
  writeHeader,
} from "../wire/frame.ts";
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
  const { grid } = pages;
  const runEnd = grid.runBytes(song.entry.bytes);
  let most = FIRST_BATCH_BYTES;
  // In even pieces, that need not end with a frame: the system takes those
  // much faster.
  for (let position = 0; position < runEnd;) {
    song.gone.throwIfInvalid();
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
  await write(EMPTY_DATA_FRAME);
}

/**
 * Writes one header that leaves the length open, then the song's PCM over
 * and over, until a write fails. All blocks are of the same size, wherever the
 * song begins again in them.
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
  const blocks = new EvenBlocks(pages.blockBytes, write);
  await blocks.add(wavHeader(containerOf(format), null));
  const end = format.dataOffset + format.dataBytes;
  while (true) {
    await copyFrames(song, pages, format.dataOffset, end, blocks);
  }
}

/** Adds the payload of a part of the file. */
async function copyFrames(
  song: OpenSong,
  pages: FramedPages,
  start: number,
  end: number,
  blocks: EvenBlocks,
): Promise<void> {
  for (let position = start; position < end;) {
    song.gone.throwIfInvalid();
    const most = Math.min(end - position, EVEN_BATCH_BYTES);
    const lease = await pages.frames(song, position, most);
    try {
      for (const payload of payloadsIn(lease.bytes)) await blocks.add(payload);
      position += lease.payloadBytes;
    } finally {
      lease.release();
    }
  }
}

/** Payload that is gathered to be cut anew, unless a block is longer. */
const EVEN_BATCH_BYTES = 256 * 1024;

/** Cuts bytes into blocks of one size, and writes some of them at once. */
class EvenBlocks {
  readonly #blockBytes: number;
  readonly #write: (bytes: Uint8Array) => Promise<void>;
  readonly #batch: Uint8Array;
  #fill = 0;

  constructor(
    blockBytes: number,
    write: (bytes: Uint8Array) => Promise<void>,
  ) {
    this.#blockBytes = blockBytes;
    this.#write = write;
    const blocks = Math.max(1, Math.floor(EVEN_BATCH_BYTES / blockBytes));
    this.#batch = new Uint8Array(blocks * (HEADER_BYTES + blockBytes));
    for (let at = 0; at < this.#batch.length; at += HEADER_BYTES + blockBytes) {
      writeHeader(this.#batch, at, FRAME_TYPE.data, blockBytes);
    }
  }

  /** Adds bytes, and writes each batch that is full. */
  async add(bytes: Uint8Array): Promise<void> {
    const frameBytes = HEADER_BYTES + this.#blockBytes;
    for (let rest = bytes; rest.length > 0;) {
      const inFrame = this.#fill % frameBytes;
      if (inFrame === 0) this.#fill += HEADER_BYTES;
      const room = frameBytes - Math.max(inFrame, HEADER_BYTES);
      const part = rest.subarray(0, room);
      this.#batch.set(part, this.#fill);
      this.#fill += part.length;
      rest = rest.subarray(part.length);
      if (this.#fill < this.#batch.length) continue;
      await this.#write(this.#batch);
      this.#fill = 0;
    }
  }
}

/** The payloads of frames that lie back to back, as views. */
function* payloadsIn(frames: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < frames.length;) {
    const length = frames[at + 1] << 16 | frames[at + 2] << 8 | frames[at + 3];
    at += HEADER_BYTES;
    yield frames.subarray(at, at + length);
    at += length;
  }
}
