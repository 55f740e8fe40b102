/**
 * The records of this server: what they should be, and what the table has. Whatever
 * differs is written, again until it is; so a start, a change and the return of the
 * table are one operation.
 *
 * @module
 */

import type { Clock } from "../ports/common.ts";
import type { Bus, RecordListener } from "./bus.ts";

/** Records that are written at once. */
const AT_ONCE = 64;
/** Changes are collected for this long. */
const COLLECT_MS = 30;
/** After a failed write. */
const AGAIN_MS = 1_000;

const UTF8 = new TextEncoder();
const DECODER = new TextDecoder();

export class OwnRecords implements RecordListener {
  readonly #bus: Pick<Bus, "put">;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  /** Make the records, when they are written. */
  readonly #wanted = new Map<string, () => unknown>();
  /** As the table has them. */
  readonly #seen = new Map<string, { text: string; revision: number }>();
  readonly #writing = new Set<string>();
  /** What the table has shown of a record that is being written: the latest. */
  readonly #shown = new Map<
    string,
    { value: Uint8Array | null; revision: number }
  >();
  readonly #dirty = new Set<string>();
  #isRunning = false;
  #isComplete = false;
  readonly #written: (key: string) => void;
  /** What a run before has left, until it is deleted or written anew. */
  #rest: Set<string> | null = null;
  readonly #cleared = Promise.withResolvers<void>();

  /** @param written Called with the key of each record that the table has got. */
  constructor(
    bus: Pick<Bus, "put">,
    clock: Clock,
    signal: AbortSignal,
    written: (key: string) => void = () => {},
  ) {
    this.#written = written;
    this.#bus = bus;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** The number of records that differ from the table, as far as is known. */
  get waiting(): number {
    return this.#dirty.size + this.#writing.size;
  }

  /** Resolves once the table has none that a run before has left, for the first time. */
  get cleared(): Promise<void> {
    return this.#cleared.promise;
  }

  /** The number of records that there shall be. */
  get size(): number {
    return this.#wanted.size;
  }

  /** Sets a record, or notes that it has changed; null: there shall be none. */
  set(key: string, make: (() => unknown) | null): void {
    if (make) this.#wanted.set(key, make);
    else this.#wanted.delete(key);
    this.#note(key);
  }

  /** When the table got the present record; undefined: it is not known to have it. */
  revision(key: string): number | undefined {
    return this.#seen.get(key)?.revision;
  }

  begin(): void {
    this.#isComplete = false;
    this.#seen.clear();
  }

  /** Only records of this server. */
  record(key: string, value: Uint8Array | null, revision: number): void {
    if (this.#writing.has(key)) {
      return void this.#shown.set(key, { value, revision });
    }
    const known = this.#seen.get(key);
    if (known && revision <= known.revision) return;
    if (value === null) this.#seen.delete(key);
    else this.#seen.set(key, { text: DECODER.decode(value), revision });
    if (this.#isComplete) this.#note(key);
  }

  /** What should not be there is deleted. */
  complete(): void {
    this.#isComplete = true;
    for (const key of this.#seen.keys()) this.#dirty.add(key);
    for (const key of this.#wanted.keys()) this.#dirty.add(key);
    this.#rest ??= new Set(
      this.#seen.keys().filter((key) => !this.#wanted.has(key)),
    );
    if (this.#rest.size === 0) this.#cleared.resolve();
    this.#run();
  }

  #note(key: string): void {
    this.#dirty.add(key);
    this.#run();
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    let waitMs = COLLECT_MS;
    while (
      this.#isComplete && this.#dirty.size > 0 && !this.#signal.aborted
    ) {
      await this.#clock.sleep(waitMs, this.#signal);
      const some = [...this.#dirty.values().take(AT_ONCE)];
      for (const key of some) this.#dirty.delete(key);
      const done = await Promise.all(some.map((key) => this.#write(key)));
      some.forEach((key, i) => done[i] && this.#rest?.delete(key));
      if (this.#rest?.size === 0) this.#cleared.resolve();
      waitMs = done.every(Boolean) ? 0 : AGAIN_MS;
    }
    this.#isRunning = false;
  }

  /** @returns False: it could not be written, and is tried again. */
  async #write(key: string): Promise<boolean> {
    const value = this.#wanted.get(key)?.();
    const text = value === undefined ? null : JSON.stringify(value);
    if (text === (this.#seen.get(key)?.text ?? null)) return true;
    this.#writing.add(key);
    try {
      const bytes = text === null ? null : UTF8.encode(text);
      const revision = await this.#bus.put(key, bytes);
      if (text === null) this.#seen.delete(key);
      else this.#seen.set(key, { text, revision });
      this.#written(key);
      return true;
    } catch {
      this.#dirty.add(key);
      return false;
    } finally {
      this.#writing.delete(key);
      const shown = this.#shown.get(key);
      this.#shown.delete(key);
      // Somebody else may have written it since.
      if (shown) this.record(key, shown.value, shown.revision);
    }
  }
}
