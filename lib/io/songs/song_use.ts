/**
 * One listener's handle of a file that all listeners of a song share.
 *
 * @module
 */

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
  /** Releases one listener's handle. */
  leave(): void;
}

/** The priority of the read after one of each priority. */
const NEXT = {
  first: "second",
  second: "heard",
  heard: "heard",
  idle: "idle",
} as const;

/** One listener's handle. A class, because closures would cost memory for each. */
export class SongUse implements OpenSong, WavListener {
  readonly #file: FileInUse;
  readonly #address: string | undefined;
  #priority: Urgency["priority"];
  #isOpen = true;
  #isOver = false;

  constructor(file: FileInUse, { address, isIdle }: OpenOptions) {
    this.#file = file;
    this.#address = address;
    this.#priority = isIdle ? "idle" : "first";
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

  read(into: Uint8Array, offsetBytes: number): Promise<void> {
    const urgency = {
      priority: this.#priority,
      address: this.#address,
      listener: this,
    };
    this.#priority = NEXT[this.#priority];
    return this.#file.read(into, offsetBytes, urgency);
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
