/**
 * Reads an open song as the WAV that is sent: a header, and PCM that is decoded in
 * segments at fixed offsets. It is the "container" step on the walk of one byte.
 *
 * @module
 */

import { bytesPerSecond, sampleFrameBytes } from "../../audio/format.ts";
import {
  type Rendition,
  renditionOf,
  segmentFrames,
  silentByte,
} from "../../audio/rendition.ts";
import { AbandonedError, OndacastError } from "../../errors.ts";
import type {
  DecodedSegment,
  DecoderJob,
  FileRef,
  SongDecoding,
} from "../codecs/decoder_jobs.ts";
import type { DecoderPool, DecoderTask } from "../codecs/decoder_pool.ts";
import type { Deadline } from "../codecs/decoder_queue.ts";
import { SegmentHash } from "./segment_hash.ts";
import type { SegmentMemory } from "./segment_memory.ts";
import {
  readHeader,
  type Urgency,
  type WavListener,
  type WavReader,
} from "./wav_reader.ts";

/** Shared by the readers of all songs. */
export interface RenditionTools {
  readonly pool: DecoderPool;
  readonly memory: SegmentMemory;
  readonly counts: DecodingCounts;
}

/** Counts since the start. */
export interface DecodingCounts {
  segments: number;
  /** Segments that are silence because they could not be decoded in time. */
  silentSegments: number;
  /** Sample frames that are silence because their packets are damaged. */
  damagedFrames: number;
}

/** Callbacks about a song that is being read. */
export interface RenditionEvents {
  /** Called with the SHA-256 of the WAV, once all of it was decoded in order. */
  hashed(sha256: string): void;
  /** Called if it cannot be decoded correctly; a part of it may be silent. */
  damaged(reason: string): void;
  /** Called if decoding has revealed another length than announced. */
  counted(sampleFrames: number): void;
}

type DecodeTask = DecoderTask<Extract<DecoderJob, { type: "decode" }>>;

/** A segment that is being decoded. */
interface Pending {
  readonly task: DecodeTask;
  /** The path that it is read from. */
  readonly path: string;
  readonly pcm: Promise<Uint8Array>;
  /** Those for whom it is decoded; undefined: always. */
  readonly listeners: Set<WavListener | undefined>;
}

/** Reads one song, for all its listeners. */
export class RenditionReader implements WavReader {
  readonly #file: FileRef;
  readonly #decoding: SongDecoding;
  readonly #tools: RenditionTools;
  readonly #events: RenditionEvents;
  readonly #rendition: Rendition;
  readonly #segmentFrames: number;
  readonly #frameBytes: number;
  readonly #owner: number;
  readonly #pending = new Map<number, Pending>();
  readonly #hash: SegmentHash;
  #isReported = false;

