/**
 * Ogg with Vorbis, Opus or FLAC, chained or not.
 *
 * @module
 */

import { ForeignSongError } from "../../audio/foreign_song.ts";
import { type OggLink, oggLinks, type OggRun } from "../../audio/ogg_length.ts";
import {
  joined,
  type ReadableFile,
  readAt,
  windowOf,
} from "../../audio/readable_file.ts";
import type { SongBounds } from "../../audio/song_bounds.ts";
import {
  asFarAsItGoes,
  type DecodableSong,
  type DecodedLayout,
  type Effort,
  needsFfmpeg,
  notASong,
} from "./decodable_song.ts";
import { PacketSong } from "./packet_song.ts";
import type { SongPart } from "./part_decoder.ts";
import { layoutOf, SongDecoder } from "./song_decoder.ts";

export function oggSong(
  file: ReadableFile,
  bounds: SongBounds,
  effort: Effort,
): DecodableSong {
  const { links, examinedTo } = oggLinks(file, bounds, effort);
  const [first] = links;
  if (!first) throw needsFfmpeg("Ogg without Vorbis, Opus or FLAC");
  checkLink(first, links);
  const alike = countAlike(links);
  const layout = layoutOf(fileOf(file, first, first.runs[0]));
  if (layout.validBits > 24) throw needsFfmpeg("32-bit FLAC");
  const parts: SongPart[] = [];
  let at = 0;
  for (const link of links.slice(0, alike)) {
    at = addLink(file, link, at, parts);
  }
  if (parts.length === 0) throw notASong("it has no audible samples");
  // What was not examined is taken to sound as long for its bytes.
  const ratio = examinedTo === null
    ? 1
    : (bounds.to - bounds.from) / (examinedTo - bounds.from);
  const joined = joinedFrames(file, links.slice(alike), layout, at);
  return new PacketSong(layout, parts, {
    sampleFrames: alike === links.length ? Math.round(at * ratio) : at,
    isEstimated: ratio > 1 && alike === links.length,
    joinedFrames: joined && Math.round(joined * ratio),
  });
}

/**
 * Adds the runs of a link.
 *
 * @param at The first sample frame of the link, counted from the first audible one
 * of the song.
 * @returns The sample frame after the last one of the link.
 */
function addLink(
  file: ReadableFile,
  link: OggLink,
  at: number,
  parts: SongPart[],
): number {
  let audibleFrom: number | null = null;
  let end = at;
  for (const run of link.runs) {
    asFarAsItGoes(() => {
      const window = fileOf(file, link, run);
      using decoder = SongDecoder.open(window);
      const { start } = decoder.format;
      // Audio before granule 0 is not played. A stream may also begin after it.
      audibleFrom ??= Math.max(0, start) + link.preSkip;
      const firstFrame = Math.max(audibleFrom, start);
      const sampleFrames = run.lastGranule - firstFrame;
      if (sampleFrames <= 0) return;
      const place = at + firstFrame - audibleFrom;
      if (place < end) return;
      end = place + sampleFrames;
      parts.push({
        file: window,
        ...{
          at: place,
          sampleFrames,
          firstFrame,
          unitsPerFrame: 1,
          forgets: true,
        },
      });
    });
  }
  return end;
}

/**
 * The sample frames of a song with its further links, up to one of another codec,
 * where ffmpeg ends.
 *
 * @param before Those of the song itself.
 */
function joinedFrames(
  file: ReadableFile,
  links: readonly OggLink[],
  { codec, rate }: DecodedLayout,
  before: number,
): number | undefined {
  let seconds = 0;
  for (const link of links) {
    if (link.codec !== codec || link.streams > 1) break;
    seconds += addLink(file, link, 0, []) / link.rate;
  }
  return seconds === 0 ? undefined : before + Math.round(seconds * rate);
}

/** A run of a link with its headers, as a file of its own. */
function fileOf(
  file: ReadableFile,
  link: OggLink,
  { from, to }: OggRun,
): ReadableFile {
  if (from === link.from) return windowOf(file, from, to);
  const headers = readAt(file, link.from, link.headersEnd - link.from);
  return joined(headers, file, from, to);
}

/** Number of leading links with the codec and layout of the first one. */
function countAlike(links: readonly OggLink[]): number {
  const [first] = links;
  const end = links.findIndex((link) =>
    link.codec !== first.codec || link.rate !== first.rate ||
    link.channels !== first.channels || link.streams > 1
  );
  return end < 0 ? links.length : Math.max(1, end);
}

/** @param links All of the file, of which it is the first. */
function checkLink(link: OggLink, links: readonly OggLink[]): void {
  if (link.codec === "speex") throw needsFfmpeg("Speex");
  if (link.streams > 1) throw needsFfmpeg("Ogg with several streams at once");
  if (link.codec === "opus" && link.channels > 2) {
    const error = needsFfmpeg("multichannel Opus");
    if (links.length === 1) throw error;
    throw new ForeignSongError(error.message, opusFrames(links));
  }
}

/** Sample frames of leading links of Opus, which nothing precedes (RFC 7845, section 4). */
function opusFrames(links: readonly OggLink[]): number {
  const others = links.findIndex(({ codec }) => codec !== "opus");
  return links.slice(0, others < 0 ? links.length : others)
    .map(({ runs, preSkip }) => runs.at(-1)!.lastGranule - preSkip)
    .reduce((all, frames) => all + Math.max(0, frames), 0);
}
