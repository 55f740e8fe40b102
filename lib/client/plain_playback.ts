/**
 * Plays a plain stream: length-prefixed blocks of a WAV file, from any
 * program that sends such. The reader waits for room in the buffer, so that
 * TCP paces the sender.
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
import type { Output } from "./output.ts";
import { PcmExtractor } from "./pcm_extractor.ts";
import { Playback, type PlaybackSummary } from "./playback.ts";

const READ_BYTES = 256 * 1024;
/** How long a stream's first byte may take. */
const SILENT_MS = 20_000;
/** What the buffer holds at the least, in bytes. */
const MIN_BUFFER_BYTES = 2 * READ_BYTES;

/** One plain stream, from its header to its end. */
export class PlainPlayback extends Playback {
  readonly #connector: Connector;
  readonly #signal: AbortSignal;
  readonly #clock: Clock;
  readonly #reader = new WavHeaderReader();
  readonly #decoder: FrameDecoder;
  #format: SongFormat | null = null;
  #cut: PcmExtractor | null = null;
  #look: CodingLook | null = null;
  #ended = false;
  #hasHeard = false;

  constructor(
    options: {
      connector: Connector;
      output: Output;
      clock: Clock;
      signal: AbortSignal;
    },
  ) {
    super({ ...options, capacityBytes: MIN_BUFFER_BYTES });
    this.#connector = options.connector;
    this.#signal = options.signal;
    this.#clock = options.clock;
    this.#decoder = new FrameDecoder({
      data: (piece) => this.#take(piece),
      dataEnd: () => this.#ended = true,
      message: () => {},
    }, { maxMessageBytes: 0, plain: true });
  }

  /** A plain stream has no other place to go on from. */
  seek(): boolean {
    return false;
  }

  /**
   * Plays to the stream's end, or until skipped.
   *
   * @throws {NotWavError} @throws {UnsupportedWavError} What comes is no WAV
   * file that can be played.
   * @throws {OndacastError} `lost`, `player-failed`, `interrupted`, …
   */
  async run(): Promise<PlaybackSummary> {
    const { place } = this.#connector;
    const transport = await this.#connect();
    if (transport === null) return this.summary(place, 0);
    try {
      const fed = this.#feed(transport).then(() => null, (error) => {
        // What has come is played before the failure is told, if it is PCM.
        if (this.#format === null || error instanceof UnsupportedWavError) {
          this.stop();
        } else this.pump.complete();
        return error;
      });
      await this.playWhile(Promise.resolve());
      this.stop();
      transport.close();
      const failure = await fed;
      if (failure !== null && !this.skipped) throw failure;
      return this.summary(place, 0);
    } finally {
      this.stop();
      transport.close();
    }
  }

  /** Null: it was skipped before there was a connection. */
  async #connect(): Promise<Transport | null> {
    const signal = AbortSignal.any([this.#signal, this.left]);
    try {
      return await this.#connector.connect(signal);
    } catch (error) {
      if (this.skipped) return null;
      throw error;
    }
  }

  protected get playing(): { name: string; format: SongFormat } | null {
    return this.#format &&
      { name: this.#connector.place, format: this.#format };
  }

  async #feed(transport: Transport): Promise<void> {
    const buffer = new Uint8Array(READ_BYTES);
    while (!this.#ended && !this.pump.over) {
      const bytes = await this.#read(transport, buffer);
      if (this.pump.over) return;
      if (bytes === null) break;
      this.#decoder.push(buffer.subarray(0, bytes));
      await this.roomFor(READ_BYTES);
    }
    this.#finish();
  }

  /** @throws {OndacastError} `timeout`, if nothing comes at first. */
  async #read(transport: Transport, into: Uint8Array): Promise<number | null> {
    const reading = transport.read(into);
    if (this.#hasHeard) return await reading;
    const heard = new AbortController();
    const over = AbortSignal.any([heard.signal, this.left, this.#signal]);
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

  #take(piece: Uint8Array): void {
    if (this.#cut === null) {
      const start = this.#reader.position;
      const header = this.#reader.push(piece);
      if (header === null) return;
      piece = piece.subarray(header.dataOffset - start);
      this.#cut = this.#begin(header);
    }
    const pcm = this.#cut.take(piece);
    this.#look?.see(pcm);
    this.pump.push(pcm);
  }

  #begin({ format, dataOffset, dataBytes }: WavHeader): PcmExtractor {
    const capacity = Math.max(
      MIN_BUFFER_BYTES,
      bufferBytes(format, this.#connector.place),
    );
    this.#format = { ...format, dataOffset, dataBytes };
    this.#look = new CodingLook(format, dataOffset);
    this.pump.begin(format, 0, capacity);
    return new PcmExtractor(this.#format, dataOffset);
  }

  #finish(): void {
    if (this.#format === null) this.#reader.end();
    if (!this.#ended && !this.#decoder.atFrameStart) {
      throw new OndacastError(
        "lost",
        `Lost the stream of ${this.#connector.place}: it ended inside a block`,
      );
    }
    this.pump.complete();
  }
}
