/**
 * Ogg with Vorbis, Opus or FLAC, chained or not.
 *
 * @module
 */

import { type OggLink, oggLinks } from "../../audio/ogg_length.ts";
import { type ReadableFile, windowOf } from "../../audio/readable_file.ts";
import type { SongBounds } from "../../audio/song_bounds.ts";
import {
  type DecodableSong,
  type DecodedLayout,
  type Effort,
  needsFfmpeg,
  noSong,
} from "./decodable_song.ts";
import { PacketSong, type SongPart } from "./packet_song.ts";
import { SongDecoder } from "./song_decoder.ts";

/** Opens an Ogg. */
export function oggSong(
  file: ReadableFile,
  bounds: SongBounds,
  effort: Effort,
): DecodableSong {
  const links = oggLinks(file, bounds, effort);
  const [first] = links;
  if (!first) throw needsFfmpeg("Ogg without Vorbis, Opus or FLAC");
  checkLink(first);
  const alike = countAlike(links);
  let layout: DecodedLayout | null = null;
  let at = 0;
  const parts: SongPart[] = [];
  for (const link of links.slice(0, alike)) {
    const window = windowOf(file, link.from, link.to);
    const { sampleFrames: _, start, ...format } =
      SongDecoder.open(window).format;
    if (layout === null) layout = format;
    // What comes before granule 0 is not heard; a stream may begin later, too.
    const firstFrame = Math.max(0, start) + link.preSkip;
    const sampleFrames = Math.max(0, link.lastGranule - firstFrame);
    const timescale = format.rate;
    parts.push({ file: window, at, sampleFrames, firstFrame, timescale });
    at += sampleFrames;
  }
  if (layout === null) throw noSong("it is malformed");
  if (layout.validBits > 24) throw needsFfmpeg("32-bit FLAC");
  return new PacketSong(layout, parts, { isPartial: alike < links.length });
}

/** Links from the first on that have its codec and layout. */
function countAlike(links: readonly OggLink[]): number {
  const [first] = links;
  const end = links.findIndex((link) =>
    link.codec !== first.codec || link.rate !== first.rate ||
    link.channels !== first.channels || link.streams > 1
  );
  return end < 0 ? links.length : Math.max(1, end);
}

function checkLink(link: OggLink): void {
  if (link.codec === "speex") throw needsFfmpeg("Speex");
  if (link.streams > 1) throw needsFfmpeg("Ogg with several songs at once");
  const isWrong = link.channels > 2 && link.codec !== "flac";
  if (isWrong) throw needsFfmpeg(`multichannel ${link.codec}`);
}
