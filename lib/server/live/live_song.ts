/**
 * A song that is being made: the last two seconds of what its sender has sent,
 * for any number of listeners. It is what a file and its pages are to other songs.
 *
 * @module
 */

import {
  bytesPerSecond,
  containerOf,
  type PcmFormat,
  sampleFrameBytes,
  secondsToBytes,
  wholeSampleFrames,
} from "../../audio/format.ts";
import { silence } from "../../audio/pcm.ts";
import { wavHeader } from "../../audio/wav_writer.ts";
import { OndacastError } from "../../errors.ts";
import { InvalidationSignal } from "../../model/invalidation.ts";
import { LiveBursts } from "../../model/live_bursts.ts";
import { LiveRate } from "../../model/live_rate.ts";
import type { LiveFeed, LiveListener, OpenSong } from "../../ports/server.ts";
import type { SongEntry } from "../../ports/song_entry.ts";
import { LivePeaks } from "./live_peaks.ts";

/** How much is kept. */
export const KEPT_SECONDS = 2;
/** The most memory of one song. */
export const MOST_KEPT_BYTES = 4 << 20;
/** A format of which less than this fits there is refused. */
const LEAST_KEPT_SECONDS = 0.5;
/** Listeners join this far behind what came last. */
const JOIN_SECONDS = 0.1;
/**
 * Listeners hear of what has come once it is this much: a sender may send sample
 * frame by sample frame, and each notice costs work for each of them.
 */
const NOTICE_SECONDS = 0.005;
/** A listener this far behind has fallen too far, and skips ahead. */
const BEHIND_SECONDS = 1.5;

/** Where a live song comes from, where several servers are one. */
export interface LiveOrigin {
  /** The server that has it. */
  place?: string;
  /** Its first sample frame that can be heard here. */
  fromFrame?: number;
}

export class LiveSong implements LiveFeed {
  readonly entry: SongEntry;
  readonly gone = new InvalidationSignal();
  /** How its sender's clock runs. */
  readonly #rate: LiveRate;
  readonly #bursts: LiveBursts;
  readonly #format: PcmFormat;
  readonly #head: Uint8Array;
  readonly #ring: Uint8Array;
  readonly #listeners = new Set<LiveListener>();
  readonly #peaks: LivePeaks;
  /** Bytes of PCM before the first one that has come. */
  readonly #missedBytes: number;
  /** Bytes of PCM that have come, or were missed. */
  #pcmBytes: number;
  /** What its listeners know of, in bytes. */
  #noticedBytes: number;
  #isComplete = false;
  /** What was framed last, which all who are up to date are sent. */
  #latest: { from: number; to: number; bytes: Uint8Array } | null = null;

