/**
 * What is left out of the song folder, told once for as long as it is.
 *
 * @module
 */

import type { Skipped } from "./folder_walk.ts";

/** Remembers what was told. */
export class LeftOut {
  readonly #tell: Skipped;
  #told = new Map<string, string>();
  /** What a look at the whole folder has left out so far. */
  #again: Map<string, string> | null = null;

  constructor(tell: Skipped) {
    this.#tell = tell;
  }

  /** Tells of a file or folder, unless that was told and is as it was. */
  note(path: string, reason: string): void {
    const isNew = this.#told.get(path) !== reason;
    this.#told.set(path, reason);
    this.#again?.set(path, reason);
    if (isNew) this.#tell(path, reason);
  }

  /** A look at the whole folder begins. */
  begin(): void {
    this.#again = new Map();
  }

  /** It is over: what it did not leave out is told again if it ever is. */
  end(): void {
    if (this.#again) this.#told = this.#again;
    this.#again = null;
  }
}
