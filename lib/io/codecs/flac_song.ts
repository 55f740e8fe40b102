/**
 * FLAC files. A range is decoded from the frame that contains its first sample
 * frame, found by bisection: the seek table may be wrong, and leading pictures are
 * not read again.
 *
 * @module
 */

import {
  findFlacFrame,
  type FlacFrame,
  flacFrameEnds,
  flacHead,
  type FlacInfo,
  flacInfo,
  lastFlacFrames,
} from "../../audio/flac_frames.ts";
import { joined, type ReadableFile } from "../../audio/readable_file.ts";
import type { SongBounds } from "../../audio/song_bounds.ts";
import {
  asFarAsItGoes,
  type DecodableSong,
  type DecodedLayout,
  needsFfmpeg,
  notASong,
  type RangeBuffer,
} from "./decodable_song.ts";
import { SongDecoder } from "./song_decoder.ts";

/** The decoder fails with more bits. */
const MAX_BITS = 24;

export class FlacSong implements DecodableSong {
  readonly layout: DecodedLayout;
  readonly sampleFrames: number;
  readonly isEstimated = false;
  readonly firstFrame = 0;
  readonly md5?: string;
  readonly #file: ReadableFile;
  #bounds: SongBounds;
  readonly #info: FlacInfo;

  constructor(file: ReadableFile, bounds: SongBounds) {
    const info = flacInfo(file, bounds);
    if (info === null) throw notASong("it is malformed");
    if (info.bits > MAX_BITS) throw needsFfmpeg(`${info.bits}-bit FLAC`);
    this.#file = file;
    this.#bounds = bounds;
    this.#info = info;
    using decoder = this.#open(info.framesAt);
    const { format } = decoder;
    const { sampleFrames: _, start: _start, ...layout } = format;
    this.layout = layout;
    const end = this.#end();
    this.#bounds = { ...bounds, to: end.to };
    this.sampleFrames = end.sampleFrames;
    if (info.md5 && this.sampleFrames === info.sampleFrames) {
      this.md5 = info.md5;
    }
  }

  decode(range: RangeBuffer): void {
    const { from } = range;
    const frame = findFlacFrame(this.#file, this.#bounds, this.#info, from);
    asFarAsItGoes(() => {
      using decoder = this.#open(frame?.at ?? this.#info.framesAt);
      for (let packet; (packet = decoder.decode());) {
        if (!range.put(packet.pcm, packet.timestamp)) break;
      }
    });
  }

  [Symbol.dispose](): void {}

  /** A decoder of the song that starts with the frame at an offset. */
  #open(at: number, to = this.#bounds.to): SongDecoder {
    return SongDecoder.open(joined(flacHead(this.#info), this.#file, at, to));
  }

  /** The end of the last complete frame, in bytes and sample frames. */
  #end(): { to: number; sampleFrames: number } {
    const { to } = this.#bounds;
    const frames = lastFlacFrames(this.#file, this.#bounds, this.#info);
    const last = frames.at(-1);
    if (!last) return { to, sampleFrames: this.#info.sampleFrames ?? 0 };
    for (const end of flacFrameEnds(this.#file, last.at, to)) {
      if (end === to || this.#isFrame(last, end)) {
        return { to: end, sampleFrames: last.to };
      }
    }
    return { to: last.at, sampleFrames: last.from };
  }

  #isFrame(frame: FlacFrame, end: number): boolean {
    let sampleFrames = 0;
    asFarAsItGoes(() => {
      using decoder = this.#open(frame.at, end);
      const packet = decoder.decode();
      sampleFrames = packet?.sampleFrames ?? 0;
    });
    return sampleFrames === frame.to - frame.from;
  }
}
