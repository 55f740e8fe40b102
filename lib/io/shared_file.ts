/**
 * One open song file for all who play it: one descriptor and one reader at a
 * time, and a look after each read, and once a second, at whether the file is
 * still what it was.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import { GoneSignal } from "../model/gone_signal.ts";
import type { Clock, Gone, OpenSong, SongEntry } from "../ports.ts";
import { systemClock } from "./clock.ts";
import { fileProblem } from "./file_problem.ts";

/** How often a file that is being played is looked at. */
const LOOK_MS = 1000;
/** How long a file stays open after its last listener, as the next may come. */
const LINGER_MS = 5000;
/**
 * A read is slow that takes longer than this and its bytes at this speed: it
 * waited for a disk. What the system has in memory comes in a tenth of that.
 */
const SLOW = { ms: 1, bytesPerMs: 400_000 } as const;

/** Size, identity and times of a file: another one as soon as it is written to. */
export function etagOf(info: Deno.FileInfo): string {
  const parts = [
    info.size,
    info.mtime?.getTime() ?? 0,
    info.ctime?.getTime() ?? 0,
    info.ino ?? 0,
  ];
  return parts.map((part) => part.toString(36)).join("-");
}

/** The error of a song whose file is no longer what it was. */
function changed(entry: SongEntry): OndacastError {
  return new OndacastError(
    "changed",
    `Cannot go on with ${entry.name}: its file was changed, cut or removed`,
  );
}

/** Where a song's file is, each time anew. */
export interface FilePlace {
  open(): Promise<Deno.FsFile>;
  /** Its path, links resolved. */
  path(): Promise<string>;
}

/** One of those who play a file; there are many, so it has no functions of its own. */
class Use implements OpenSong {
  readonly #file: SharedFile;
  #isOpen = true;

  constructor(file: SharedFile) {
    this.#file = file;
  }

  get entry(): SongEntry {
    return this.#file.entry;
  }

  get gone(): Gone {
    return this.#file.gone;
  }

  get isSlow(): boolean {
    return this.#file.isSlow;
  }

  read(into: Uint8Array, offsetBytes: number): Promise<void> {
    return this.#file.read(into, offsetBytes);
  }

  close(): void {
    if (this.#isOpen) this.#file.leave();
    this.#isOpen = false;
  }
}

/** A song's file while somebody plays it, and for a moment after. */
export class SharedFile {
  readonly entry: SongEntry;
  readonly gone: GoneSignal = new GoneSignal();
  /** Whether the latest read took long. */
  isSlow = false;
  readonly #place: FilePlace;
  readonly #onClose: () => void;
  readonly #clock: Clock;
  #file: Promise<Deno.FsFile> | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #users = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  #linger: ReturnType<typeof setTimeout> | undefined;

  constructor(
    entry: SongEntry,
    place: FilePlace,
    onClose: () => void,
    clock: Clock = systemClock,
  ) {
    this.entry = entry;
    this.#place = place;
    this.#onClose = onClose;
    this.#clock = clock;
  }

  /**
   * Opens the file for one more.
   *
   * @throws {OndacastError} `not-found`; `changed`, if it is not the entry's;
   * `internal`, if the system refuses to open it.
   */
  async use(): Promise<OpenSong> {
    const wasIdle = this.#users++ === 0;
    clearTimeout(this.#linger);
    this.#file ??= this.#openFile();
    try {
      const file = await this.#file;
      // Nobody has noticed what befell it meanwhile, but for the looks.
      if (wasIdle && !this.#isStill(file.statSync())) {
        throw changed(this.entry);
      }
    } catch (error) {
      this.gone.tell(error);
      this.leave();
      throw error;
    }
    if (this.#timer === undefined) {
      this.#timer = setInterval(() => this.#look(), LOOK_MS);
      Deno.unrefTimer(this.#timer);
    }
    return new Use(this);
  }

  /** Fills the buffer; reads go one after the other, as the file has one position. */
  read(into: Uint8Array, offset: number): Promise<void> {
    const done = this.#last.then(() => this.#readNow(into, offset));
    this.#last = done.catch(() => {});
    return done;
  }

  async #readNow(into: Uint8Array, offset: number): Promise<void> {
    this.gone.throwIfGone();
    const file = await this.#file!;
    const beganMs = this.#clock.now();
    file.seekSync(offset, Deno.SeekMode.Start);
    for (let filled = 0; filled < into.length;) {
      const bytes = await file.read(into.subarray(filled));
      if (bytes === null) throw this.#vanish();
      filled += bytes;
    }
    const tookMs = this.#clock.now() - beganMs;
    this.isSlow = tookMs > SLOW.ms + into.length / SLOW.bytesPerMs;
    // Who writes into the file changes its times first: what was read before
    // this look is of the entry, or known not to be.
    if (!this.#isStill(file.statSync())) throw this.#vanish();
  }

  async #openFile(): Promise<Deno.FsFile> {
    try {
      return await this.#place.open();
    } catch (cause) {
      const isGone = cause instanceof Deno.errors.NotFound ||
        cause instanceof OndacastError; // a link leads elsewhere by now
      throw new OndacastError(
        isGone ? "not-found" : "internal",
        `Cannot open ${this.entry.name}: ${fileProblem(cause)}`,
        { cause },
      );
    }
  }

  /** Times are coarse, so a name taken by another file in the same tick counts. */
  #isStill(info: Deno.FileInfo): boolean {
    return etagOf(info) === this.entry.etag && info.nlink !== 0;
  }

  #look(): void {
    this.#place.path().then(Deno.stat).then((info) => {
      if (!this.#isStill(info)) this.#vanish();
    }).catch(() => this.#vanish());
  }

  #vanish(): OndacastError {
    const error = changed(this.entry);
    this.gone.tell(error);
    if (this.#users === 0) this.#close();
    return error;
  }

  /** One of those who used it does no longer. */
  leave(): void {
    if (--this.#users > 0) return;
    if (this.gone.happened) return this.#close();
    this.#linger = setTimeout(() => this.#close(), LINGER_MS);
    Deno.unrefTimer(this.#linger);
  }

  #close(): void {
    clearTimeout(this.#linger);
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#onClose();
    const file = this.#file;
    this.#file = null;
    this.#last.then(() => file).then((file) => file?.close(), () => {});
  }
}
