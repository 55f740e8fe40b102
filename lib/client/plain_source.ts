/**
 * A plain stream: length-prefixed blocks of a WAV file, from any program. It is
 * read only while the buffer has room, so that TCP paces the sender.
 *
 * @module
 */

import type { SongFormat } from "../audio/format.ts";
import { CodingLook } from "../audio/coded_pcm.ts";
import { type WavHeader, WavHeaderReader } from "../audio/wav.ts";
import { OndacastError, UnsupportedWavError } from "../errors.ts";
import type { Clock, Connector, Transport } from "../ports/common.ts";
import { FrameDecoder } from "../wire/frame.ts";
import { bufferBytes } from "./buffer_size.ts";
import { PcmExtractor } from "./pcm_extractor.ts";
import type { PcmFeed } from "./pcm_feed.ts";
import type { PcmSource } from "./pcm_source.ts";

const READ_BYTES = 256 * 1024;
/** The time limit for a stream's first byte. */
const SILENT_MS = 20_000;
/** The smallest capacity of the buffer. */
const MIN_BUFFER_BYTES = 2 * READ_BYTES;

/** One plain stream, from its header to its end. */
export class PlainSource implements PcmSource {
  readonly #connector: Connector;
  readonly #signal: AbortSignal;
  readonly #clock: Clock;
  readonly #reader = new WavHeaderReader();
  readonly #decoder: FrameDecoder;
  #format: SongFormat | null = null;
  #extractor: PcmExtractor | null = null;
  #look: CodingLook | null = null;
  #ended = false;
  #hasHeard = false;
  #feed: PcmFeed | null = null;
  #transport: Transport | null = null;
  /** Resolves to the failure that ended the stream; null: it is complete. */
  #read: Promise<unknown> = Promise.resolve(null);

  /** @param signal Interrupts connecting and the wait for the first byte. */
  constructor(connector: Connector, clock: Clock, signal: AbortSignal) {
    this.#connector = connector;
    this.#signal = signal;
    this.#clock = clock;
    this.#decoder = new FrameDecoder({
      data: (piece) => this.#receive(piece),
      dataEnd: () => this.#ended = true,
      message: () => {},
    }, { maxMessageBytes: 0, plain: true });
  }

  get name(): string {
    return this.#connector.place;
  }

  get format(): SongFormat | null {
    return this.#format;
  }

  /** @throws {OndacastError} `unreachable`. */
  async start(feed: PcmFeed): Promise<void> {
    this.#feed = feed;
    const signal = AbortSignal.any([this.#signal, feed.closed]);
    const transport = await this.#connector.connect(signal);
    if (feed.over) return transport.close();
    this.#transport = transport;
    this.#read = this.#feedAll(feed, transport).then(() => null, (error) => {
      if (feed.over) return null; // A connection that was closed cannot be read.
      // PCM that has come is played before the failure is reported.
      if (this.#format === null || error instanceof UnsupportedWavError) {
        feed.close();
      } else feed.pump.complete();
      return error;
    });
  }

  /** A plain stream cannot seek. */
  seek(): boolean {
    return false;
  }

  /**
   * Waits for the stream's end.
   *
   * @throws {NotWavError} @throws {UnsupportedWavError} It is not a WAV file
   * that can be played.
   * @throws {OndacastError} `lost`, `timeout`, …
   */
  async finish(): Promise<void> {
    this.#transport?.close();
    const failure = await this.#read;
    if (failure !== null) throw failure;
  }

  close(): Promise<void> {
    this.#transport?.close();
    return Promise.resolve();
  }

  async #feedAll(feed: PcmFeed, transport: Transport): Promise<void> {
    const buffer = new Uint8Array(READ_BYTES);
    while (!this.#ended && !feed.over) {
      const bytes = await this.#readSome(feed, transport, buffer);
      if (feed.over) return;
      if (bytes === null) break;
      this.#decoder.push(buffer.subarray(0, bytes));
      // Until the format is known, there is no buffer to wait for.
      if (this.#format !== null) await feed.roomFor(READ_BYTES);
    }
    this.#complete(feed);
  }

  /** @throws {OndacastError} `timeout`, if the first byte does not come. */
  async #readSome(
    feed: PcmFeed,
    transport: Transport,
    into: Uint8Array,
  ): Promise<number | null> {
    const reading = transport.read(into);
    if (this.#hasHeard) return await reading;
    const heard = new AbortController();
    const over = AbortSignal.any([heard.signal, feed.closed, this.#signal]);
    const late = this.#clock.sleep(SILENT_MS, over).then(() => {
      if (over.aborted) return reading;
      throw new OndacastError(
        "timeout",
        `Cannot play what ${this.#connector.place} sends: nothing has come for ${
          SILENT_MS / 1000
        } s`,
      );
    });
    try {
      return await Promise.race([reading, late]);
    } finally {
      this.#hasHeard = true;
      heard.abort();
      reading.catch(() => {}); // It ends with the connection.
    }
  }

  #receive(piece: Uint8Array): void {
    if (this.#extractor === null) {
      const start = this.#reader.position;
      const header = this.#reader.push(piece);
      if (header === null) return;
      piece = piece.subarray(header.dataOffset - start);
      this.#extractor = this.#begin(header);
    }
    const pcm = this.#extractor.extract(piece);
    this.#look?.see(pcm);
    this.#feed!.pump.push(pcm);
  }

  #begin({ format, dataOffset, dataBytes }: WavHeader): PcmExtractor {
    const capacity = Math.max(
      MIN_BUFFER_BYTES,
      bufferBytes(format, this.#connector.place),
    );
    this.#format = { ...format, dataOffset, dataBytes };
    this.#look = new CodingLook(format, dataOffset);
    this.#feed!.pump.begin(format, 0, capacity);
    return new PcmExtractor(this.#format, dataOffset);
  }

  #complete(feed: PcmFeed): void {
    if (this.#format === null) this.#reader.end();
    if (!this.#ended && !this.#decoder.atFrameStart) {
      throw new OndacastError(
        "lost",
        `Lost the stream of ${this.#connector.place}: it ended inside a block`,
      );
    }
    feed.pump.complete();
  }
}
