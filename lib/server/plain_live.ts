/**
 * A live song as a plain stream: its head, and what comes from now on, in blocks of
 * one size.
 *
 * @module
 */

import { sampleFrameBytes, secondsToBytes } from "../audio/format.ts";
import type { LiveFeed, OpenSong } from "../ports/server.ts";
import { encodeFrame, FRAME_TYPE } from "../wire/frame.ts";

/** A longer block would wait for more than is kept. */
const MOST_BLOCK_SECONDS = 0.25;

/**
 * Writes data frames until the song has ended. A peer that falls behind misses what
 * is not kept.
 *
 * @param blockBytes The payload of a frame, at most a quarter of a second; the last
 * one is shorter.
 * @throws {OndacastError} `not-found`, if its sender vanishes.
 */
export async function sendPlainLive(
  song: OpenSong,
  live: LiveFeed,
  blockBytes: number,
  write: (frame: Uint8Array) => Promise<void>,
): Promise<void> {
  const format = song.entry.format!;
  const block = Math.min(
    blockBytes,
    secondsToBytes(format, MOST_BLOCK_SECONDS),
  );
  let head = live.slice(0, format.dataOffset);
  let position = Math.max(live.joinOffset, format.dataOffset);
  while (true) {
    song.gone.throwIfInvalid();
    if (position < live.oldestOffset) {
      const skipped = live.joinOffset - position;
      position += skipped - skipped % sampleFrameBytes(format);
    }
    const most = Math.max(0, block - head.length);
    const end = Math.min(live.edge, position + most);
    if (end - position < most && !live.isComplete) {
      await more(song, live);
      continue;
    }
    const payload = new Uint8Array(head.length + end - position);
    if (payload.length === 0) return;
    payload.set(head);
    payload.set(live.slice(position, end), head.length);
    await write(encodeFrame(FRAME_TYPE.data, payload));
    head = head.subarray(head.length);
    position = end;
  }
}

/** Resolves when more has come, or when it is over. */
async function more({ gone }: OpenSong, live: LiveFeed): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const listener = { grown: resolve, invalidated: resolve };
  live.add(listener);
  gone.add(listener);
  await promise;
  live.delete(listener);
  gone.delete(listener);
}
