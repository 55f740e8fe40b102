/**
 * The order of jobs that wait for a decoder: by urgency, then by the time that they
 * can wait. At most two jobs of an address take part; its others wait for these, so
 * that no client delays others by asking for much.
 *
 * @module
 */

import { addressGroup } from "../../model/address.ts";

/** Jobs of one address that take part at once. */
const MOST_OF_ADDRESS = 2;

/**
 * How long a job can wait, by its priority: for a listener without any audio, with
 * little, and with seconds of it. A first sound goes before what others hear later,
 * but clients that seek again and again do not stop what they hear.
 */
const CAN_WAIT_MS: readonly number[] = [0, 500, 2500];

/** A waiting job. */
export interface QueuedJob {
  /** The lowest is the most urgent; 0 to 2 go by the time that they can wait. */
  priority: number;
  /**
   * The listener's address, of which the queue makes its group; empty: the server's
   * own work, which is not limited.
   */
  address: string;
}

/** Since when a job has waited, or taken part. */
interface Place {
  sinceMs: number;
  /** Of those since the same time, the lowest goes first. */
  number: number;
  takesPart: boolean;
}

/** The queue of all addresses. */
export class DecoderQueue<T extends QueuedJob> {
  readonly #nowMs: () => number;
  readonly #places = new Map<T, Place>();
  #lastNumber = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  get isEmpty(): boolean {
    return this.#places.size === 0;
  }

  add(job: T): void {
    job.address = addressGroup(job.address);
    this.#places.set(job, this.#newPlace(false));
    this.#admit(job.address);
  }

  /** Removes the most urgent job; null: there is none. */
  next(): T | null {
    let next: T | null = null;
    for (const [job, { takesPart }] of this.#places) {
      if (takesPart && (next === null || this.#compare(job, next) < 0)) {
        next = job;
      }
    }
    if (next !== null) this.remove(next);
    return next;
  }

  /**
   * Makes a job more urgent. One that does not take part moves to the address that
   * wants it now, if its own jobs leave room.
   */
  hurry(job: T, priority: number, address: string): void {
    const place = this.#places.get(job);
    if (place === undefined) return;
    job.priority = Math.min(job.priority, priority);
    if (!place.takesPart) job.address = addressGroup(address);
    this.#admit(job.address);
  }

  /** @returns Whether it waited. */
  remove(job: T): boolean {
    const waited = this.#places.delete(job);
    if (waited) this.#admit(job.address);
    return waited;
  }

  /** Removes all jobs. */
  clear(): T[] {
    const jobs = [...this.#places.keys()];
    this.#places.clear();
    return jobs;
  }

  #newPlace(takesPart: boolean): Place {
    return { sinceMs: this.#nowMs(), number: ++this.#lastNumber, takesPart };
  }

  /** Below zero, if the first job goes before the second. */
  #compare(a: T, b: T): number {
    return rank(a) - rank(b) || this.#dueMs(a) - this.#dueMs(b) ||
      this.#places.get(a)!.number - this.#places.get(b)!.number;
  }

  #dueMs(job: T): number {
    const { sinceMs } = this.#places.get(job)!;
    return sinceMs + (CAN_WAIT_MS[job.priority] ?? 0);
  }

  /** Lets the most urgent jobs of an address take part, from now on. */
  #admit(address: string): void {
    const own = [...this.#places.keys()].filter((it) => it.address === address);
    own.sort((a, b) => this.#compare(a, b));
    own.forEach((job, i) => {
      const takesPart = address === "" || i < MOST_OF_ADDRESS;
      if (takesPart === this.#places.get(job)!.takesPart) return;
      this.#places.set(job, this.#newPlace(takesPart));
    });
  }
}

/** Those that go by the time that they can wait have one rank. */
function rank({ priority }: QueuedJob): number {
  return Math.max(priority, CAN_WAIT_MS.length - 1);
}
