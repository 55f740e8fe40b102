/**
 * Uploads one song: reads it in batches, as far as the server has granted,
 * and sends its length and SHA-256 behind it.
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

/** Payload that is read and sent at once, at most. */
const BATCH_BYTES = 512 * 1024;

/** What to upload, and as what. */
export interface UploadOptions {
  source: ByteSource;
  /** Begins a SHA-256. */
  newHash: NewHash;
  song: string;
  /** Its length, where that is known before. */
  bytes?: number;
  replace?: boolean;
  /** Called with the bytes sent so far. */
  onProgress?(bytes: number): void;
  /** Ends the upload early; the server keeps nothing of it. */
  signal?: AbortSignal;
}

/**
 * Uploads a song over a connection on which nothing else is uploaded.
 *
 * @throws {PeerError} The server's refusal; the connection can be used on.
 * @throws {OndacastError} `lost`; `interrupted` by its signal.
 */
export async function uploadSong(
  session: ClientSession,
  options: UploadOptions,
): Promise<ToClient<"stored">> {
  const { song, bytes, replace, signal } = options;
  const credit = new Credit(0);
  const { ready, stored } = session.upload({
    type: "upload",
    song,
    ...(bytes !== undefined && { bytes }),
    ...(replace && { replace }),
  }, (bytes) => credit.grant(bytes));
  let over = false;
  const end = () => {
    over = true;
    credit.wake();
  };
  stored.catch(end);
  const { window } = await ready; // What is refused before is over.
  credit.grant(window);
  over ||= signal?.aborted ?? false;
  signal?.addEventListener("abort", end);
  try {
    await sendAll(session, options, credit, () => over);
  } finally {
    signal?.removeEventListener("abort", end);
    // It ends the upload, whether it has failed or is complete.
    await session.sendData(EMPTY_DATA_FRAME).catch(() => {});
  }
  try {
    return await stored;
  } catch (error) {
    if (session.failure !== null || !signal?.aborted) throw error;
    throw new OndacastError("interrupted", `Ended the upload of ${song}`);
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
  // A refusal may come while a batch is sent: nobody would wake the credit then.
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
