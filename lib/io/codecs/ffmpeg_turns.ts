/**
 * Lets two instances of ffmpeg run at once, for the most urgent work that waits.
 *
 * @module
 */

import type { Clock } from "../../ports/common.ts";
import {
  type Deadline,
  DecoderQueue,
  type QueuedJob,
} from "./decoder_queue.ts";

/** Files examined or decoded at once. */
const AT_ONCE = 2;

/** A place in the queue. */
export interface FfmpegTurn {
  /** Makes it more urgent, unless it has begun; see `DecoderTask.hurry()`. */
  hurry(deadline: Deadline, address?: string): void;
  /** Gives it up. @returns False if it has begun. */
  cancel(): boolean;
}

interface Waiting extends QueuedJob {
  readonly work: () => Promise<void>;
}

/** The queue for all instances. */
export class FfmpegTurns {
  readonly #waiting: DecoderQueue<Waiting>;
  #running = 0;

  constructor(clock: Pick<Clock, "now">) {
    this.#waiting = new DecoderQueue(() => clock.now());
  }

  /**
   * Waits for a turn.
   *
   * @param work Never rejects.
   * @param address The listener's; of each, two turns take part in the queue.
   */
  take(
    work: () => Promise<void>,
    deadline: Deadline,
    address = "",
  ): FfmpegTurn {
    const waiting = { work, deadline, address };
    this.#waiting.add(waiting);
    this.#begin();
    return {
      hurry: (deadline, address = "") =>
        this.#waiting.hurry(waiting, deadline, address),
      cancel: () => this.#waiting.remove(waiting),
    };
  }

  /** Waits for a turn, and returns what comes of the work. */
  run<T>(
    work: () => Promise<T>,
    deadline: Deadline,
    address?: string,
  ): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<T>();
    this.take(
      async () => {
        const result = work();
        resolve(result);
        await result.catch(() => {}); // The caller gets the error.
      },
      deadline,
      address,
    );
    return promise;
  }

  #begin(): void {
    while (this.#running < AT_ONCE) {
      const next = this.#waiting.next();
      if (next === null) return;
      this.#running++;
      next.work().finally(() => {
        this.#running--;
        this.#begin();
      });
    }
  }
}
