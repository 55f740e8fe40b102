/**
 * The order of jobs that wait for a decoder: the earliest deadline first. At most two
 * jobs of an address take part; its others wait for these, so that no client delays
 * others by asking for much.
 *
 * @module
 */

import { addressGroup } from "../../model/address.ts";

/** Jobs of one address that take part at once. */
const MOST_OF_ADDRESS = 2;

/**
 * The latest deadline, from when a job takes part: listeners that come later go
 * before it no longer than this.
 */
const MOST_WAIT_MS = 10_000;

/** Work that no listener waits for comes after all that has a deadline. */
const WITHOUT_DEADLINE = { probe: Number.MAX_VALUE, idle: Infinity } as const;

/** When a job is needed, in milliseconds of the queue's clock, or which work it is. */
export type Deadline = number | keyof typeof WITHOUT_DEADLINE;

/** A waiting job. */
export interface QueuedJob {
  /** In the past: at once. */
  deadline: Deadline;
  /**
   * The listener's address, of which the queue makes its group; empty: the server's
   * own work, which is not limited.
   */
  address: string;
}

/** Since when a job has waited, or taken part. */
interface Place {
  sinceMs: number;
  /** Of those with the same deadline, the lowest goes first. */
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
  hurry(job: T, deadline: Deadline, address: string): void {
    const place = this.#places.get(job);
    if (place === undefined) return;
    if (order(deadline) < order(job.deadline)) job.deadline = deadline;
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
    const [dueA, dueB] = [this.#due(a), this.#due(b)];
    if (dueA !== dueB) return dueA < dueB ? -1 : 1;
    return this.#places.get(a)!.number - this.#places.get(b)!.number;
  }

  /** Not before it takes part, else an address that asks for much would go first. */
  #due(job: T): number {
    const { sinceMs } = this.#places.get(job)!;
    const due = order(job.deadline);
    return typeof job.deadline === "number"
      ? Math.min(Math.max(due, sinceMs), sinceMs + MOST_WAIT_MS)
      : due;
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

/** What deadlines are compared by. */
function order(deadline: Deadline): number {
  return typeof deadline === "number" ? deadline : WITHOUT_DEADLINE[deadline];
}
