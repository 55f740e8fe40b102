/**
 * The audio track of an MP4 file: its codec, and the samples that the file
 * contains (ISO/IEC 14496-12, section 8). A *sample* here is a packet of audio.
 *
 * @module
 */

import { type Box, boxes, boxIn, boxView, u32At, u64At } from "./mp4_boxes.ts";
import { latin1, type ReadableFile, readAt } from "./readable_file.ts";

/** The first audio track of a file. */
export interface Mp4Track {
  readonly id: number;
  /** The type of its sample entry, such as `mp4a`. */
  readonly entry: string;
  readonly channels: number;
  /** The object type of `esds`, and its DecoderSpecificInfo; null: it has none. */
  readonly objectType: number | null;
  readonly specificInfo: Uint8Array | null;
  /** Time units per second, of the track and of the movie. */
  readonly timescale: number;
  readonly movieTimescale: number;
  /** Sum of its samples' durations in `stts`, in units of the track. */
  readonly duration: number;
  /** The audible part, in units of the track; null: there is no edit list. */
  readonly edit: Mp4Edit | null;
  readonly box: Box;
}

/** Why a track is not measured: `edits`: its edit list has several segments. */
export type Unmeasured = "encrypted" | "edits";

/** An edit list with one segment of the track. */
export interface Mp4Edit {
  /** Its start in the track. */
  readonly from: number;
  /** Its length; null: to the end of the track. */
  readonly duration: number | null;
}

/** Sample entries of encrypted tracks (ISO/IEC 14496-12, section 8.12, and iTunes'). */
const ENCRYPTED = ["enca", "drms"];
/** Most entries of one table, and of an edit list. */
const MAX_ENTRIES = 4_000_000;
const MAX_EDITS = 64;
/** Most bytes of a sample description that are examined. */
const MAX_DESCRIPTION = 4_096;

/**
 * Reads the first audio track.
 *
 * @returns null: there is none.
 */
export function mp4Track(
  file: ReadableFile,
  moov: Box,
): Mp4Track | Unmeasured | null {
  if (hasEncryptedTrack(file, moov)) return "encrypted";
  const movieTimescale = timescaleOf(file, boxIn(file, moov, "mvhd"));
  for (const trak of boxes(file, moov.from, moov.to)) {
    if (trak.type !== "trak") continue;
    const handler = boxIn(file, trak, "mdia", "hdlr");
    if (!handler || latin1(readAt(file, handler.from + 8, 4)) !== "soun") {
      continue;
    }
    const stsd = boxIn(file, trak, "mdia", "minf", "stbl", "stsd");
    const timescale = timescaleOf(file, boxIn(file, trak, "mdia", "mdhd"));
    if (!stsd || timescale === 0) continue;
    const entry = entryOf(file, stsd);
    const edit = editOf(file, trak, timescale, movieTimescale);
    if (edit === "edits") return edit;
    return {
      id: trackId(file, boxIn(file, trak, "tkhd")),
      ...entry,
      timescale,
      movieTimescale,
      duration: durationOf(file, trak),
      edit,
      box: trak,
    };
  }
  return null;
}

/** Whether any sample entry of a track is encrypted audio. */
export function hasEncryptedTrack(file: ReadableFile, moov: Box): boolean {
  for (const trak of boxes(file, moov.from, moov.to)) {
    if (trak.type !== "trak") continue;
    const stsd = boxIn(file, trak, "mdia", "minf", "stbl", "stsd");
    // Version, flags and a count precede the entries.
    for (const entry of stsd ? boxes(file, stsd.from + 8, stsd.to) : []) {
      if (ENCRYPTED.includes(entry.type)) return true;
    }
  }
  return false;
}

function timescaleOf(file: ReadableFile, box: Box | null): number {
  if (!box) return 0;
  const view = boxView(file, box, 32);
  // Version 1 has 64-bit times before it.
  return u32At(view, view.byteLength > 0 && view.getUint8(0) === 1 ? 20 : 12);
}

function trackId(file: ReadableFile, tkhd: Box | null): number {
  if (!tkhd) return 0;
  const view = boxView(file, tkhd, 32);
  return u32At(view, view.byteLength > 0 && view.getUint8(0) === 1 ? 20 : 12);
}

/** The sum of `stts` (section 8.6.1.2). */
function durationOf(file: ReadableFile, trak: Box): number {
  const stts = boxIn(file, trak, "mdia", "minf", "stbl", "stts");
  if (!stts) return 0;
  const view = boxView(file, stts, 8 + 8 * MAX_ENTRIES);
  let sum = 0;
  const count = Math.min(u32At(view, 4), Math.floor(view.byteLength / 8) - 1);
  for (let i = 0; i < count; i++) {
    sum += u32At(view, 8 + 8 * i) * u32At(view, 12 + 8 * i);
  }
  return sum;
}

