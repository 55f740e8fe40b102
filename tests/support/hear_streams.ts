/**
 * A simple listener of a session that receives the data of all streams.
 *
 * @module
 */

import type {
  ClientSession,
  SessionListener,
  SessionStream,
} from "../../lib/client/client_session.ts";
import type { ToClient } from "../../lib/wire/messages.ts";

/** Notified of every stream, requested or cast, and of all other events. */
export interface BareListener extends Omit<SessionListener, "cast"> {
  start?(start: ToClient<"start">): void;
  /** The next bytes, which are granted again. */
  data?(piece: Uint8Array): void;
  dataEnd?(): void;
}

/** Requests a stream, and resolves with its start. */
export type Play = (
  message: Parameters<ClientSession["openStream"]>[0],
) => Promise<ToClient<"start">>;

/** Receives all of a session until the signal is aborted. */
export function hearStreams(
  session: ClientSession,
  listener: BareListener,
  until?: AbortSignal,
): Play {
  const begin = (stream: SessionStream) => {
    listener.start?.(stream.start);
    stream.listener = {
      data: (piece) => listener.data?.(piece),
      end: () => listener.dataEnd?.(),
      stopped: () => {}, // also received as a message
      displaced: () => {},
    };
    until?.addEventListener("abort", () => stream.drop());
  };
  session.listen({ ...listener, cast: begin }, until);
  return async (message) => {
    let start: ToClient<"start"> | null = null;
    await session.openStream(message, (stream) => {
      start = stream.start;
      begin(stream);
    });
    return start!;
  };
}
