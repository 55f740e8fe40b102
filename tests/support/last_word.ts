/**
 * The last message on a connection that a server closes.
 *
 * @module
 */

import type { MemoryServer } from "./memory_server.ts";

/** Sends bytes over a new connection. @returns The bytes until its end. */
export async function lastWord(
  server: MemoryServer,
  bytes: Uint8Array,
): Promise<{ types: string[]; error: Record<string, unknown>; why: string }> {
  const { peer, client, ended } = server.connectRaw();
  await peer.write(bytes);
  await peer.closed;
  client.close();
  const why = await ended;
  return { types: peer.types(), error: peer.messages().at(-1)!, why };
}
