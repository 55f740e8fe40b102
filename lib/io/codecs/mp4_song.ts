/**
 * MP4 with AAC-LC, ALAC, FLAC or Opus, and ALAC in CAF.
 *
 * @module
 */

import { aacConfig, endsWithSbr } from "../../audio/mpeg4_audio.ts";
import { cafPackets } from "../../audio/plain_pcm.ts";
import type { Box } from "../../audio/mp4_boxes.ts";
import { type Mp4Length, mp4Length } from "../../audio/mp4_length.ts";
import {
  patched,
  type ReadableFile,
  readAt,
} from "../../audio/readable_file.ts";
import {
  asFarAsItGoes,
  type DecodableSong,
  encryptedSong,
  needsFfmpeg,
  notASong,
} from "./decodable_song.ts";
import { PacketSong } from "./packet_song.ts";
import { type Codec, layoutOf, SongDecoder } from "./song_decoder.ts";

/** The codec of each sample entry that is decoded. */
const CODECS: Readonly<Record<string, Codec>> = {
  mp4a: "aac",
  alac: "alac",
  fLaC: "flac",
  Opus: "opus",
};
/** Object types of `esds` that are AAC (ISO/IEC 14496-1, table 5). */
const AAC_TYPES = [0x40, 0x66, 0x67, 0x68];
/** Number and share of the first blocks that must use band replication in HE-AAC. */
const LEAST_SBR = 3;
const LEAST_SBR_SHARE = 0.25;
const MAX_BLOCK_BYTES = 8_192;
/** Most `udta` boxes that are hidden from the decoder; files usually have one. */
const MAX_TAG_BOXES = 8;

export function mp4Song(file: ReadableFile): DecodableSong {
  const length = mp4Length(file);
  if (length === null) throw notASong("it has no audio track");
  if (length === "encrypted") throw encryptedSong();
  if (length === "edits") throw needsFfmpeg("MP4 with several edits");
  const { track } = length;
  const codec = CODECS[track.entry];
  if (codec === undefined) throw needsFfmpeg("MP4 with an unsupported codec");
  if (codec === "aac") checkAac(file, length);
  if (codec === "opus" && track.channels > 2) {
    throw needsFfmpeg("multichannel Opus");
  }
  const whole = withFittedBox(withoutTags(file, length.tagsAt), length.cut);
  const layout = layoutOf(whole);
  if (layout.codec !== codec) {
    throw needsFfmpeg("MP4 with an unsupported codec");
  }
  if (codec === "flac" && layout.validBits > 24) {
    throw needsFfmpeg("32-bit FLAC");
  }
  const scale = layout.rate / track.timescale;
  return new PacketSong(layout, [{
    file: whole,
    at: 0,
    sampleFrames: Math.round(length.duration * scale),
    firstFrame: Math.round(length.from * scale),
    unitsPerFrame: track.timescale / layout.rate,
    forgets: false,
  }]);
}

/** The file with its tags marked as free space, so that the decoder skips pictures. */
function withoutTags(
  file: ReadableFile,
  tagsAt: readonly number[],
): ReadableFile {
  const free = new TextEncoder().encode("free");
  return tagsAt.slice(0, MAX_TAG_BOXES)
    .reduce((rest, at) => patched(rest, at + 4, free), file);
}

/** The file with the size of a truncated box reduced to the bytes that exist. */
function withFittedBox(file: ReadableFile, cut: Box | null): ReadableFile {
  if (cut === null) return file;
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(file.bytes - cut.at));
  const size = new Uint8Array(view.buffer);
  // A 64-bit size follows the type.
  return cut.from - cut.at === 16
    ? patched(file, cut.at + 8, size)
    : patched(file, cut.at, size.subarray(4));
}

function checkAac(file: ReadableFile, { track, samples }: Mp4Length): void {
  const { objectType, specificInfo } = track;
  if (objectType === null || !AAC_TYPES.includes(objectType)) {
    throw needsFfmpeg("MP4 with an unsupported codec");
  }
  const config = specificInfo && aacConfig(specificInfo);
  if (!config) throw notASong("it is malformed");
  if (config.isHighEfficiency) throw needsFfmpeg("HE-AAC");
  if (config.objectType !== 2) throw needsFfmpeg("AAC other than AAC-LC");
  if (config.channelConfig < 1 || config.channelConfig > 2) {
    throw needsFfmpeg("multichannel AAC");
  }
  const blocks = samples.first.filter(([, bytes]) => bytes <= MAX_BLOCK_BYTES);
  const withSbr =
    blocks.filter(([at, bytes]) => endsWithSbr(readAt(file, at, bytes))).length;
  if (withSbr >= LEAST_SBR && withSbr >= LEAST_SBR_SHARE * blocks.length) {
    throw needsFfmpeg("HE-AAC");
  }
}

/** Opens a CAF without PCM. */
export function codedCafSong(file: ReadableFile): DecodableSong {
  using decoder = SongDecoder.open(file);
  const { sampleFrames, start: _, ...layout } = decoder.format;
  const audible = cafPackets(file);
  if (layout.codec !== "alac" || audible === null) {
    throw needsFfmpeg("CAF with an unsupported codec");
  }
  const declared = Math.min(sampleFrames ?? Infinity, audible.sampleFrames);
  const end = endOfPackets(decoder, declared) - audible.firstFrame;
  return new PacketSong(layout, [{
    file,
    at: 0,
    firstFrame: audible.firstFrame,
    sampleFrames: Math.max(0, Math.min(end, audible.sampleFrames)),
    unitsPerFrame: 1,
    forgets: false,
  }]);
}

/** The end of the last packet, which may be shorter than the others. */
function endOfPackets(decoder: SongDecoder, declared: number): number {
  let end = declared;
  asFarAsItGoes(() => {
    if (decoder.seek(declared - 1) === null) return;
    for (let packet; (packet = decoder.decode());) {
      end = packet.timestamp + packet.sampleFrames;
    }
  });
  return end;
}
