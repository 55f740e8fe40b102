/**
 * The audible part of an MP4: the samples of its tables or fragments that the file
 * contains, trimmed by the edit list or, without one, by the gap that iTunes
 * stores.
 *
 * @module
 */

import { type Box, boxes, boxIn, boxView, u32At, u64At } from "./mp4_boxes.ts";
import {
  mp4DurationOf,
  type Mp4Samples,
  mp4Samples,
  type Mp4Track,
  mp4Track,
  type Unmeasured,
} from "./mp4_track.ts";
import { latin1, type ReadableFile, readAt } from "./readable_file.ts";

export interface Mp4Length {
  readonly track: Mp4Track;
  /** The places of the first samples. */
  readonly samples: Mp4Samples;
  /** Start and length of the audible part, in units of the track. */
  readonly from: number;
  readonly duration: number;
  /** The box that is truncated by the end of the file; null: none is. */
  readonly cut: Box | null;
  /** Offsets of boxes with tags and pictures. */
  readonly tagsAt: readonly number[];
}

/** Samples that are examined for signs of HE-AAC. */
const SAMPLED = 32;
const MAX_FRAGMENTS = 200_000;
/** Most samples of a run, and most bytes of its table. */
const MAX_RUN_SAMPLES = 100_000;
const MAX_RUN_BYTES = 16 * MAX_RUN_SAMPLES + 32;

/**
 * Measures an MP4.
 *
 * @returns null: it has no audio track, or a run of too many samples.
 */
export function mp4Length(
  file: ReadableFile,
): Mp4Length | Unmeasured | null {
  const whole = { from: 0, to: file.bytes };
  const moov = boxIn(file, whole, "moov");
  const track = moov && mp4Track(file, moov);
  if (!moov || !track) return null;
  if (typeof track === "string") return track;
  const samples = mp4Samples(file, track, SAMPLED);
  const fragments = boxIn(file, moov, "mvex")
    ? fragmentsOf(file, moov, track)
    : { duration: 0, first: [] };
  if (fragments === null) return null;
  const decoded = fragments.duration +
    (samples.whole === samples.total
      ? track.duration
      : mp4DurationOf(file, track, samples.whole));
  return {
    track,
    samples: {
      ...samples,
      first: [...samples.first, ...fragments.first].slice(0, SAMPLED),
    },
    ...audiblePart(track, decoded, iTunesGap(file, moov)),
    cut: cutBox(file),
    tagsAt: [...boxes(file, moov.from, moov.to)]
      .filter(({ type }) => type === "udta").map(({ at }) => at),
  };
}

function cutBox(file: ReadableFile): Box | null {
  for (const box of boxes(file, 0, file.bytes)) {
    if (box.at + box.size > file.bytes) return box;
  }
  return null;
}

function audiblePart(
  track: Mp4Track,
  decoded: number,
  gap: { delay: number; samples: number } | null,
) {
  const from = track.edit?.from ?? gap?.delay ?? 0;
  const left = Math.max(0, decoded - from);
  // iTunes counts samples; an edit list may be as coarse as milliseconds.
  const isSame = gap && (!track.edit || gap.delay === track.edit.from);
  const declared = isSame ? gap.samples : track.edit?.duration ?? left;
  const unit = isSame ? 0 : track.timescale / track.movieTimescale;
  return { from, duration: declared > left - unit ? left : declared };
}

/**
 * The length of all fragments (section 8.8), and the places of their first samples.
 *
 * @returns null: a run has too many samples.
 */
function fragmentsOf(file: ReadableFile, moov: Box, track: Mp4Track) {
  const defaults = defaultsOf(file, moov, track);
  let duration = 0;
  let fragments = 0;
  const first: [number, number][] = [];
  for (const moof of boxes(file, 0, file.bytes)) {
    if (moof.type !== "moof" || fragments++ === MAX_FRAGMENTS) continue;
    for (const traf of boxes(file, moof.from, moof.to)) {
      if (traf.type !== "traf") continue;
      const run = runsOf(file, moof, traf, track.id, defaults);
      duration += run.duration;
      if (first.length < SAMPLED) first.push(...run.samples);
      if (run.isCut === null) return null;
      if (run.isCut) return { duration, first };
    }
  }
  return { duration, first };
}

