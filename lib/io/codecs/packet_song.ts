/**
 * Songs in containers that place packets in time: MP4, CAF and Ogg. The decoder
 * finds the packets; what of them is heard is known already. A chained Ogg has a
 * part for each link.
 *
 * @module
 */

import type { ReadableFile } from "../../audio/readable_file.ts";
import {
  asFarAsItGoes,
  type DecodableSong,
  type DecodedLayout,
  type RangeBuffer,
} from "./decodable_song.ts";
import { type Codec, SongDecoder } from "./song_decoder.ts";

/** A stretch of the song that is a song of its own to the decoder. */
export interface SongPart {
  readonly file: ReadableFile;
  /** Where it begins in what is heard, and how much of it is heard. */
  readonly at: number;
  readonly sampleFrames: number;
  /** The sample frame of its stream with which what is heard begins. */
  readonly firstFrame: number;
  /** Units of its timestamps a second. */
  readonly timescale: number;
  /** Whether a decoder of it forgets all at a seek, so that it may stay open. */
  readonly forgets: boolean;
}

/** Sample frames that a decoder is given before a range, until it is exact. */
const PRE_ROLL: Readonly<Partial<Record<Codec, number>>> = {
  vorbis: 8_192,
  // 80 ms are due (RFC 7845, section 4.6); tones are only right after 300.
  opus: 19_200,
  aac: 2_048,
};

export class PacketSong implements DecodableSong {
  readonly layout: DecodedLayout;
  readonly sampleFrames: number;
  readonly isEstimated = false;
  readonly firstFrame: number;
  readonly isPartial: boolean;
  readonly #parts: readonly SongPart[];
  /** The decoder that was used last, where it may be used again. */
  #kept: { part: SongPart; decoder: SongDecoder } | null = null;

  /**
   * @param parts At least one, in order; silence is between them.
   * @param options `sampleFrames`: what is heard, if that is more than one part.
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
    const scale = this.layout.rate / part.timescale;
    const start = part.firstFrame + from -
      (PRE_ROLL[this.layout.codec] ?? 0);
    const decoder = this.#decoderAt(part, Math.floor(start / scale));
    try {
      this.#decodeWith(decoder, part, to, range);
    } finally {
      if (part.forgets && decoder.isClean) this.#kept = { part, decoder };
      else decoder[Symbol.dispose]();
    }
  }

  #decodeWith(
    decoder: SongDecoder,
    part: SongPart,
    to: number,
    range: RangeBuffer,
  ): void {
    const scale = this.layout.rate / part.timescale;
    for (let packet; (packet = decoder.decode());) {
      const first = Math.round(packet.timestamp * scale) - part.firstFrame;
      const last = first + packet.sampleFrames;
      const bytes = packet.pcm.length / packet.sampleFrames;
      const pcm = packet.pcm.subarray(
        Math.max(0, -first) * bytes,
        Math.max(0, Math.min(last, part.sampleFrames) - first) * bytes,
      );
      range.put(pcm, part.at + Math.max(0, first));
      if (last >= to) return;
    }
  }

  /**
   * A decoder at a packet at or before a timestamp. As a rule the song is opened
   * anew: what a decoder of MP4 does depends on what it has met before.
   */
  #decoderAt(part: SongPart, timestamp: number): SongDecoder {
    const kept = this.#kept;
    this.#kept = null;
    const isKept = kept?.part === part;
    if (kept && !isKept) kept.decoder[Symbol.dispose]();
    const decoder = isKept ? kept.decoder : SongDecoder.open(part.file);
    const isAtStart = timestamp <= decoder.format.start;
    if (isAtStart && !isKept) return decoder;
    const at = isAtStart ? null : decoder.seek(timestamp);
    if (at !== null && at <= timestamp) return decoder;
    decoder[Symbol.dispose]();
    return SongDecoder.open(part.file);
  }
}
