/**
 * The plain stream: a song as length-prefixed blocks to every connection, without
 * a handshake. TCP alone paces it, so it is a loop of writes.
 *
 * @module
 */

import { containerOf } from "../audio/format.ts";
import { wavHeader } from "../audio/wav_writer.ts";
import type { OpenSong } from "../ports/server.ts";
import { framedBytes } from "../wire/batch.ts";
import { EMPTY_DATA_FRAME } from "../wire/frame.ts";
import type { Framer } from "./framer.ts";
import { loadAhead, type Payload, SongPayload } from "./payload.ts";
import { sendPlainLive } from "./plain_live.ts";
import { FIRST_BATCH_BYTES, MAX_BATCH_BYTES } from "./send_song.ts";
import { both } from "./both.ts";

type Write = (bytes: Uint8Array) => Promise<void>;

/**
 * Writes the song's file, to the byte, as data frames and the empty frame.
 *
 * @param blockBytes The payload of a frame.
 * @throws {OndacastError} `changed`, if the song is no longer what it was.
 */
export async function sendPlain(
  song: OpenSong,
  blockBytes: number,
  framer: Framer,
  write: Write,
): Promise<void> {
  if (song.live) await sendPlainLive(song, song.live, blockBytes, write);
  else {
    const file = new SongPayload(framer.pages, song, blockBytes);
    await writeFrames(song, file, song.entry.bytes ?? Infinity, framer, write);
  }
  await write(EMPTY_DATA_FRAME);
}

/**
 * Writes one header that leaves the length open, then the song's PCM over and
 * over, until a write fails. All blocks have the same size, wherever the song
 * repeats in them.
 *
 * @throws {OndacastError} `changed`, if the song is no longer what it was.
 */
export async function sendPlainForEver(
  song: OpenSong,
  blockBytes: number,
  framer: Framer,
  write: Write,
): Promise<void> {
  const { format } = song.entry;
  if (!format?.dataBytes) {
    return await sendPlain(song, blockBytes, framer, write);
  }
  const loop = new LoopedPcm(
    wavHeader(containerOf(format), null),
    new SongPayload(framer.pages, song, blockBytes),
    format.dataOffset,
    format.dataBytes,
  );
  await writeFrames(song, loop, Infinity, framer, write);
}

/**
 * Writes payload as frames, in even pieces that may end inside a frame: the
 * system accepts those much faster.
 */
async function writeFrames(
  song: OpenSong,
  payload: Payload,
  end: number,
  framer: Framer,
  write: Write,
): Promise<void> {
  const framesEnd = framedBytes(end, payload.blockBytes);
  let most = FIRST_BATCH_BYTES;
  for (let position = 0; position < framesEnd;) {
    song.gone.throwIfInvalid();
    const frames = await framer.piece(payload, end, position, most);
    try {
      position += frames.bytes.length;
      most = Math.min(most * 2, MAX_BATCH_BYTES);
      loadAhead(song, payload, frames.end, Math.min(most, end - frames.end));
      await write(frames.bytes);
    } finally {
      frames.release();
    }
  }
}

/** A header, then PCM over and over. */
class LoopedPcm implements Payload {
  readonly blockBytes: number;
  readonly #header: Uint8Array;
  readonly #file: Payload;
  readonly #start: number;
  readonly #bytes: number;

  /**
   * @param start Where the PCM begins in the file.
   * @param bytes Its length.
   */
  constructor(
    header: Uint8Array,
    file: Payload,
    start: number,
    bytes: number,
  ) {
    this.blockBytes = file.blockBytes;
    this.#header = header;
    this.#file = file;
    this.#start = start;
    this.#bytes = bytes;
  }

  /** Loads up to where the song repeats; the rest is loaded as it is read. */
  load(offset: number, bytes: number): Promise<void> | null {
    const at = Math.max(0, offset - this.#header.length) % this.#bytes;
    return this.#file.load(
      this.#start + at,
      Math.min(bytes, this.#bytes - at),
    );
  }

  lying(): number {
    return 0;
  }

  peek(): null {
    return null;
  }

  lend(): null {
    return null;
  }

  read(into: Uint8Array, offset: number): Promise<void> | null {
    const header = this.#header.subarray(offset, offset + into.length);
    into.set(header);
    let reading: Promise<void> | null = null;
    for (let done = header.length; done < into.length;) {
      const at = (offset + done - this.#header.length) % this.#bytes;
      const part = into.subarray(done, done + this.#bytes - at);
      reading = both(reading, this.#file.read(part, this.#start + at));
      done += part.length;
    }
    return reading;
  }
}
