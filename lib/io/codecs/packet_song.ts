/**
 * Songs in containers with timestamps: MP4, CAF and Ogg. The decoder finds the
 * packets; the audible part is already known. A chained Ogg has a part for each
 * link.
 *
 * @module
 */

import {
  asFarAsItGoes,
  type DecodableSong,
  type DecodedLayout,
  type RangeBuffer,
} from "./decodable_song.ts";
import {
  AAC_BLOCKS,
  blockStart,
  type DecodingBlocks,
  OPUS_BLOCKS,
  SILK_BLOCKS,
} from "./decoding_blocks.ts";
import { PartDecoder, type SongPart } from "./part_decoder.ts";
import type { Codec } from "./song_decoder.ts";

/**
 * Sample frames to decode before a range, after which the state of a decoder is that
 * after the whole song. It is also no less than the longest packet: with false
 * timestamps packets overlap, and the earliest of those at a place is the right one.
 */
const PRE_ROLL: Readonly<Partial<Record<Codec, number>>> = {
  ...{ vorbis: 8_192, flac: 65_536, alac: 65_536 },
};

const BLOCKS: Readonly<Partial<Record<Codec, DecodingBlocks>>> = {
  opus: OPUS_BLOCKS,
  aac: AAC_BLOCKS,
};

export class PacketSong implements DecodableSong {
  readonly layout: DecodedLayout;
  readonly sampleFrames: number;
  readonly isEstimated: boolean;
  readonly firstFrame: number;
  readonly joinedFrames?: number;
  readonly #parts: readonly SongPart[];
  /** The decoder of the latest range, if it can be reused. */
  #kept: PartDecoder | null = null;

  /**
   * @param parts At least one, in order, with silence in the gaps.
   * @param options `sampleFrames`: all audible ones; by default those of the first
   * part.
   */
  constructor(
    layout: DecodedLayout,
    parts: readonly SongPart[],
    options: {
      sampleFrames?: number;
      isEstimated?: boolean;
      joinedFrames?: number;
    } = {},
  ) {
    this.layout = layout;
    this.#parts = parts;
    this.firstFrame = parts[0].firstFrame;
    this.sampleFrames = options.sampleFrames ?? parts[0].sampleFrames;
    this.isEstimated = options.isEstimated ?? false;
    this.joinedFrames = options.joinedFrames;
  }

  decode(range: RangeBuffer): void {
    for (const part of this.#parts) {
      const from = Math.max(0, range.from - part.at);
      const to = Math.min(part.sampleFrames, range.to - part.at);
      if (from >= to) continue;
      asFarAsItGoes(() => this.#decodePart(part, from, to, range));
    }
  }

  [Symbol.dispose](): void {
    this.#kept?.[Symbol.dispose]();
    this.#kept = null;
  }

  #decodePart(
    part: SongPart,
    from: number,
    to: number,
    range: RangeBuffer,
  ): void {
    const { firstFrame, sampleFrames } = part;
    let decoder: PartDecoder | null = null;
    try {
      decoder = this.#decoderFor(part, firstFrame + from);
      let { packet } = decoder;
      for (; packet; packet = decoder.next()) {
        const first = packet.first - firstFrame;
        const end = packet.end - firstFrame;
        const bytes = packet.pcm.length / (end - first);
        const pcm = packet.pcm.subarray(
          Math.max(0, -first) * bytes,
          Math.max(0, Math.min(end, sampleFrames) - first) * bytes,
        );
        range.put(pcm, part.at + Math.max(0, first));
        if (end >= to) return;
      }
    } finally {
      if (decoder?.isClean) this.#kept = decoder;
      else decoder?.[Symbol.dispose]();
    }
  }

  /** A decoder whose packet ends at a sample frame or contains it, with its history. */
  #decoderFor(part: SongPart, at: number): PartDecoder {
    const { codec, rate } = this.layout;
    const kept = this.#kept;
    this.#kept = null;
    const isAtRange = kept?.part === part && kept.contains(at);
    const blocks = BLOCKS[codec];
    if (blocks === undefined) {
      if (isAtRange) return kept;
      const start = Math.max(0, at - (PRE_ROLL[codec] ?? 0));
      return PartDecoder.begin(part, start, kept).reach(at);
    }
    const start = blockStart(blocks, at, rate);
    const silkStart = blockStart(SILK_BLOCKS, at, rate);
    const fits = (decoder: PartDecoder) =>
      decoder.start ===
        (decoder.remembersTo > start ? silkStart : start);
    if (isAtRange && fits(kept)) return kept;
    const decoder = PartDecoder.begin(part, start, kept).reach(at);
    if (fits(decoder)) return decoder;
    return PartDecoder.begin(part, silkStart, decoder).reach(at);
  }
}
