/**
 * Songs that consist of bare frames: MP3, MP2, and AAC in ADTS. A range is decoded
 * from a part of the file that begins some frames earlier. The scan of all headers
 * shows where that is.
 *
 * @module
 */

import { AAC_BLOCK, ADTS_SYNTAX, adtsLength } from "../../audio/adts_length.ts";
import {
  ANCHOR_FRAMES,
  type FrameRun,
  type FrameSyntax,
  type ScannedFrame,
} from "../../audio/frame_scan.ts";
import { MPEG_SYNTAX, mpegLength } from "../../audio/mpeg_length.ts";
import {
  FileCursor,
  type ReadableFile,
  windowOf,
} from "../../audio/readable_file.ts";
import type { SongBounds } from "../../audio/song_bounds.ts";
import {
  asFarAsItGoes,
  type DecodableSong,
  type DecodedLayout,
  type Effort,
  needsFfmpeg,
  type RangeBuffer,
} from "./decodable_song.ts";
import {
  AAC_BLOCKS,
  blockStart,
  type DecodingBlocks,
} from "./decoding_blocks.ts";
import { PartDecoder } from "./part_decoder.ts";

/** Data that a decoder needs before a range to be exact. */
interface PreRoll {
  readonly frames: number;
  /** Main data of an MP3 frame starts up to 511 bytes before it. */
  readonly bytes: number;
}

const MPEG_PRE_ROLL: PreRoll = { frames: 10, bytes: 1_024 };

/** A decoder in a run. */
interface Decoding {
  readonly run: FrameRun;
  /** The frame of the run at which it began. */
  readonly start: number;
  /** The sample frame of the song at which it began. */
  readonly at: number;
  readonly decoder: PartDecoder;
}

interface FrameFacts {
  readonly layout: DecodedLayout;
  readonly sampleFrames: number;
  readonly firstFrame: number;
  readonly isEstimated: boolean;
  readonly frameSamples: number;
  readonly runs: readonly FrameRun[];
  readonly syntax: FrameSyntax<ScannedFrame>;
  readonly lead: PreRoll | DecodingBlocks;
}

/** Opens an MP3 or MP2; null: the file is neither. */
export function mpegSong(
  file: ReadableFile,
  bounds: SongBounds,
  effort: Effort,
): DecodableSong | null {
  const found = mpegLength(file, bounds, effort);
  if (found === null) return null;
  const { first, ...length } = found;
  const { rate, channels } = first;
  return new FrameSong(file, bounds, {
    ...length,
    layout: {
      codec: first.layer === 2 ? "mp2" : "mp3",
      ...{ encoding: "s16le", validBits: 16, rate, channels },
    },
    frameSamples: first.samples,
    syntax: MPEG_SYNTAX,
    lead: MPEG_PRE_ROLL,
  });
}

/** Opens AAC in ADTS; null: the file is something else. */
export function adtsSong(
  file: ReadableFile,
  bounds: SongBounds,
  effort: Effort,
): DecodableSong | null {
  const found = adtsLength(file, bounds, effort);
  if (found === null) return null;
  const { first, isHighEfficiency, ...length } = found;
  const { rate, channelConfig: channels } = first;
  if (isHighEfficiency) throw needsFfmpeg("HE-AAC");
  if (first.objectType !== 2) throw needsFfmpeg("AAC other than AAC-LC");
  if (channels < 1 || channels > 2) throw needsFfmpeg("multichannel AAC");
  if (first.blocks > 1) throw needsFfmpeg("AAC with several blocks per frame");
  return new FrameSong(file, bounds, {
    ...length,
    firstFrame: 0,
    layout: {
      ...{ codec: "aac", encoding: "s16le", validBits: 16, rate, channels },
    },
    frameSamples: AAC_BLOCK,
    syntax: ADTS_SYNTAX,
    lead: AAC_BLOCKS,
  });
}

class FrameSong implements DecodableSong {
  readonly layout: DecodedLayout;
  readonly sampleFrames: number;
  readonly firstFrame: number;
  readonly isEstimated: boolean;
  readonly #file: ReadableFile;
  readonly #bounds: SongBounds;
  readonly #facts: FrameFacts;
  /** That of the latest range. */
  #kept: Decoding | null = null;

  constructor(file: ReadableFile, bounds: SongBounds, facts: FrameFacts) {
    this.layout = facts.layout;
    this.sampleFrames = facts.sampleFrames;
    this.firstFrame = facts.firstFrame;
    this.isEstimated = facts.isEstimated;
    this.#file = file;
    this.#bounds = bounds;
    this.#facts = facts;
  }

  decode(range: RangeBuffer): void {
    const { frameSamples, runs } = this.#facts;
    const from = Math.floor((range.from + this.firstFrame) / frameSamples);
    const to = Math.ceil((range.to + this.firstFrame) / frameSamples);
    for (const run of runs) {
      const first = Math.max(0, from - run.firstFrame);
      if (first >= Math.min(run.frames, to - run.firstFrame)) continue;
      asFarAsItGoes(() => this.#decodeRun(run, first, range));
    }
  }

  [Symbol.dispose](): void {
    this.#kept?.decoder[Symbol.dispose]();
    this.#kept = null;
  }

  #decodeRun(run: FrameRun, first: number, range: RangeBuffer): void {
    const decoding = this.#decodingOf(run, first, range.from);
    const { decoder, at } = decoding;
    try {
      let packet = decoder.packet ?? decoder.next();
      while (packet && range.put(packet.pcm, at + packet.first)) {
        packet = decoder.next();
      }
    } finally {
      if (decoder.isClean) this.#kept = decoding;
      else decoder[Symbol.dispose]();
    }
  }

  /** A decoder for a frame of a run, which continues the latest one if that is exact. */
  #decodingOf(run: FrameRun, first: number, from: number): Decoding {
    const { frameSamples, lead } = this.#facts;
    const isExact = "bytes" in lead;
    const start = isExact ? this.#preRolled(run, first, lead) : Math.floor(
      blockStart(lead, first * frameSamples, this.layout.rate) / frameSamples,
    );
    const kept = this.#kept;
    this.#kept = null;
    const isSame = kept?.run === run && (isExact || kept.start === start);
    if (isSame && kept.decoder.contains(from - kept.at)) return kept;
    kept?.decoder[Symbol.dispose]();
    const at = (run.firstFrame + start) * frameSamples - this.firstFrame;
    const file = windowOf(this.#file, this.#offset(run, start), run.to);
    const sampleFrames = (run.frames - start) * frameSamples;
    const part = { file, at, sampleFrames, firstFrame: 0, unitsPerFrame: 1 };
    const decoder = PartDecoder.begin({ ...part, forgets: false }, 0, null);
    return { run, start, at, decoder };
  }

  /** The frame of a run at which decoding must begin for another to be exact. */
  #preRolled(run: FrameRun, frame: number, preRoll: PreRoll): number {
    let start = Math.max(0, frame - preRoll.frames);
    const end = this.#offset(run, frame);
    while (start > 0 && end - this.#offset(run, start) < preRoll.bytes) {
      start--;
    }
    return start;
  }

  /** The offset of a frame of a run; after the last one: the end of the run. */
  #offset(run: FrameRun, frame: number): number {
    if (frame >= run.frames) return run.to;
    let at = run.anchors[Math.floor(frame / ANCHOR_FRAMES)];
    const cursor = new FileCursor(this.#file, this.#bounds.to, 64 * 1024);
    for (let i = frame % ANCHOR_FRAMES; i > 0; i--) {
      at += this.#facts.syntax.read(cursor, at)?.bytes ?? 0;
    }
    return at;
  }
}
