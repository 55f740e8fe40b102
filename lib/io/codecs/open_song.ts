/**
 * Opens a song of any supported format, recognised by its content.
 *
 * @module
 */

import { isEncrypted } from "../../audio/encrypted_media.ts";
import { CONTAINER_BITS } from "../../audio/format.ts";
import { aiffPcm, cafPcm, type PlainOrCoded } from "../../audio/plain_pcm.ts";
import { type ReadableFile, readAt } from "../../audio/readable_file.ts";
import { renditionOf } from "../../audio/rendition.ts";
import type { SongBounds } from "../../audio/song_bounds.ts";
import { type SongKind, songKind } from "../../audio/song_kind.ts";
import {
  type DecodableSong,
  type Effort,
  encryptedSong,
  needsFfmpeg,
  notASong,
} from "./decodable_song.ts";
import { FlacSong } from "./flac_song.ts";
import { adtsSong, mpegSong } from "./frame_song.ts";
import { codedCafSong, mp4Song } from "./mp4_song.ts";
import { oggSong } from "./ogg_song.ts";
import { PcmSong } from "./pcm_song.ts";

type Open = (
  file: ReadableFile,
  bounds: SongBounds,
  effort: Effort,
) => DecodableSong | null;

const OPENERS: Readonly<Record<SongKind, Open>> = {
  wav: () => {
    throw needsFfmpeg("WAV with an unsupported codec");
  },
  flac: (file, bounds) => new FlacSong(file, bounds),
  ogg: oggSong,
  mp4: (file) => mp4Song(file),
  aiff: (file) =>
    pcmSong(file, aiffPcm(file), () => {
      throw needsFfmpeg("AIFF-C with an unsupported codec");
    }),
  caf: (file) => pcmSong(file, cafPcm(file), codedCafSong),
};

/**
 * Opens a song.
 *
 * @throws {OndacastError} `not-wav`, `unsupported`, `internal`.
 */
export function openSong(file: ReadableFile, effort: Effort): DecodableSong {
  const found = songKind(file);
  if (found.kind === "foreign") {
    if (isEncrypted(file, found.name)) throw encryptedSong();
    throw needsFfmpeg(found.name);
  }
  const song = found.kind === "frames"
    ? framesSong(file, found.bounds, effort)
    : OPENERS[found.kind](file, found.bounds, effort);
  if (song === null) throw notASong("its format is unknown");
  check(song);
  return song;
}

function pcmSong(
  file: ReadableFile,
  found: PlainOrCoded,
  coded: (file: ReadableFile) => DecodableSong,
): DecodableSong | null {
  if (found === "coded") return coded(file);
  return found && new PcmSong(file, found);
}

/** Opens frames without a container; ADTS has layer 0. */
function framesSong(
  file: ReadableFile,
  bounds: SongBounds,
  effort: Effort,
): DecodableSong | null {
  const [sync = 0, next = 0] = readAt(file, bounds.from, 2);
  const isAdts = sync === 0xff && (next & 0xf6) === 0xf0;
  const [first, second] = isAdts ? [adtsSong, mpegSong] : [mpegSong, adtsSong];
  return first(file, bounds, effort) ?? second(file, bounds, effort);
}

function check(song: DecodableSong): void {
  const { encoding, rate, channels, validBits } = song.layout;
  const isSane =
    [rate, channels, validBits].every((it) => Number.isInteger(it) && it > 0) &&
    validBits <= CONTAINER_BITS[encoding];
  if (!isSane) throw notASong("its format is impossible");
  if (song.sampleFrames === 0) throw notASong("it has no audible samples");
  renditionOf({ ...song.layout, sampleFrames: song.sampleFrames });
}
