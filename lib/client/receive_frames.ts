/**
 * Reads the frames of a server. It is "TCP → frame" on the walk of one byte,
 * on the client's side.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import type { Channel } from "../wire/channel.ts";
import {
  FrameDecoder,
  type FrameHandler,
  MAX_MESSAGE_TO_CLIENT_BYTES,
  MAX_SESSION_DATA_BYTES,
} from "../wire/frame.ts";

/** The size of one read: fewer turns than with less, and still in the cache. */
const READ_BYTES = 256 * 1024;

/**
 * Reads until the connection is over. Data is handed on as views of one buffer.
 *
 * @throws {OndacastError} `lost`, if the server closes the connection;
 * `bad-frame`; what the handler throws.
 */
export async function receiveFrames(
  channel: Channel,
  handler: FrameHandler,
  over: AbortSignal,
): Promise<void> {
  const buffer = new Uint8Array(READ_BYTES);
  const decoder = new FrameDecoder(handler, {
    maxMessageBytes: MAX_MESSAGE_TO_CLIENT_BYTES,
    maxDataBytes: MAX_SESSION_DATA_BYTES,
    reusesMemory: true,
  });
  while (true) {
    const bytes = await channel.read(buffer);
    if (over.aborted) return;
    if (bytes === null) {
      throw new OndacastError(
        "lost",
        `Lost the connection to ${channel.transport.peer}: the server closed it`,
      );
    }
    channel.heard(bytes);
    decoder.push(buffer.subarray(0, bytes));
    // A server that does not read its pongs and grants is not read either.
    if (channel.crowded) await channel.relieved();
    if (over.aborted) return;
  }
}
