/**
 * A bare listener of a session: all that arrives, whichever stream it is of.
 *
 * @module
 */

import type {
  ClientSession,
  SessionListener,
  SessionStream,
} from "../../lib/client/client_session.ts";
import type { ToClient } from "../../lib/wire/messages.ts";

/** Notified of every stream, asked for or cast, and of everything else. */
export interface BareListener extends Omit<SessionListener, "cast"> {
  start?(start: ToClient<"start">): void;
  /** The next bytes, which the listener grants again. */
  data?(piece: Uint8Array): void;
  dataEnd?(): void;
}

/** Asks for a stream, and resolves with its start. */
export type Play = (
  message: Parameters<ClientSession["openStream"]>[0],
) => Promise<ToClient<"start">>;

/** Hears all of a session, until the signal is aborted. */
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
      stopped: () => {}, // It is a message as well.
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