  constructor(
    file: FileRef,
    decoding: SongDecoding,
    tools: RenditionTools,
    events: RenditionEvents,
  ) {
    this.#file = file;
    this.#decoding = decoding;
    this.#tools = tools;
    this.#events = events;
    this.#rendition = renditionOf(decoding);
    this.#segmentFrames = segmentFrames(
      this.#rendition.format,
      decoding.codec,
    );
    this.#frameBytes = sampleFrameBytes(this.#rendition.format);
    this.#owner = tools.memory.newOwner();
    this.#hash = new SegmentHash(this.#rendition.header, decoding);
  }

  /**
   * Fills the buffer from an offset in the WAV, and starts decoding the next segment.
   *
   * @param urgency If it is idle, nothing is decoded beyond the range.
   * @throws {OndacastError} `changed`, if the file no longer has the song's content.
   */
  async read(
    into: Uint8Array,
    offset: number,
    urgency: Urgency = { heardMs: 0 },
  ): Promise<void> {
    const headerBytes = this.#rendition.header.length;
    let filled = readHeader(this.#rendition, into, offset);
    this.#beginAll(offset + filled, offset + into.length, urgency);
    while (filled < into.length) {
      const at = offset + filled - headerBytes;
      const index = Math.floor(at / this.#segmentBytes);
      const from = at - index * this.#segmentBytes;
      const rest = await this.#segment(index, from, urgency);
      const piece = rest.subarray(0, into.length - filled);
      into.set(piece, filled);
      filled += piece.length;
      this.#tools.memory.noteRead(this.#owner, index, from + piece.length);
      if (urgency.heardMs === "idle") continue;
      const ahead = headerBytes + (index + 1) * this.#segmentBytes - offset;
      const aheadMs = ahead / bytesPerSecond(this.#rendition.format) * 1000;
      this.#prepare(index + 1, urgency.heardMs + aheadMs, urgency);
    }
  }

  partEnd(offset: number): number {
    const { header, bytes } = this.#rendition;
    const index = Math.floor((offset - header.length) / this.#segmentBytes);
    const end = header.length + (index + 1) * this.#segmentBytes;
    return Math.max(offset, Math.min(end, bytes));
  }

  hurry(from: number, to: number, urgency: Urgency): void {
    const headerBytes = this.#rendition.header.length;
    for (const [index, { task, listeners }] of this.#pending) {
      const start = headerBytes + index * this.#segmentBytes;
      if (start >= to || start + this.#segmentBytes <= from) continue;
      listeners.add(urgency.listener);
      task.hurry(urgency.heardMs, urgency.address);
    }
  }

  /** Cancels segments that no reader waits for. */
  close(): void {
    for (const { task } of this.#pending.values()) task.cancel();
    this.#tools.memory.forget(this.#owner);
  }

  get #segmentBytes(): number {
    return this.#segmentFrames * this.#frameBytes;
  }

  /** Begins all segments of a range, so that each of them can be hurried. */
  #beginAll(from: number, to: number, urgency: Urgency): void {
    const headerBytes = this.#rendition.header.length;
    const first = Math.floor((from - headerBytes) / this.#segmentBytes);
    for (let index = Math.max(0, first);; index++) {
      const start = headerBytes + index * this.#segmentBytes;
      if (start >= to) return;
      const isKnown = this.#known(index, Math.max(0, from - start));
      if (isKnown || this.#pending.has(index)) continue;
      const { pcm } = this.#begin(index, urgency.heardMs, urgency);
      pcm.catch(() => {}); // The reader gets the failure when it is there.
    }
  }

  /** The rest of a segment from an offset in it. */
  async #segment(
    index: number,
    from: number,
    urgency: Urgency,
  ): Promise<Uint8Array> {
    const known = this.#known(index, from);
    if (known !== undefined) return known;
    const pending = this.#pending.get(index) ??
      this.#begin(index, urgency.heardMs, urgency);
    pending.listeners.add(urgency.listener);
    pending.task.hurry(urgency.heardMs, urgency.address);
    try {
      return (await pending.pcm).subarray(from);
    } catch (error) {
      const isOver = urgency.listener?.isOver;
      const isMoved = pending.path !== this.#file.path;
      if (isOver || !(isMoved || error instanceof AbandonedError)) throw error;
      return this.#segment(index, from, urgency); // dropped just before
    }
  }

  /** Decodes a segment before it is read. */
  #prepare(index: number, deadline: Deadline, urgency: Urgency): void {
    if (index * this.#segmentFrames >= this.#decoding.sampleFrames) return;
    if (this.#known(index) !== undefined) return;
    let pending = this.#pending.get(index);
    if (pending === undefined) {
      // Else a segment that somebody still needs would have to be decoded again.
      if (!this.#tools.memory.hasRoom(this.#segmentBytes)) return;
      pending = this.#begin(index, deadline, urgency);
      // A reader that reaches it gets the failure again.
      pending.pcm.catch(() => {});
    }
    pending.listeners.add(urgency.listener);
  }

  #begin(
    index: number,
    deadline: Deadline,
    { address, listener }: Urgency,
  ): Pending {
    const from = index * this.#segmentFrames;
    const to = Math.min(
      from + this.#segmentFrames,
      this.#decoding.sampleFrames,
    );
    const bytes = (to - from) * this.#frameBytes;
    const { pool, memory } = this.#tools;
    memory.expect(bytes);
    const listeners = new Set([listener]);
    const task: DecodeTask = pool.run(
      {
        type: "decode",
        file: this.#file,
        decoding: this.#decoding,
        from,
        to,
      },
      deadline,
      address,
      () => [...listeners].some((it) => !it?.isOver),
    );
    const { path } = this.#file;
    const pcm = this.#decoded(task, index, bytes, path).finally(() => {
      memory.expect(-bytes);
      this.#pending.delete(index);
    });
    const pending = { task, pcm, listeners, path };
    this.#pending.set(index, pending);
    return pending;
  }

  async #decoded(
    task: DecodeTask,
    index: number,
    bytes: number,
    path: string,
  ): Promise<Uint8Array> {
    const { memory, counts } = this.#tools;
    let pcm: Uint8Array;
    try {
      const segment = await task.result;
      pcm = segment.pcm;
      counts.segments++;
      this.#check(segment);
    } catch (error) {
      // Its file may have moved just before it was opened.
      const isMoved = path !== this.#file.path;
      if (isMoved || error instanceof AbandonedError) throw error;
      if (error instanceof OndacastError && error.code === "changed") {
        throw error;
      }
      pcm = new Uint8Array(bytes);
      pcm.fill(silentByte(this.#decoding.encoding));
      counts.silentSegments++;
      this.#hash.giveUp();
      if (!this.#isReported) this.#events.damaged((error as Error).message);
      this.#isReported = true;
    }
    memory.put(this.#owner, index, pcm);
    if (index === this.#hash.next) {
      this.#hashOn();
      // Else those that wait to be hashed would fill the memory.
      await this.#hash.previous;
    }
    return pcm;
  }

  /** Reports problems of a song, once. */
  #check({ damagedFrames, sampleFrames }: DecodedSegment): void {
    this.#tools.counts.damagedFrames += damagedFrames;
    if (this.#isReported) return;
    if (sampleFrames !== this.#decoding.sampleFrames) {
      this.#isReported = true;
      this.#events.counted(sampleFrames);
    } else if (damagedFrames > 0) {
      this.#isReported = true;
      this.#events.damaged(`${damagedFrames} sample frames are damaged`);
    }
  }

  /** Hashes available segments, from the first unhashed one. */
  #hashOn(): void {
    const { sampleFrames } = this.#decoding;
    const segments = Math.ceil(sampleFrames / this.#segmentFrames);
    for (let pcm; (pcm = this.#known(this.#hash.next));) this.#hash.add(pcm);
    if (this.#hash.next < segments) return;
    this.#hash.end().then((hashes) => {
      if (hashes === null) return;
      const { md5 } = this.#decoding;
      if (hashes.md5 !== undefined && hashes.md5 !== md5) {
        this.#events.damaged(`its MD5 is ${hashes.md5}, expected ${md5}`);
      }
      this.#events.hashed(hashes.sha256);
    });
  }

  #known(index: number, from = 0): Uint8Array | undefined {
    return this.#tools.memory.get(this.#owner, index, from);
  }
}
