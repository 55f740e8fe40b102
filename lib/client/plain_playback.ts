/**
 * Plays a plain stream: length-prefixed blocks of a WAV file, from any
 * program that sends such. The reader waits for room in the buffer, so that
 * TCP paces the sender.
 *
 * @module
 */

import {
  bytesPerSecond,
  bytesToSeconds,
  type SongFormat,
} from "../audio/format.ts";
import { type WavHeader, WavHeaderReader } from "../audio/wav.ts";
import { OndacastError } from "../errors.ts";
import type { Clock, Connector, Transport } from "../ports.ts";
import { FrameDecoder } from "../wire/frame.ts";
import { Bell } from "./bell.ts";
import type { Output } from "./output.ts";
import { PcmCut } from "./pcm_cut.ts";
import { Pump } from "./pump.ts";
import type { PlaybackState, PlaybackSummary } from "./song_playback.ts";

const READ_BYTES = 64 * 1024;
/** Audio in the buffer, and what it holds at the least, in bytes. */
const BUFFER = { seconds: 4, minBytes: 256 * 1024 };

/** One plain stream, from its header to its end. */
export class PlainPlayback {
  readonly #connector: Connector;
  readonly #signal: AbortSignal;
  readonly #pump: Pump;
  readonly #room = new Bell();
  readonly #reader = new WavHeaderReader();
  readonly #decoder: FrameDecoder;
  #header: WavHeader | null = null;
  #cut: PcmCut | null = null;
  #ended = false;
  #stopped = false;
  /** Called once the first PCM goes to the player, with the player's name. */
  onStart: (state: PlaybackState, player: string) => void = () => {};

  constructor(
    options: {
      connector: Connector;
      output: Output;
      clock: Clock;
      signal: AbortSignal;
    },
  ) {
    this.#connector = options.connector;
    this.#signal = options.signal;
    this.#decoder = new FrameDecoder({
      data: (piece) => this.#take(piece),
      dataEnd: () => this.#ended = true,
      message: () => {},
    }, { maxMessageBytes: 0, plain: true });
    this.#pump = new Pump({
      output: options.output,
      clock: options.clock,
      capacityBytes: BUFFER.minBytes,
      listener: {
        used: () => this.#room.ring(),
        gap() {},
        opened: (player) => this.onStart(this.state!, player),
      },
    });
  }

  /** What is played now; null before the header has come. */
  get state(): PlaybackState | null {
    if (this.#header === null) return null;
    const format = this.#format(this.#header);
    return {
      song: this.#connector.place,
      format,
      positionSeconds: bytesToSeconds(format, this.#pump.heardBytes),
      lengthSeconds: format.dataBytes === null
        ? null
        : bytesToSeconds(format, format.dataBytes),
      bufferedSeconds: bytesToSeconds(format, this.#pump.bufferedBytes),
      level: this.#pump.level,
      underruns: this.#pump.underruns,
      volume: this.#pump.volume,
      paused: this.#pump.paused,
    };
  }

  /** Whether it was ended before its end. */
  get skipped(): boolean {
    return this.#stopped;
  }

  get volume(): number {
    return this.#pump.volume;
  }

  set volume(percent: number) {
    this.#pump.volume = Math.min(100, Math.max(0, percent));
  }

  pause(): void {
    this.#pump.pause();
  }

  resume(): void {
    this.#pump.resume();
  }

  /** A plain stream has no other place to go on from. */
  seek(): void {}

  skip(): void {
    this.#stopped = true;
    this.#pump.stop();
  }

  /**
   * Plays to the stream's end, or until skipped.
   *
   * @throws {NotWavError} @throws {UnsupportedWavError} What comes is no WAV
   * file that can be played.
   * @throws {OndacastError} `lost`, `player-failed`, `interrupted`, …
   */
  async run(): Promise<PlaybackSummary> {
    const transport = await this.#connector.connect(this.#signal);
    const interrupted = Promise.withResolvers<never>();
    const onAbort = () =>
      interrupted.reject(new OndacastError("interrupted", "Interrupted"));
    this.#signal.addEventListener("abort", onAbort);
    if (this.#signal.aborted) onAbort();
    try {
      const fed = this.#feed(transport).then(() => null, (error) => {
        // What has come is played before the failure is told.
        if (this.#header === null) this.#pump.stop();
        else this.#pump.complete();
        return error;
      });
      await Promise.race([this.#pump.run(), interrupted.promise]);
      transport.close();
      this.#room.ring();
      const failure = await fed;
      if (failure !== null && !this.#stopped) throw failure;
      return this.#summary();
    } finally {
      this.#stopped = true;
      this.#pump.stop();
      transport.close();
      this.#room.ring();
      this.#signal.removeEventListener("abort", onAbort);
    }
  }

  async #feed(transport: Transport): Promise<void> {
    const buffer = new Uint8Array(READ_BYTES);
    while (!this.#ended && !this.#stopped) {
      const bytes = await transport.read(buffer);
      if (this.#stopped) return;
      if (bytes === null) break;
      this.#decoder.push(buffer.subarray(0, bytes));
      while (this.#pump.room < READ_BYTES && !this.#stopped) {
        await this.#room.rung();
      }
    }
    this.#finish();
  }

  #take(piece: Uint8Array): void {
    if (this.#cut === null) {
      const start = this.#reader.position;
      const header = this.#reader.push(piece);
      if (header === null) return;
      this.#begin(header);
      const skip = header.dataOffset - start;
      piece = piece.subarray(skip);
    }
    this.#pump.push(this.#cut!.take(piece));
  }

  #begin(header: WavHeader): void {
    this.#header = header;
    const format = this.#format(header);
    this.#cut = new PcmCut(format, header.dataOffset);
    const capacity = Math.max(
      BUFFER.minBytes,
      Math.ceil(bytesPerSecond(format) * BUFFER.seconds),
    );
    this.#pump.begin(format, 0, capacity);
  }

  #finish(): void {
    if (this.#header === null) this.#reader.end();
    if (!this.#ended && !this.#decoder.atFrameStart) {
      throw new OndacastError(
        "lost",
        `Lost the stream of ${this.#connector.place}: it ended inside a block`,
      );
    }
    this.#pump.complete();
  }

  #format(header: WavHeader): SongFormat {
    const { format, dataOffset, dataBytes } = header;
    return { ...format, dataOffset, dataBytes };
  }

  #summary(): PlaybackSummary {
    const { writtenBytes, underruns } = this.#pump;
    return {
      song: this.#connector.place,
      seconds: this.#header
        ? bytesToSeconds(this.#header.format, writtenBytes)
        : 0,
      bytes: writtenBytes,
      underruns,
      reconnects: 0,
    };
  }
}
