/**
 * Reports files and folders that a scan skips, once for as long as it does.
 *
 * @module
 */

import type { Skipped } from "./folder_walk.ts";

export class LeftOut {
  readonly #report: Skipped;
  #reported = new Map<string, string>();
  /** Skipped in the current scan. */
  #current: Map<string, string> | null = null;

  constructor(report: Skipped) {
    this.#report = report;
  }

  /** Reports a file or folder, unless it was already reported for this reason. */
  note(path: string, reason: string): void {
    const isNew = this.#reported.get(path) !== reason;
    this.#reported.set(path, reason);
    this.#current?.set(path, reason);
    if (isNew) this.#report(path, reason);
  }

  /** Call this at the start of a scan. */
  begin(): void {
    this.#current = new Map();
  }

  /** Call this at the end of a scan. Anything it did not skip is forgotten. */
  end(): void {
    if (this.#current) this.#reported = this.#current;
    this.#current = null;
  }
}
