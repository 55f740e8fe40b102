/**
 * One open song file that all its listeners share, with one descriptor and one
 * read at a time. After each read, and once a second, it checks that the content
 * has not changed.
 *
 * @module
 */

import { OndacastError } from "../../errors.ts";
import { InvalidationSignal } from "../../model/invalidation.ts";
import type { Clock } from "../../ports/common.ts";
import type { OpenOptions, OpenSong } from "../../ports/server.ts";
import { systemClock } from "../clock/clock.ts";
import { describeFileError } from "../disk/describe_file_error.ts";
import {
  isFresh,
  isSameStamp,
  probeOf,
  type ReadAt,
  readerOf,
  sizeOf,
  stampOf,
} from "./file_stamp.ts";
import type { KnownSong } from "./known_song.ts";
import { SongUse } from "./song_use.ts";
import { checkRange, type Urgency, type WavReader } from "./wav_reader.ts";

/** How often an open file is checked for changes. */
const LOOK_MS = 1000;
/** How long a file stays open after its last listener has left. */
const LINGER_MS = 5000;
/** Attempts to verify a file that changes meanwhile. */
const MOST_CHECKS = 3;
/**
 * A read that takes longer than `ms` plus its bytes at `bytesPerMs` is slow: it
 * waited for the disk. Reads from the system's cache take a tenth of that.
 */
const SLOW = { ms: 1, bytesPerMs: 400_000 } as const;

/**
 * The stamp of an open file. It also shows that the file was unlinked, which
 * coarse timestamps may not reveal.
 */
function seen(info: Deno.FileInfo): string {
  return info.nlink === 0 ? `unlinked ${stampOf(info)}` : stampOf(info);
}

const HEARD: Urgency = { heardMs: 0 };

/** Access to the file that currently has a song's name. */
export interface FilePlace {
  open(): Promise<Deno.FsFile>;
  /** Its real path. */
  path(): Promise<string>;
  /** Whether that file has the song's content. */
  isSame(): Promise<boolean>;
  /** Called when the song's `probe` was computed or its `stamp` has changed. */
  learned(stampBefore: string): void;
  /** Reads a song that has to be decoded; called once, with its open file. */
  decode(info: Deno.FileInfo): Promise<WavReader>;
}

/** The file, once open. */
interface Opened {
  readonly file: Deno.FsFile;
  readonly readAt: ReadAt;
  /** Null: the file is sent unchanged. */
  readonly rendition: WavReader | null;
}

/** A file that was opened, but cannot be decoded. */
class UndecodableError extends Error {}

/** A song's file while it is in use, and for a few seconds after. */
export class SharedFile {
  readonly entry: KnownSong;
  readonly gone: InvalidationSignal = new InvalidationSignal();
  isSlow = false;
  readonly #place: FilePlace;
  readonly #onClose: () => void;
  readonly #clock: Clock;
  /** The open file's stamp when its content was last verified. */
  #stamp: string;
  #file: Promise<Opened> | null = null;
  #rendition: WavReader | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #users = 0;
  #wantsProbe: boolean;
  #timer: ReturnType<typeof setInterval> | undefined;
  #linger: ReturnType<typeof setTimeout> | undefined;

  constructor(
    entry: KnownSong,
    place: FilePlace,
    onClose: () => void,
    clock: Clock = systemClock,
  ) {
    this.entry = entry;
    this.#stamp = entry.stamp;
    this.#wantsProbe = entry.probe === undefined;
    this.#place = place;
    this.#onClose = onClose;
    this.#clock = clock;
  }

