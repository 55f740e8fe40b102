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
 * Sample frames to decode before a range, after which the state of a decoder is that
 * after the whole song. Codecs that are not listed need none.
 */
const PRE_ROLL: Readonly<Partial<Record<Codec, number>>> = { vorbis: 8_192 };

/**
 * Where the state of a decoder depends on the place where it began, all ranges of a
 * block share a decoder that begins a little before the block.
 */
interface Blocks {
  /** Ranges before this are decoded from the start of the song. */
  readonly exactSeconds: number;
  readonly blockSeconds: number;
  readonly leadSeconds: number;
}

const BLOCKS: Readonly<Partial<Record<Codec, Blocks>>> = {
  // Within one 16-bit step after 600 ms at the worst; RFC 7845, section 4.6, asks for
  // 80 ms.
  opus: { exactSeconds: 0, blockSeconds: 15, leadSeconds: 0.8 },
  // Its noise substitution depends on the whole song. All else is exact after 2 frames.
  aac: { exactSeconds: 60, blockSeconds: 30, leadSeconds: 0.3 },
};

/**
 * The long-term prediction of SILK (RFC 6716, section 4.2.7.9.1) may keep a difference
 * for ever. After 10 s it is below 2 % and no longer shrinks.
 */
const SILK: Blocks = { exactSeconds: 40, blockSeconds: 30, leadSeconds: 10 };

export class PacketSong implements DecodableSong {
  readonly layout: DecodedLayout;
  readonly sampleFrames: number;
  readonly isEstimated = false;
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
    options: { sampleFrames?: number; joinedFrames?: number } = {},
  ) {
    this.layout = layout;
    this.#parts = parts;
    this.firstFrame = parts[0].firstFrame;
    this.sampleFrames = options.sampleFrames ?? parts[0].sampleFrames;
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
    const isAtRange = kept?.part === part && contains(kept, at);
    const blocks = BLOCKS[codec];
    if (blocks === undefined) {
      if (isAtRange) return kept;
      const start = Math.max(0, at - (PRE_ROLL[codec] ?? 0));
      return reaching(PartDecoder.begin(part, start, kept), at);
    }
    const start = startOf(blocks, at, rate);
    const silkStart = startOf(SILK, at, rate);
    const fits = (decoder: PartDecoder) =>
      decoder.start ===
        (decoder.remembersTo > start ? silkStart : start);
    if (isAtRange && fits(kept)) return kept;
    const decoder = reaching(PartDecoder.begin(part, start, kept), at);
    if (fits(decoder)) return decoder;
    return reaching(PartDecoder.begin(part, silkStart, decoder), at);
  }
}

/** The sample frame at which decoding begins for a range. */
function startOf(blocks: Blocks, at: number, rate: number): number {
  const exact = blocks.exactSeconds * rate;
  if (at < exact) return 0;
  const inBlock = (at - exact) % (blocks.blockSeconds * rate);
  return Math.max(0, Math.floor(at - inBlock - blocks.leadSeconds * rate));
}

function contains({ packet }: PartDecoder, at: number): boolean {
  return packet !== null && packet.first < at && packet.end >= at;
}

/** Decodes up to the packet that contains a sample frame or ends there. */
function reaching(decoder: PartDecoder, at: number): PartDecoder {
  for (let packet; (packet = decoder.next());) if (packet.end >= at) break;
  return decoder;
}
