/**
 * Reads one stream of another server to its end.
 *
 * @module
 */

import type { ClientSession } from "../client/client_session.ts";
import { PeerError } from "../errors.ts";
import type { RelayListener } from "./live_relay.ts";

/** What is read of a song: its WAV, unless something else is meant. */
export interface SongPart {
  /** Its name at that server, or one that reaches it from everywhere. */
  readonly song: string;
  readonly etag: string;
  readonly as?: "file" | "picture";
  /** The most pixels of the longer side of a picture. */
  readonly size?: number;
}

/** What is asked of another server's song. */
export type Asked = Omit<SongPart, "etag" | "as"> & {
  etag?: string;
  as?: SongPart["as"] | "live";
  offset?: number;
  bytes?: number;
};

/** Reads one stream to its end. */
export function readStream(
  session: ClientSession,
  asked: Asked,
  { begun, data }: Pick<RelayListener, "data"> & Partial<RelayListener>,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const fail = (reason: string, code = "lost") =>
    reject(new PeerError(code, `Cannot read ${asked.song}: ${reason}`, false));
  session.openStream(asked, (stream) => {
    try {
      begun?.(stream.start);
    } catch (error) {
      return reject(error);
    }
    stream.listener = {
      data(piece) {
        data(piece);
        stream.used(piece.length);
      },
      end: resolve,
      stopped: ({ reason, code }) => fail(reason, code),
      displaced: () => fail("another part was asked for"),
    };
  }).catch(reject);
  // The connection outlives the stream, of which nothing is to stay.
  const lost = () => reject(session.failure);
  session.over.addEventListener("abort", lost);
  return promise.finally(() => session.over.removeEventListener("abort", lost));
}
