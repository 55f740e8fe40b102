/**
 * Memory to gather frames in, of one size and lent again and again: a usual
 * grant makes no other. There is little of it, as most writes are over at
 * once. Who finds it all lent waits his turn, but not for slow peers.
 *
 * @module
 */

import type { FramesLease } from "./lease.ts";

/** If none comes back for so long, slow peers have all of it, and nobody waits. */
const STUCK_MS = 5;

/** Memory that frames are gathered in, lent until it is released. */
export class PooledBuffer implements FramesLease {
  readonly buffer: Uint8Array;
  bytes: Uint8Array;
  payloadBytes = 0;
  readonly #home: BufferPool | null;

  /** @param home Where it goes when it is released; null: it is lent once. */
  constructor(size: number, home: BufferPool | null = null) {
    this.buffer = this.bytes = new Uint8Array(size);
    this.#home = home;
  }

  release(): void {
    this.#home?.takeBack(this);
  }
}

/**
 * So many buffers, each made when it is needed first.
 *
 * @example
 * ```ts
 * import { BufferPool } from "./buffer_pool.ts";
 * import assert from "node:assert/strict";
 *
 * const buffers = new BufferPool(1024, 1);
 * const first = buffers.take()!;
 * assert.equal(buffers.take(), null);
 * const soon = buffers.takeSoon();
 * first.release();
 * assert.equal(await soon, first);
 * ```
 */
export class BufferPool {
  readonly #bytesEach: number;
  readonly #most: number;
  readonly #free: PooledBuffer[] = [];
  /** Those who wait, in their order. */
  readonly #waiting = new Set<(buffer: PooledBuffer | null) => void>();
  #made = 0;
  /** How many have come back so far. */
  #returns = 0;
  #isWatched = false;
  #isStuck = false;

  constructor(bytesEach: number, most: number) {
    this.#bytesEach = bytesEach;
    this.#most = most;
  }

  /** One that nobody uses; null: all are lent. */
  take(): PooledBuffer | null {
    const free = this.#free.pop();
    if (free || this.#made >= this.#most) return free ?? null;
    this.#made++;
    return new PooledBuffer(this.#bytesEach, this);
  }

  /** The same, or the next that comes back; null: none does soon. */
  takeSoon(): PooledBuffer | null | Promise<PooledBuffer | null> {
    const free = this.take();
    if (free !== null || this.#isStuck) return free;
    if (!this.#isWatched) this.#watch();
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  /** A buffer was released: who waits longest has it, if anyone waits. */
  takeBack(buffer: PooledBuffer): void {
    this.#returns++;
    this.#isStuck = false;
    const [first] = this.#waiting;
    if (first === undefined) return void this.#free.push(buffer);
    this.#waiting.delete(first);
    first(buffer);
  }

  /** Looks after those who wait, as long as there are any. */
  #watch(): void {
    const before = this.#returns;
    this.#isWatched = true;
    setTimeout(() => {
      this.#isWatched = false;
      if (this.#waiting.size === 0) return;
      if (this.#returns > before) return this.#watch();
      this.#isStuck = true;
      for (const resolve of this.#waiting) resolve(null);
      this.#waiting.clear();
    }, STUCK_MS);
  }
}
