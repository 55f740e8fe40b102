/**
 * The songs of the bench: noise in CD quality, which nothing on the way can
 * compress, with a plain header of 44 bytes.
 *
 * @module
 */

import { wavHeader } from "../lib/audio/wav_writer.ts";

/** Bytes of a second of CD audio. */
export const CD_RATE = 176_400;
/** The song that all servers send: five minutes, 53 MB. */
export const SONG_SECONDS = 300;
/** A song larger than our server's page memory. */
export const ALBUM_SECONDS = 3043;

const CD = { encoding: "s16le", rate: 44100, channels: 2, bits: 16 } as const;

/**
 * Writes a song.
 *
 * @param seconds Its length.
 * @param open Whether its header leaves the length open, as in a live stream.
 */
export async function writeSong(
  path: string,
  seconds: number,
  open = false,
): Promise<void> {
  const noise = new Uint8Array(1 << 20);
  for (let at = 0; at < noise.length; at += 65536) {
    crypto.getRandomValues(noise.subarray(at, at + 65536));
  }
  const bytes = Math.round(seconds * 44100) * 4;
  using file = await Deno.open(path, { write: true, create: true });
  const writer = file.writable.getWriter();
  await writer.write(wavHeader(CD, open ? null : bytes));
  for (let left = bytes; left > 0; left -= noise.length) {
    await writer.write(noise.subarray(0, Math.min(left, noise.length)));
  }
  await writer.close();
}
