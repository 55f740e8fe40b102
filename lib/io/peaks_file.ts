/**
 * The file in which the pictures of songs outlive the server: small, and
 * worth nothing but the time it took to make them.
 *
 * @module
 */

import { PEAKS } from "../audio/peaks.ts";
import { writePrivateFile } from "./private_file.ts";

/** How long changes are gathered before they are written. */
const GATHER_MS = 2000;

/** One file of pictures by the keys of their songs. */
export class PeaksFile {
  readonly #path: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #unsaved: ReadonlyMap<string, Uint8Array<ArrayBuffer>> | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  /** What is in it; nothing, where it is missing or is not such a file. */
  async load(): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
    const found = new Map<string, Uint8Array<ArrayBuffer>>();
    try {
      const rows = JSON.parse(await Deno.readTextFile(this.#path));
      for (const [key, text] of Object.entries(rows)) {
        const peaks = Uint8Array.from(
          atob(String(text)),
          (character) => character.charCodeAt(0),
        );
        if (peaks.length === PEAKS) found.set(key, peaks);
      }
    } catch {
      // They are made again.
    }
    return found;
  }

  /** Writes them before long; {@linkcode close} does it at once. */
  save(peaks: ReadonlyMap<string, Uint8Array<ArrayBuffer>>): void {
    this.#unsaved = peaks;
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.#write(), GATHER_MS);
    Deno.unrefTimer(this.#timer);
  }

  /** Resolves when all is written that can be. */
  async close(): Promise<void> {
    if (this.#unsaved) this.#write();
    await this.#writing;
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const peaks = this.#unsaved;
    if (peaks === null) return;
    this.#unsaved = null;
    const rows = Object.fromEntries(
      Array.from(peaks, ([key, bytes]) => [
        key,
        btoa(String.fromCharCode(...bytes)),
      ]),
    );
    this.#writing = this.#writing
      .then(() => writePrivateFile(this.#path, JSON.stringify(rows)))
      // A folder that cannot be written to costs time at the next start only.
      .catch(() => {});
  }
}
