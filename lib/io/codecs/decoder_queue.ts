/**
 * The order of jobs that wait for a decoder: by urgency, then by arrival. The two
 * most urgent kinds alternate, so that clients which seek again and again do not
 * stop what others hear. At most two jobs of an address take part; its others wait
 * for these, so that no client delays others by asking for much.
 *
 * @module
 */

/** Jobs of one address that take part at once. */
const MOST_OF_ADDRESS = 2;

/** A waiting job. */
export interface QueuedJob {
  /** The lowest is the most urgent; 0 and 1 alternate. */
  priority: number;
  /** The listener's address; empty: the server's own work, which is not limited. */
  address: string;
}

/** The queue of all addresses. */
export class DecoderQueue<T extends QueuedJob> {
  /** In order of arrival; the number is the job's turn, null: it does not take part. */
  readonly #turns = new Map<T, number | null>();
  #lastTurn = 0;
  /** The priority of the job that was removed last by {@linkcode next}. */
  #lastPriority = NaN;

  get isEmpty(): boolean {
    return this.#turns.size === 0;
  }

  add(job: T): void {
    this.#turns.set(job, null);
    this.#admit(job.address);
  }

  /** Removes the most urgent job; null: there is none. */
  next(): T | null {
    let next: T | null = null;
    let nextTurn = Infinity;
    for (const [job, turn] of this.#turns) {
      if (turn === null) continue;
      const difference = next ? this.#rank(job) - this.#rank(next) : -1;
      if (difference < 0 || difference === 0 && turn < nextTurn) {
        next = job;
        nextTurn = turn;
      }
    }
    if (next === null) return null;
    this.#lastPriority = next.priority;
    this.remove(next);
    return next;
  }

  /**
   * Makes a job more urgent. One that does not take part moves to the address that
   * wants it now, if its own jobs leave room.
   */
  hurry(job: T, priority: number, address: string): void {
    if (!this.#turns.has(job)) return;
    job.priority = Math.min(job.priority, priority);
    if (this.#turns.get(job) === null) job.address = address;
    this.#admit(job.address);
  }

  /** @returns Whether it waited. */
  remove(job: T): boolean {
    const waited = this.#turns.delete(job);
    if (waited) this.#admit(job.address);
    return waited;
  }

  /** Removes all jobs. */
  clear(): T[] {
    const jobs = [...this.#turns.keys()];
    this.#turns.clear();
    return jobs;
  }

  /** The priority, or one behind 1 for the second 0 in a row. */
  #rank({ priority }: T): number {
    return priority === 0 && this.#lastPriority === 0 ? 1.5 : priority;
  }

  /** Lets the most urgent jobs of an address take part. */
  #admit(address: string): void {
    const own = [...this.#turns.keys()].filter((it) => it.address === address);
    own.sort((a, b) => a.priority - b.priority);
    // One of each of the two kinds that alternate.
    const second = own.findIndex(({ priority }) => priority === 1);
    if (second > 1) own.splice(1, 0, ...own.splice(second, 1));
    own.forEach((job, i) => {
      const takesPart = address === "" || i < MOST_OF_ADDRESS;
      const turn = this.#turns.get(job) ?? null;
      this.#turns.set(job, takesPart ? turn ?? ++this.#lastTurn : null);
    });
  }
}
