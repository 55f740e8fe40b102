/**
 * What a plain stream is made of: a song, a live song, or songs in a row.
 *
 * @module
 */

import type { PcmFormat } from "../audio/format.ts";
import type { OpenSong } from "../ports/server.ts";
import type { Framer } from "./framer.ts";
import { sendPlain, sendPlainForEver } from "./plain_stream.ts";

/** One listener's stream. */
export interface PlainSource {
  /** Of its PCM, by which blocks may be measured. */
  readonly format: PcmFormat;
  /**
   * Writes it as data frames and the empty frame.
   *
   * @param blockBytes The payload of a frame.
   */
  send(
    blockBytes: number,
    write: (bytes: Uint8Array) => Promise<void>,
  ): Promise<void>;
  close(): void;
}

/** @param loop Whether the song repeats endlessly. */
export function songSource(
  song: OpenSong,
  framer: Framer,
  loop: boolean,
): PlainSource {
  const send = loop ? sendPlainForEver : sendPlain;
  return {
    format: song.entry.format!,
    send: (blockBytes, write) => send(song, blockBytes, framer, write),
    close: () => song.close(),
  };
}