  /**
   * Opens the file for another listener.
   *
   * @throws {OndacastError} `not-found`; `changed`, if its content is no longer
   * the entry's, which does not affect current listeners; `internal`, if the
   * system refuses to open it.
   */
  async use(options: OpenOptions = {}): Promise<OpenSong> {
    this.#users++;
    clearTimeout(this.#linger);
    this.#file ??= this.#openFile();
    try {
      const { file } = await this.#file;
      const stamp = seen(file.statSync());
      if (stamp !== this.entry.stamp || isFresh(stamp)) {
        await this.#inTurn(() => this.#checkNewcomer(file));
      }
    } catch (error) {
      if (this.#users === 1) this.gone.invalidate(error);
      this.leave();
      throw error;
    }
    if (this.#timer === undefined) {
      this.#timer = setInterval(() => this.#look(), LOOK_MS);
      Deno.unrefTimer(this.#timer);
    }
    return new SongUse(this, options, this.#clock);
  }

  partEnd(offset: number): number {
    return this.#rendition?.partEnd(offset) ?? offset;
  }

  /**
   * Fills the buffer. Reads of the file are serialized because it has one
   * position. Decoded data comes from workers, so its reads are not serialized.
   */
  read(into: Uint8Array, offset: number, urgency = HEARD): Promise<void> {
    return this.entry.decoding === undefined
      ? this.#inTurn(() => this.#readNow(into, offset))
      : this.#readNow(into, offset, urgency);
  }

  /** After the reads that were asked for before. */
  hurry(from: number, to: number, urgency: Urgency): void {
    this.#file?.then(
      ({ rendition }) => rendition?.hurry?.(from, to, urgency),
      () => {}, // The reads fail, too.
    );
  }

  /** Releases one listener's handle. */
  leave(): void {
    if (--this.#users > 0) return;
    if (this.gone.happened) return this.#close();
    this.#linger = setTimeout(() => this.#close(), LINGER_MS);
    Deno.unrefTimer(this.#linger);
  }

  /** Learns by what its content is recognized once its file has moved. */
  async beforeMove(): Promise<void> {
    if (this.entry.probe !== undefined) return;
    await this.#inTurn(() => this.#learnProbe());
  }

  /** Invalidates all handles because the content has changed. */
  vanish(): OndacastError {
    const error = this.#changed();
    this.gone.invalidate(error);
    if (this.#users === 0) this.#close();
    return error;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {});
    return done;
  }

  async #readNow(
    into: Uint8Array,
    offset: number,
    urgency = HEARD,
  ): Promise<void> {
    this.gone.throwIfInvalid();
    const { file, readAt, rendition } = await this.#file!;
    const beganMs = this.#clock.now();
    try {
      if (rendition === null) {
        checkRange(offset + into.length, this.entry.bytes);
        await readAt(into, offset);
      } else await rendition.read(into, offset, urgency);
    } catch (error) {
      const hasChanged = error instanceof OndacastError &&
        error.code === "changed";
      throw hasChanged ? this.vanish() : error;
    }
    const tookMs = this.#clock.now() - beganMs;
    this.isSlow = tookMs > SLOW.ms + into.length / SLOW.bytesPerMs;
    // A writer changes the file's times before its bytes, so a stamp checked
    // after the read proves that the bytes belong to the entry.
    if (seen(file.statSync()) !== this.#stamp) {
      if (rendition === null) await this.#checkContent();
      else await this.#inTurn(() => this.#checkContent());
    }
    if (this.#wantsProbe) {
      this.#wantsProbe = false;
      this.#inTurn(() => this.#learnProbe()).catch(() => {}); // The disk failed.
    }
  }

  async #openFile(): Promise<Opened> {
    try {
      const file = await this.#place.open();
      const rendition = await this.#openRendition(file);
      this.#rendition = rendition;
      return { file, readAt: readerOf(file), rendition };
    } catch (cause) {
      if (cause instanceof UndecodableError) {
        this.gone.invalidate(cause.cause);
        throw cause.cause;
      }
      const isGone = cause instanceof Deno.errors.NotFound ||
        cause instanceof OndacastError; // A link now leads elsewhere.
      const error = new OndacastError(
        isGone ? "not-found" : "internal",
        `Cannot open ${this.entry.name}: ${describeFileError(cause)}`,
        { cause },
      );
      this.gone.invalidate(error);
      throw error;
    }
  }

  async #openRendition(file: Deno.FsFile): Promise<WavReader | null> {
    if (this.entry.decoding === undefined) return null;
    try {
      return await this.#place.decode(file.statSync());
    } catch (cause) {
      file.close();
      throw new UndecodableError("", { cause });
    }
  }

  /** A new listener needs the current file, with exactly the entry's length. */
  async #checkNewcomer(file: Deno.FsFile): Promise<void> {
    const { size, nlink } = file.statSync();
    if (size !== sizeOf(this.entry.stamp) || nlink === 0) throw this.#changed();
    await this.#checkContent();
  }

  /**
   * Verifies the content of a file whose stamp has changed. The entry's bytes must
   * be unchanged; the file may have grown.
   */
  async #checkContent(): Promise<void> {
    const { file, readAt } = await this.#file!;
    const { probe } = this.entry;
    const bytes = sizeOf(this.entry.stamp);
    for (let i = 0; i < MOST_CHECKS; i++) {
      const info = file.statSync();
      const stamp = seen(info);
      if (stamp === this.#stamp && !isFresh(stamp)) return;
      if (probe === undefined && isSameStamp(stamp, this.#stamp)) return;
      if (info.size < bytes || probe === undefined) break;
      if (await probeOf(readAt, bytes) !== probe) break;
      if (seen(file.statSync()) !== stamp) continue;
      this.#stamp = stamp;
      if (info.size === bytes && info.nlink !== 0) this.#learn({ stamp });
      return;
    }
    throw this.vanish();
  }

  /** Computes the probe, if the file has not changed since it was found. */
  async #learnProbe(): Promise<void> {
    const { file, readAt } = await this.#file!;
    const probe = await probeOf(readAt, sizeOf(this.entry.stamp));
    if (isSameStamp(seen(file.statSync()), this.#stamp)) this.#learn({ probe });
  }

  #learn(learned: { stamp?: string; probe?: string }): void {
    const { stamp } = this.entry;
    Object.assign(this.entry, learned);
    this.#place.learned(stamp);
  }

  /** Checks that the file with the song's name still has its content. */
  #look(): void {
    const { entry } = this;
    this.#place.path().then(Deno.stat).then(async (info) => {
      if (isSameStamp(stampOf(info), entry.stamp)) return;
      const file = this.#file && (await this.#file).file.statSync();
      if (file?.dev === info.dev && file.ino === info.ino) {
        await this.#inTurn(() => this.#checkContent());
      } else if (!await this.#place.isSame()) this.vanish();
    }).catch(async () => {
      // It may have been renamed meanwhile.
      if (!await this.#place.isSame().catch(() => false)) this.vanish();
    });
  }

  #changed(): OndacastError {
    return new OndacastError(
      "changed",
      `Cannot continue ${this.entry.name}: its file was changed, truncated or removed`,
    );
  }

  #close(): void {
    clearTimeout(this.#linger);
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#onClose();
    const file = this.#file;
    this.#file = null;
    this.#last.then(() => file).then((open) => {
      open?.rendition?.close();
      open?.file.close();
    }, () => {});
  }
}
