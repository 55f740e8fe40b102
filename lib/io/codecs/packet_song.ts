/**
 * Songs in containers with timestamps: MP4, CAF and Ogg. The decoder finds the
 * packets; the audible part is already known. A chained Ogg has a part for each
 * link.
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

/** A part of the song that the decoder opens as a song of its own. */
export interface SongPart {
  readonly file: ReadableFile;
  /** Its first audible sample frame, counted from that of the song, and their number. */
  readonly at: number;
  readonly sampleFrames: number;
  /** The first audible sample frame, counted from the start of its stream. */
  readonly firstFrame: number;
  /** Timestamp units per second. */
  readonly timescale: number;
  /** Whether its decoder loses all state at a seek, so that it can be reused. */
  readonly forgets: boolean;
}

/** Sample frames to decode before a range, for the range to be exact. */
const PRE_ROLL: Readonly<Partial<Record<Codec, number>>> = {
  vorbis: 8_192,
  // RFC 7845, section 4.6, asks for 80 ms; tones need 300 ms.
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
  /** The decoder of the latest range, if it can be reused. */
  #kept: { part: SongPart; decoder: SongDecoder } | null = null;

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
   * A decoder at a packet at or before a timestamp. MP4 is opened anew for each
   * range because its decoder keeps state across seeks.
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
