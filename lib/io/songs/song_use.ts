/**
 * One listener's handle of a file that all listeners of a song share.
 *
 * @module
 */

import { bytesPerSecond } from "../../audio/format.ts";
import { ListeningTime } from "../../model/listening_time.ts";
import type { Clock } from "../../ports/common.ts";
import type {
  Invalidation,
  OpenOptions,
  OpenSong,
} from "../../ports/server.ts";
import type { KnownSong } from "./known_song.ts";
import type { Urgency, WavListener } from "./wav_reader.ts";

/** The shared file. */
export interface FileInUse {
  readonly entry: KnownSong;
  readonly gone: Invalidation;
  readonly isSlow: boolean;
  partEnd(offset: number): number;
  read(into: Uint8Array, offset: number, urgency: Urgency): Promise<void>;
  /** As `WavReader.hurry()`. */
  hurry(from: number, to: number, urgency: Urgency): void;
  /** Releases one listener's handle. */
  leave(): void;
}

/** One listener's handle. A class, because closures would cost memory for each. */
export class SongUse implements OpenSong, WavListener {
  readonly #file: FileInUse;
  readonly #address: string | undefined;
  readonly #clock: Pick<Clock, "now">;
  /** Null: nobody listens. */
  readonly #time: ListeningTime | null;
  #isOpen = true;
  #isOver = false;

  constructor(
    file: FileInUse,
    { address, isIdle }: OpenOptions,
    clock: Pick<Clock, "now">,
  ) {
    this.#file = file;
    this.#address = address;
    this.#clock = clock;
    this.#time = isIdle ? null : timeOf(file.entry);
  }

  get entry(): KnownSong {
    return this.#file.entry;
  }

  get gone(): Invalidation {
    return this.#file.gone;
  }

  get isSlow(): boolean {
    return this.#file.isSlow;
  }

  partEnd(offsetBytes: number): number {
    return this.#file.partEnd(offsetBytes);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  async read(into: Uint8Array, offsetBytes: number): Promise<void> {
    this.#time?.begins(offsetBytes, into.length);
    await this.#file.read(into, offsetBytes, this.#urgencyAt(offsetBytes));
    this.#time?.ends(this.#clock.now());
  }

  hurry(fromBytes: number, toBytes: number, heardAt: number): void {
    this.#file.hurry(fromBytes, toBytes, this.#urgencyAt(heardAt));
  }

  #urgencyAt(heardAt: number): Urgency {
    const heardMs = this.#time?.heardMs(heardAt, this.#clock.now()) ?? "idle";
    return { heardMs, address: this.#address, listener: this };
  }

  abandon(): void {
    this.#isOver = true;
  }

  close(): void {
    this.#isOver = true;
    if (this.#isOpen) this.#file.leave();
    this.#isOpen = false;
  }
}

/** Null: the song is sent as it lies. */
function timeOf({ decoding, format }: KnownSong): ListeningTime | null {
  if (decoding === undefined || format === null) return null;
  return new ListeningTime(bytesPerSecond(format) / 1000);
}
