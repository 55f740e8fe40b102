/**
 * Buffers that data frames are written from, reused from write to write. There
 * are few, because most writes finish at once. A sender that finds none free
 * waits for one, but not for slow peers.
 *
 * @module
 */

import type { Clock } from "../ports/common.ts";

/** If no buffer is released for this long, slow peers hold all of them. */
const STUCK_MS = 5;

/** Frames to write, in memory that is lent until it is released. */
export class PooledBuffer {
  readonly memory: Uint8Array;
  /** What to write: a view of the memory. */
  bytes: Uint8Array;
  end = 0;
  readonly #pool: BufferPool | null;

  /** @param pool Where it is returned to; null: it is used once. */
  constructor(bytes: number, pool: BufferPool | null = null) {
    this.memory = this.bytes = new Uint8Array(bytes);
    this.#pool = pool;
  }

  /** Call it once, after the write. */
  release(): void {
    this.#pool?.takeBack(this);
  }
}

/**
 * A fixed number of buffers, each allocated when it is first needed.
 *
 * @example
 * ```ts
 * import { BufferPool } from "./buffer_pool.ts";
 * import assert from "node:assert/strict";
 *
 * const clock = { sleep: () => new Promise<void>(() => {}) };
 * const pool = new BufferPool(clock, { count: 1, bytesEach: 1024 });
 * const first = pool.acquire()!;
 * assert.equal(pool.acquire(), null);
 * const soon = pool.acquireSoon();
 * first.release();
 * assert.equal(await soon, first);
 * ```
 */
export class BufferPool {
  readonly #clock: Pick<Clock, "sleep">;
  readonly #count: number;
  readonly #bytesEach: number;
  /** The latest released is reused first: it is still in the processor's cache. */
  readonly #free: PooledBuffer[] = [];
  /** In the order of their requests. */
  readonly #waiting = new Set<(buffer: PooledBuffer | null) => void>();
  #made = 0;
  #releases = 0;
  #isWatched = false;
  #isStuck = false;

  constructor(
    clock: Pick<Clock, "sleep">,
    options: { count: number; bytesEach: number },
  ) {
    this.#clock = clock;
    this.#count = options.count;
    this.#bytesEach = options.bytesEach;
  }

  /** A free buffer; null: all are lent. */
  acquire(): PooledBuffer | null {
    const free = this.#free.pop();
    if (free || this.#made === this.#count) return free ?? null;
    this.#made++;
    return new PooledBuffer(this.#bytesEach, this);
  }

  /** A free buffer, or the next that is released; null: none is released soon. */
  acquireSoon(): PooledBuffer | null | Promise<PooledBuffer | null> {
    const free = this.acquire();
    if (free !== null || this.#isStuck) return free;
    const { promise, resolve } = Promise.withResolvers<PooledBuffer | null>();
    this.#waiting.add(resolve);
    if (!this.#isWatched) this.#watch();
    return promise;
  }

  /** Called by {@linkcode PooledBuffer.release}. */
  takeBack(buffer: PooledBuffer): void {
    this.#releases++;
    this.#isStuck = false;
    const [first] = this.#waiting;
    if (first === undefined) return void this.#free.push(buffer);
    this.#waiting.delete(first);
    first(buffer);
  }

  /** Checks, while anyone waits, that buffers are still being released. */
  async #watch(): Promise<void> {
    this.#isWatched = true;
    for (let before = NaN; this.#waiting.size > 0;) {
      if (before === this.#releases) {
        this.#isStuck = true;
        for (const resolve of this.#waiting) resolve(null);
        this.#waiting.clear();
        break;
      }
      before = this.#releases;
      await this.#clock.sleep(STUCK_MS);
    }
    this.#isWatched = false;
  }
}