interface Defaults {
  readonly duration: number;
  readonly size: number;
}

/** `trex` of the track (section 8.8.3). */
function defaultsOf(file: ReadableFile, moov: Box, track: Mp4Track): Defaults {
  const mvex = boxIn(file, moov, "mvex");
  for (const trex of mvex ? boxes(file, mvex.from, mvex.to) : []) {
    if (trex.type !== "trex") continue;
    const view = boxView(file, trex, 24);
    if (u32At(view, 4) !== track.id) continue;
    return { duration: u32At(view, 12), size: u32At(view, 16) };
  }
  return { duration: 0, size: 0 };
}

/**
 * The runs of a track fragment (sections 8.8.7 and 8.8.8), up to the end of the
 * file.
 *
 * @returns `isCut`: whether the file ends within them; null: a run has too many
 * samples.
 */
function runsOf(
  file: ReadableFile,
  moof: Box,
  traf: Box,
  trackId: number,
  defaults: Defaults,
) {
  let base = moof.at;
  let { duration: sampleDuration, size: sampleSize } = defaults;
  let duration = 0;
  let at = base;
  const samples: [number, number][] = [];
  for (const box of boxes(file, traf.from, traf.to)) {
    const view = boxView(file, box, MAX_RUN_BYTES);
    const flags = u32At(view, 0) & 0xff_ffff;
    if (box.type === "tfhd") {
      if (u32At(view, 4) !== trackId) break;
      let field = 8;
      if (flags & 1) base = u64At(view, 8);
      if (flags & 1) field += 8;
      if (flags & 2) field += 4;
      if (flags & 8) sampleDuration = u32At(view, (field += 4) - 4);
      if (flags & 16) sampleSize = u32At(view, field);
      at = base;
    } else if (box.type === "trun") {
      let field = 8;
      if (flags & 1) at = base + (u32At(view, field) | 0);
      if (flags & 1) field += 4;
      if (flags & 4) field += 4;
      const width = [0x100, 0x200, 0x400, 0x800]
        .reduce((sum, flag) => sum + (flags & flag ? 4 : 0), 0);
      const count = u32At(view, 4);
      // A decoder would process all of them, even without a table.
      if (count > MAX_RUN_SAMPLES) return { duration, samples, isCut: null };
      for (let i = 0; i < count; i++) {
        if (width > 0 && field + width > view.byteLength) break;
        const size = flags & 0x200
          ? u32At(view, field + (flags & 0x100 ? 4 : 0))
          : sampleSize;
        if (at + size > file.bytes || size === 0) {
          return { duration, samples, isCut: true };
        }
        if (samples.length < SAMPLED) samples.push([at, size]);
        duration += flags & 0x100 ? u32At(view, field) : sampleDuration;
        at += size;
        field += width;
      }
    }
  }
  return { duration, samples, isCut: false };
}

const SMPB_BYTES = 1_024;
/** iTunSMPB: a zero, then delay, padding and samples, in hexadecimal. */
const SMPB = /^ 0{8} ([0-9A-F]{8}) ([0-9A-F]{8}) ([0-9A-F]{16})/i;

/** The gap that iTunes stores: `----` with the name `iTunSMPB` in `ilst`. */
function iTunesGap(file: ReadableFile, moov: Box) {
  const udta = boxIn(file, moov, "udta", "meta");
  // `meta` is a full box in MP4, with four bytes before its boxes.
  const ilst = udta && boxIn(file, { ...udta, from: udta.from + 4 }, "ilst");
  for (const box of ilst ? boxes(file, ilst.from, ilst.to) : []) {
    if (box.type !== "----" || box.to - box.from > SMPB_BYTES) continue;
    const name = boxIn(file, box, "name");
    const data = boxIn(file, box, "data");
    if (!name || !data) continue;
    const named = latin1(readAt(file, name.from + 4, name.to - name.from - 4));
    if (named !== "iTunSMPB") continue;
    const found = SMPB.exec(
      latin1(readAt(file, data.from + 8, data.to - data.from - 8)),
    );
    if (!found) continue;
    const samples = parseInt(found[3], 16);
    return samples > 0 ? { delay: parseInt(found[1], 16), samples } : null;
  }
  return null;
}