  /**
   * @throws {OndacastError} `unsupported`, if too little of it can be kept.
   */
  constructor(
    name: string,
    format: PcmFormat,
    { place, fromFrame = 0 }: LiveOrigin = {},
  ) {
    const bytes = secondsToBytes(format, KEPT_SECONDS);
    const kept = wholeSampleFrames(format, Math.min(bytes, MOST_KEPT_BYTES));
    if (kept < secondsToBytes(format, LEAST_KEPT_SECONDS)) {
      throw new OndacastError(
        "unsupported",
        `Cannot send ${name} live: ${
          bytesPerSecond(format)
        } bytes a second are too many`,
      );
    }
    this.#format = format;
    this.#missedBytes = fromFrame * sampleFrameBytes(format);
    this.#pcmBytes = this.#noticedBytes = this.#missedBytes;
    this.#head = wavHeader(containerOf(format), null);
    this.#ring = new Uint8Array(kept);
    this.#rate = new LiveRate(format.rate);
    this.#bursts = new LiveBursts(format.rate);
    this.#peaks = new LivePeaks(format);
    this.entry = {
      name,
      bytes: null,
      etag: "live",
      format: { ...format, dataOffset: this.#head.length, dataBytes: null },
      ...(place !== undefined && { place }),
    };
  }

  get edge(): number {
    return this.#head.length + this.#pcmBytes;
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  get frames(): number | null {
    return this.#isComplete ? this.#wholeFrames : null;
  }

  get #wholeFrames(): number {
    return Math.floor(this.#pcmBytes / this.frameBytes);
  }

  get joinFrame(): number {
    const behind = Math.round(JOIN_SECONDS * this.#format.rate);
    const first = this.#missedBytes / this.frameBytes;
    return Math.max(first, this.#wholeFrames - behind);
  }

  get joinOffset(): number {
    const { joinFrame } = this;
    return joinFrame === 0 ? 0 : this.#offsetOf(joinFrame);
  }

  get oldestOffset(): number {
    const behind = secondsToBytes(this.#format, BEHIND_SECONDS);
    return this.#offsetBehind(Math.min(behind, this.#ring.length));
  }

  get keptOffset(): number {
    return this.#offsetBehind(this.#ring.length);
  }

  /** Where so many bytes begin that came last. */
  #offsetBehind(bytes: number): number {
    const oldest = Math.max(this.#missedBytes, this.#pcmBytes - bytes);
    return oldest <= 0 ? 0 : this.#head.length + oldest;
  }

  lateUs(nowUs: number): number | null {
    return this.#rate.lateUs(nowUs);
  }

  unevenUs(nowUs: number): number {
    const lateUs = this.#rate.lateUs(nowUs);
    return lateUs === null ? 0 : this.#bursts.unevenUs(lateUs);
  }

  add(listener: LiveListener): void {
    this.#listeners.add(listener);
  }

  delete(listener: LiveListener): void {
    this.#listeners.delete(listener);
  }

  get frameBytes(): number {
    return sampleFrameBytes(this.#format);
  }

  /**
   * The next bytes of its PCM, which may end within a sample frame.
   *
   * @returns How many sample frames they complete.
   */
  append(pcm: Uint8Array, nowUs: number): number {
    const before = this.#wholeFrames;
    this.#keep(pcm);
    this.#rate.came(this.#wholeFrames, nowUs);
    this.#bursts.came(this.#wholeFrames, nowUs);
    const isNotable = this.#pcmBytes - this.#noticedBytes >=
      secondsToBytes(this.#format, NOTICE_SECONDS);
    if (isNotable) this.#grown();
    return this.#wholeFrames - before;
  }

  /** Silence in place of the rest of a sample frame that was begun. */
  completeFrame(): void {
    this.appendSilence(0);
  }

  /** Silence in place of what has not come; a frame that was begun is completed. */
  appendSilence(seconds: number): void {
    const frameBytes = this.frameBytes;
    const begun = this.#pcmBytes % frameBytes;
    const bytes = secondsToBytes(this.#format, seconds) +
      (begun && frameBytes - begun);
    if (bytes === 0) return;
    this.#keep(silence(this.#format, bytes));
    this.#grown();
  }

  /** Silence up to a sample frame: what is before it did not come. */
  skipTo(frame: number): void {
    const missing = frame * this.frameBytes - this.#pcmBytes;
    if (missing <= 0) return;
    const filled = Math.min(missing, this.#ring.length);
    this.#pcmBytes += missing - filled;
    this.#keep(silence(this.#format, filled));
    this.#grown();
  }

  /** The sender has ended it. */
  end(): void {
    this.#isComplete = true;
    this.#grown();
  }

  /** It ends for a reason that its listeners are told. */
  fail(error: OndacastError): void {
    this.gone.invalidate(error);
  }

  /**
   * Bytes that are kept, to be sent as they are.
   *
   * @param to At most {@linkcode edge}; from before {@linkcode oldestOffset} it may
   * have been overwritten.
   */
  slice(from: number, to: number): Uint8Array {
    const latest = this.#latest;
    if (latest?.from === from && latest.to === to) return latest.bytes;
    const bytes = new Uint8Array(to - from);
    const head = this.#head.subarray(from, to);
    bytes.set(head);
    const { length } = this.#ring;
    const start = from + head.length - this.#head.length;
    for (let done = head.length; done < bytes.length;) {
      const at = (start + done - head.length) % length;
      const part = this.#ring.subarray(at, at + bytes.length - done);
      bytes.set(part, done);
      done += part.length;
    }
    this.#latest = { from, to, bytes };
    return bytes;
  }

  /** A listener's handle. */
  open(): OpenSong {
    return {
      entry: this.entry,
      gone: this.gone,
      live: this,
      isSlow: false,
      partEnd: (offset) => offset,
      read: (into, offset) => this.#read(into, offset),
      hurry() {},
      abandon() {},
      close() {},
    };
  }

  #read(into: Uint8Array, offset: number): Promise<void> {
    const isThere = offset >= this.keptOffset &&
      offset + into.length <= this.edge;
    if (isThere) into.set(this.slice(offset, offset + into.length));
    return isThere ? Promise.resolve() : Promise.reject(
      new OndacastError("changed", "Cannot read a part that is not kept"),
    );
  }

  get peaks(): Uint8Array<ArrayBuffer> {
    return this.#peaks.all;
  }

  #keep(pcm: Uint8Array): void {
    this.#peaks.came(pcm, this.#pcmBytes);
    const { length } = this.#ring;
    const begin = Math.max(0, pcm.length - length);
    for (let done = begin; done < pcm.length;) {
      const at = (this.#pcmBytes + done) % length;
      const part = pcm.subarray(done, done + length - at);
      this.#ring.set(part, at);
      done += part.length;
    }
    this.#pcmBytes += pcm.length;
  }

  #grown(): void {
    this.#noticedBytes = this.#pcmBytes;
    for (const listener of [...this.#listeners]) listener.grown();
  }

  #offsetOf(frame: number): number {
    return this.#head.length + frame * this.frameBytes;
  }
}