/** The edit list (section 8.6.6). Empty edits before the track are ignored. */
function editOf(
  file: ReadableFile,
  trak: Box,
  timescale: number,
  movieTimescale: number,
): Mp4Edit | "edits" | null {
  const elst = boxIn(file, trak, "edts", "elst");
  if (!elst || movieTimescale === 0) return null;
  const view = boxView(file, elst, 8 + 20 * MAX_EDITS);
  if (view.byteLength < 8) return null;
  const isLong = view.getUint8(0) === 1;
  const width = isLong ? 20 : 12;
  const count = Math.min(
    u32At(view, 4),
    Math.floor((view.byteLength - 8) / width),
  );
  const edits: Mp4Edit[] = [];
  for (let i = 0; i < count; i++) {
    const at = 8 + width * i;
    const duration = isLong ? u64At(view, at) : u32At(view, at);
    const high = view.getInt32(at + (isLong ? 8 : 4));
    if (high < 0) continue;
    edits.push({
      from: isLong ? u64At(view, at + 8) : high,
      duration: duration === 0
        ? null
        : Math.round(duration * timescale / movieTimescale),
    });
  }
  return edits.length > 1 ? "edits" : edits[0] ?? null;
}

/** The sample entry (section 12.2.3), and the MPEG-4 configuration in its `esds`. */
function entryOf(file: ReadableFile, stsd: Box) {
  const view = boxView(file, { from: stsd.from + 8, to: stsd.to }, 64);
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const none = { objectType: null, specificInfo: null };
  if (bytes.length < 36) return { entry: "", channels: 0, ...none };
  const entry = latin1(bytes, 4, 8);
  const channels = view.getUint16(24);
  const all = readAt(file, stsd.from + 8, MAX_DESCRIPTION);
  return { entry, channels, ...(elementaryStream(all) ?? none) };
}

/** DecoderConfigDescriptor and DecoderSpecificInfo (ISO/IEC 14496-1, section 7.2.6). */
function elementaryStream(entry: Uint8Array) {
  const text = latin1(entry);
  const at = text.indexOf("esds");
  if (at < 0) return null;
  let objectType: number | null = null;
  // After version and flags, nested descriptors: a tag and a length.
  for (let i = at + 8; i + 2 < entry.length;) {
    const tag = entry[i++];
    let length = 0;
    for (let more = true; more && i < entry.length;) {
      more = (entry[i] & 0x80) !== 0;
      length = length << 7 | entry[i++] & 0x7f;
    }
    if (tag === 3) {
      const flags = entry[i + 2];
      i += 3 + (flags & 0x80 ? 2 : 0) + (flags & 0x20 ? 2 : 0);
    } else if (tag === 4) {
      objectType = entry[i];
      i += 13;
    } else if (tag === 5) {
      return { objectType, specificInfo: entry.slice(i, i + length) };
    } else break;
  }
  return { objectType, specificInfo: null };
}

/** The places of samples in the file, chunk by chunk (sections 8.7.3 to 8.7.5). */
export interface Mp4Samples {
  /** Number of leading samples that the file contains completely. */
  readonly whole: number;
  readonly total: number;
  /** Offsets and lengths of the first samples. */
  readonly first: readonly (readonly [at: number, bytes: number])[];
}

/**
 * Follows the tables of a track to the first sample that the file lacks.
 *
 * @param firstCount Most samples to return in `first`.
 */
export function mp4Samples(
  file: ReadableFile,
  track: Mp4Track,
  firstCount: number,
): Mp4Samples {
  const table = (type: string) => {
    const box = boxIn(file, track.box, "mdia", "minf", "stbl", type);
    return box && boxView(file, box, 12 + 8 * MAX_ENTRIES);
  };
  const sizes = table("stsz");
  const runs = table("stsc");
  const long = table("co64");
  const offsets = long ?? table("stco");
  if (!sizes || !runs || !offsets) return { whole: 0, total: 0, first: [] };
  const fixed = u32At(sizes, 4);
  const total = fixed > 0
    ? u32At(sizes, 8)
    : Math.min(u32At(sizes, 8), Math.floor((sizes.byteLength - 12) / 4));
  const sizeOf = (sample: number) => fixed || u32At(sizes, 12 + 4 * sample);
  const chunks = Math.min(
    u32At(offsets, 4),
    Math.floor((offsets.byteLength - 8) / (long ? 8 : 4)),
  );
  const first: [number, number][] = [];
  let sample = 0;
  let run = 0;
  for (let chunk = 0; chunk < chunks && sample < total; chunk++) {
    while (u32At(runs, 8 + 12 * (run + 1)) === chunk + 1) run++;
    let at = long
      ? u64At(offsets, 8 + 8 * chunk)
      : u32At(offsets, 8 + 4 * chunk);
    const inChunk = Math.min(u32At(runs, 12 + 12 * run), total - sample);
    for (let i = 0; i < inChunk; i++, sample++) {
      const bytes = sizeOf(sample);
      if (at + bytes > file.bytes) return { whole: sample, total, first };
      if (first.length < firstCount) first.push([at, bytes]);
      at += bytes;
    }
  }
  return { whole: sample, total, first };
}

/** The length of a number of leading samples, in units of the track. */
export function mp4DurationOf(
  file: ReadableFile,
  track: Mp4Track,
  samples: number,
): number {
  const stts = boxIn(file, track.box, "mdia", "minf", "stbl", "stts");
  if (!stts) return 0;
  const view = boxView(file, stts, 8 + 8 * MAX_ENTRIES);
  let left = samples;
  let sum = 0;
  for (let at = 8; at + 8 <= view.byteLength && left > 0; at += 8) {
    const count = Math.min(left, u32At(view, at));
    sum += count * u32At(view, at + 4);
    left -= count;
  }
  return sum;
}
