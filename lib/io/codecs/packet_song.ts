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
import { PartDecoder, type SongPart } from "./part_decoder.ts";
import type { Codec } from "./song_decoder.ts";

/**
 * Sample frames to decode before a range. Opus without SILK is within one 16-bit step
 * after 600 ms at the worst; RFC 7845, section 4.6, asks for 80 ms.
 */
const PRE_ROLL: Readonly<Partial<Record<Codec, number>>> = {
  vorbis: 8_192,
  opus: 38_400,
  aac: 2_048,
};

/** Codecs whose decoders have the same state after the pre-roll as after the whole song. */
const FORGETFUL: readonly Codec[] = ["vorbis", "flac"];

/**
 * The long-term prediction of SILK (RFC 6716, section 4.2.7.9.1) may keep a difference
 * for ever, so that only decoding from the start is exact. It takes too long in the
 * middle of a song, where the ranges of a block share a decoder that begins a little
 * before the block. After 10 s the difference is below 2 % and no longer shrinks.
 */
const SILK = {
  exactFrames: 60 * 48_000,
  blockFrames: 50 * 48_000,
  leadFrames: 10 * 48_000,
} as const;

export class PacketSong implements DecodableSong {
  readonly layout: DecodedLayout;
  readonly sampleFrames: number;
  readonly isEstimated = false;
  readonly firstFrame: number;
  readonly isPartial: boolean;
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
    options: { sampleFrames?: number; isPartial?: boolean } = {},
  ) {
    this.layout = layout;
    this.#parts = parts;
    this.firstFrame = parts[0].firstFrame;
    this.sampleFrames = options.sampleFrames ?? parts[0].sampleFrames;
    this.isPartial = options.isPartial ?? false;
  }

  decode(range: RangeBuffer): void {
    for (const part of this.#parts) {
      const from = Math.max(0, range.from - part.at);
      const to = Math.min(part.sampleFrames, range.to - part.at);
      if (from >= to) continue;
      asFarAsItGoes(() => this.#decodePart(part, from, to, range));
    }
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
      if (decoder?.isReusable) this.#kept = decoder;
      else decoder?.[Symbol.dispose]();
    }
  }

  /** A decoder whose packet ends at a sample frame or contains it, with its history. */
  #decoderFor(part: SongPart, at: number): PartDecoder {
    const preRoll = PRE_ROLL[this.layout.codec] ?? 0;
    const lead = leadStart(at);
    const kept = this.#kept;
    this.#kept = null;
    if (kept?.part === part && contains(kept, at)) {
      if (FORGETFUL.includes(this.layout.codec)) return kept;
      if (kept.start === lead && kept.remembersTo > at - preRoll) return kept;
    }
    const decoder = reaching(
      PartDecoder.begin(part, Math.max(0, at - preRoll), kept),
      at,
    );
    if (decoder.remembersTo <= at - preRoll || decoder.start === lead) {
      return decoder;
    }
    return reaching(PartDecoder.begin(part, lead, decoder), at);
  }
}

/** The sample frame at which decoding of SILK begins for a range. */
function leadStart(at: number): number {
  const { exactFrames, blockFrames, leadFrames } = SILK;
  if (at < exactFrames) return 0;
  const inBlock = (at - exactFrames) % blockFrames;
  return at - inBlock - leadFrames;
}

function contains({ packet }: PartDecoder, at: number): boolean {
  return packet !== null && packet.first < at && packet.end >= at;
}

/** Decodes up to the packet that contains a sample frame or ends there. */
function reaching(decoder: PartDecoder, at: number): PartDecoder {
  for (let packet; (packet = decoder.next());) if (packet.end >= at) break;
  return decoder;
}
