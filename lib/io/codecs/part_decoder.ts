/**
 * Decodes a part of a song in order, from any place, and keeps the latest packet, so
 * that a range can continue where the one before it ended.
 *
 * @module
 */

import type { ReadableFile } from "../../audio/readable_file.ts";
import { SongDecoder } from "./song_decoder.ts";

/** A part of the song that the decoder opens as a song of its own. */
export interface SongPart {
  readonly file: ReadableFile;
  /** Its first audible sample frame, counted from that of the song, and their number. */
  readonly at: number;
  readonly sampleFrames: number;
  /** The first audible sample frame, counted from the start of its stream. */
  readonly firstFrame: number;
  /** Timestamp units in a sample frame. */
  readonly unitsPerFrame: number;
  /** Whether its decoder loses all state at a seek. */
  readonly forgets: boolean;
}

/** A packet of a part; its place is in sample frames from the start of the stream. */
export interface PlacedPacket {
  /** Valid until the next packet is decoded. */
  readonly pcm: Uint8Array;
  readonly first: number;
  readonly end: number;
}

export class PartDecoder implements Disposable {
  readonly part: SongPart;
  /** The sample frame at or before which it began. */
  readonly start: number;
  readonly #decoder: SongDecoder;
  #packet: PlacedPacket | null = null;
  /** The latest end of the packets before it, which overlap it in a damaged file. */
  #earlierEnd = 0;
  #remembersTo = 0;

  private constructor(part: SongPart, start: number, decoder: SongDecoder) {
    this.part = part;
    this.start = start;
    this.#decoder = decoder;
  }

  /**
   * Begins at a packet at or before a sample frame, without history.
   *
   * @param kept A decoder that is no longer needed.
   * @throws {OndacastError} `not-wav`, `unsupported`, `internal`.
   */
  static begin(
    part: SongPart,
    start: number,
    kept: PartDecoder | null,
  ): PartDecoder {
    const isReused = kept?.part === part && part.forgets && kept.isClean;
    if (kept && !isReused) kept[Symbol.dispose]();
    const decoder = isReused ? kept.#decoder : SongDecoder.open(part.file);
    const timestamp = Math.floor(start * part.unitsPerFrame);
    const isAtStart = timestamp <= decoder.format.start;
    if (!isAtStart || isReused) {
      const at = isAtStart ? null : decoder.seek(timestamp);
      if (at === null || at > timestamp) {
        decoder[Symbol.dispose]();
        return new PartDecoder(part, start, SongDecoder.open(part.file));
      }
    }
    return new PartDecoder(part, start, decoder);
  }

  /** The latest packet; null: none was decoded. */
  get packet(): PlacedPacket | null {
    return this.#packet;
  }

  /** The end of the latest packet that depends on all earlier ones; 0: there was none. */
  get remembersTo(): number {
    return this.#remembersTo;
  }

  /** False after damage or the end of the part. */
  get isClean(): boolean {
    return this.#decoder.isClean;
  }

  /**
   * Decodes the next packet.
   *
   * @returns null: the part is over.
   * @throws {OndacastError} `not-wav`, `unsupported`, `internal`.
   */
  next(): PlacedPacket | null {
    this.#earlierEnd = Math.max(this.#earlierEnd, this.#packet?.end ?? 0);
    const packet = this.#decoder.decode();
    if (packet === null) return this.#packet = null;
    const first = Math.round(packet.timestamp / this.part.unitsPerFrame);
    const end = first + packet.sampleFrames;
    if (packet.remembers) this.#remembersTo = end;
    return this.#packet = { pcm: packet.pcm, first, end };
  }

  /** Whether `reach()` would end at the latest packet if it began anew. */
  contains(frame: number): boolean {
    const packet = this.#packet;
    return packet !== null && packet.end >= frame &&
      Math.max(packet.first, this.#earlierEnd) < frame;
  }

  /** Decodes up to the packet that contains a sample frame or ends there. */
  reach(frame: number): this {
    for (let packet; (packet = this.next());) if (packet.end >= frame) break;
    return this;
  }

  [Symbol.dispose](): void {
    this.#decoder[Symbol.dispose]();
  }
}
