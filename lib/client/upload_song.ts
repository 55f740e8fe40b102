/**
 * Uploads one song: reads it in batches, as far as the server has granted, and
 * sends its length and SHA-256 at the end.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import { Credit } from "../model/credit.ts";
import { DEFAULT_BLOCK_BYTES } from "../model/block_size.ts";
import type { ByteSource, NewHash } from "../ports/common.ts";
import { framedBytes, frameInPlace } from "../wire/batch.ts";
import { EMPTY_DATA_FRAME } from "../wire/frame.ts";
import type { ToClient } from "../wire/messages.ts";
import type { ClientSession } from "./client_session.ts";

/** The largest batch, in bytes of payload. */
const BATCH_BYTES = 512 * 1024;

/** Options of an upload. */
export interface UploadOptions {
  source: ByteSource;
  /** Starts a SHA-256. */
  newHash: NewHash;
  /** The name on the server. */
  song: string;
  /** Its length, if known. */
  bytes?: number;
  replace?: boolean;
  /** Called with the bytes sent so far. */
  onProgress?(bytes: number): void;
  /** Cancels the upload; the server keeps nothing of it. */
  signal?: AbortSignal;
}

/**
 * Uploads a song over a connection that uploads nothing else.
 *
 * @throws {PeerError} The server's refusal; the connection can still be used.
 * @throws {OndacastError} `lost`; `interrupted` by its signal.
 */
export async function uploadSong(
  session: ClientSession,
  options: UploadOptions,
): Promise<ToClient<"stored">> {
  const { song, bytes, replace, signal } = options;
  const upload = session.upload({
    song,
    ...(bytes !== undefined && { bytes }),
    ...(replace && { replace }),
  });
  let over = false;
  const end = () => {
    over = true;
    upload.credit.wake();
  };
  upload.stored.catch(end);
  await upload.ready; // An upload that is refused before it is over.
  over ||= signal?.aborted ?? false;
  signal?.addEventListener("abort", end);
  try {
    await sendAll(session, options, upload.credit, () => over);
  } finally {
    signal?.removeEventListener("abort", end);
    // The empty frame ends every upload, also one that has failed.
    await session.sendData(EMPTY_DATA_FRAME).catch(() => {});
  }
  try {
    return await upload.stored;
  } catch (error) {
    if (session.failure !== null || !signal?.aborted) throw error;
    throw new OndacastError("interrupted", `Cancelled the upload of ${song}`);
  }
}

async function sendAll(
  session: ClientSession,
  { source, newHash, onProgress }: UploadOptions,
  credit: Credit,
  isOver: () => boolean,
): Promise<void> {
  const hash = newHash();
  const buffer = new Uint8Array(framedBytes(BATCH_BYTES, DEFAULT_BLOCK_BYTES));
  let sent = 0;
  // A refusal may come while a batch is sent, when nothing waits for credit.
  while (!isOver()) {
    await credit.some();
    const room = credit.bytes;
    if (room === 0 || isOver()) continue;
    const payload = await fill(
      source,
      buffer.subarray(buffer.length - Math.min(room, BATCH_BYTES)),
    );
    if (payload.length === 0) {
      session.send({ type: "end", bytes: sent, sha256: hash.hex() });
      return;
    }
    hash.update(payload);
    credit.spend(payload.length);
    const end = payload.byteOffset + payload.length;
    const frames = buffer.subarray(
      end - framedBytes(payload.length, DEFAULT_BLOCK_BYTES),
      end,
    );
    frameInPlace(frames, payload.length, DEFAULT_BLOCK_BYTES);
    await session.sendData(frames);
    sent += payload.length;
    onProgress?.(sent);
  }
}

/** Reads until the buffer is full or the source has no more. */
async function fill(
  source: ByteSource,
  buffer: Uint8Array,
): Promise<Uint8Array> {
  let filled = 0;
  while (filled < buffer.length) {
    const bytes = await source.read(buffer.subarray(filled));
    if (bytes === null) break;
    filled += bytes;
  }
  return buffer.subarray(0, filled);
}
