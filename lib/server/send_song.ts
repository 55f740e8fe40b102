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
import type { FramedPages } from "./framed_pages.ts";

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
  /** Aborted when the stream is over in another way than by its end. */
  signal: AbortSignal;
  /** The hash of the whole file, if it is known by then. */
  sha256(): string | undefined;
  /** Called right before the end goes out: the stream can't be stopped any more. */
  ending?(): void;
}

/**
 * Sends the stream to its end, `end` and the empty frame, or until its
 * signal is aborted.
 *
 * @throws {OndacastError} `changed`, if the song is no longer what it was.
 */
export async function sendSong(options: SongStream): Promise<void> {
  // Who waits for credit is told at once, too.
  const wake = () => options.credit.wake();
  options.song.gone.addEventListener("abort", wake);
  try {
    await send(options);
  } finally {
    options.song.gone.removeEventListener("abort", wake);
  }
}

async function send(options: SongStream): Promise<void> {
  const { song, credit, channel, signal } = options;
  const end = options.offset + options.bytes;
  let position = options.offset;
  let batch = FIRST_BATCH_BYTES;
  while (position < end) {
    // While a batch was written, nobody who woke the credit was heard.
    song.gone.throwIfAborted();
    if (credit.bytes === 0) await credit.some();
    if (signal.aborted) return;
    song.gone.throwIfAborted();
    if (credit.bytes === 0) continue;
    position += await sendBatch(options, position, end, batch);
    if (signal.aborted) return;
    batch = Math.min(batch * 2, MAX_BATCH_BYTES);
  }
  const sha256 = options.sha256();
  const message = encodeMessage({
    type: "end",
    stream: options.stream,
    ...(sha256 && { sha256 }),
  });
  const last = new Uint8Array(message.length + EMPTY_DATA_FRAME.length);
  last.set(message);
  last.set(EMPTY_DATA_FRAME, message.length);
  options.ending?.();
  await channel.sendFrames(last);
}

/**
 * Sends what credit allows, up to a batch. It is a function of its own, so
 * that who waits for credit, as most do at any time, holds no frames.
 *
 * @returns Payload bytes.
 */
async function sendBatch(
  { song, pages, credit, channel, signal }: SongStream,
  position: number,
  end: number,
  batch: number,
): Promise<number> {
  const most = Math.min(
    credit.bytes,
    end - position,
    pages.onGrid(position, batch),
  );
  const lease = await pages.frames(song, position, most);
  try {
    if (signal.aborted) return 0;
    credit.spend(lease.payloadBytes);
    const next = position + lease.payloadBytes;
    const ahead = Math.min(batch * 2, MAX_BATCH_BYTES);
    pages.prepare(song, next, Math.min(credit.bytes, end - next, ahead));
    await channel.sendFrames(lease.bytes);
    return lease.payloadBytes;
  } finally {
    lease.release();
  }
}
