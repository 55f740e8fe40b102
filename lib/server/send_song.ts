/**
 * Sends one stream of a song to one client: from its pages, as far as the
 * client's credit goes, in batches that grow. It is "frames → TCP" on the
 * walk of one byte, and the server's whole work for a listener.
 *
 * @module
 */

import type { Credit } from "../model/credit.ts";
import type { OpenSong } from "../ports.ts";
import type { Channel } from "../wire/channel.ts";
import { EMPTY_DATA_FRAME } from "../wire/frame.ts";
import { encodeMessage } from "../wire/messages.ts";
import type { FramedPages, FramesLease } from "./framed_pages.ts";

/** Payload of the first batch: small, so that the first sound is early. */
export const FIRST_BATCH_BYTES = 64 * 1024;
/** Payload that batches grow to, doubling. */
export const MAX_BATCH_BYTES = 1 << 20;

/** One stream: what to send, and over what. */
export interface SongStream {
  /** The number of the stream on its connection. */
  stream: number;
  song: OpenSong;
  /** First byte of the file that is sent. */
  offset: number;
  /** Bytes from there. */
  bytes: number;
  pages: FramedPages;
  credit: Credit;
  channel: Channel;
  /** Set when the stream is over in another way than by its end. */
  isOver: boolean;
  /** The hash of the whole file, if it is known by then. */
  sha256(): string | undefined;
  /** Called right before the end goes out: the stream can't be stopped any more. */
  ending?(): void;
}

/**
 * Sends the stream to its end, `end` and the empty frame, or until it
 * is over.
 *
 * @throws {OndacastError} `changed`, if the song is no longer what it was.
 */
export async function sendSong(options: SongStream): Promise<void> {
  const { song, pages, credit, channel } = options;
  const end = options.offset + options.bytes;
  let position = options.offset;
  let batch = FIRST_BATCH_BYTES;
  // Who waits for credit, as most do at any time, holds no frames.
  let lease: FramesLease | null = null;
  // And is told at once that the song is gone, too.
  const wake = () => credit.wake();
  song.gone.addEventListener("abort", wake);
  try {
    while (position < end) {
      // While a batch was written, nobody who woke the credit was heard.
      song.gone.throwIfAborted();
      if (credit.bytes === 0) await credit.some();
      if (options.isOver) return;
      song.gone.throwIfAborted();
      if (credit.bytes === 0) continue;
      const room = pages.onGrid(position, batch);
      const most = Math.min(credit.bytes, end - position, room);
      const found = pages.frames(song, position, most);
      lease = found instanceof Promise ? await found : found;
      if (options.isOver) return;
      position += lease.payloadBytes;
      credit.spend(lease.payloadBytes);
      batch = Math.min(batch * 2, MAX_BATCH_BYTES);
      const ahead = Math.min(credit.bytes, end - position, batch);
      pages.prepare(song, position, ahead);
      await channel.sendFrames(lease.bytes);
      lease.release();
      lease = null;
      if (options.isOver) return;
    }
    const last = lastWords(options);
    options.ending?.();
    await channel.sendFrames(last);
  } finally {
    lease?.release();
    song.gone.removeEventListener("abort", wake);
  }
}

/** `end` and the empty frame. */
function lastWords({ stream, sha256 }: SongStream): Uint8Array {
  const hash = sha256();
  const message = encodeMessage({
    type: "end",
    stream,
    ...(hash && { sha256: hash }),
  });
  const last = new Uint8Array(message.length + EMPTY_DATA_FRAME.length);
  last.set(message);
  last.set(EMPTY_DATA_FRAME, message.length);
  return last;
}
