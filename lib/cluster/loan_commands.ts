/**
 * The commands of a borrower, which are carried out in their order: each once its
 * song is open, and the device reads.
 *
 * @module
 */

import type { Receiver } from "../server/groups/receiver.ts";

/** Commands that wait for a song to be opened, or for the device to read. */
const MOST_WAITING = 256;

/** A command that can be carried out. */
export interface Ready {
  act(): void;
  /** It is not carried out. */
  discard?(): void;
}

export class LoanCommands {
  readonly #link: Pick<Receiver, "post">;
  readonly #overflowed: () => void;
  /** Resolves once all commands so far can be carried out. */
  #prepared: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #ready: Ready[] = [];
  /** Rises when commands so far are not to be carried out. */
  #epoch = 0;

  /** @param overflowed Called instead of taking one that is too many. */
  constructor(link: Pick<Receiver, "post">, overflowed: () => void) {
    this.#link = link;
    this.#overflowed = overflowed;
  }

  /** Carries out a command after all before it. */
  add(prepare: () => Ready | null | Promise<Ready | null>): void {
    if (this.#waiting >= MOST_WAITING) return this.#overflowed();
    this.#waiting++;
    const epoch = this.#epoch;
    this.#prepared = this.#prepared.then(async () => {
      const isPast = () => epoch !== this.#epoch;
      const ready = isPast() ? null : await prepare();
      if (isPast()) return ready?.discard?.();
      if (ready === null) this.#waiting--;
      else this.#deliver(ready);
    });
  }

  /** Carries it out once the device reads. */
  #deliver(ready: Ready): void {
    this.#ready.push(ready);
    this.#link.post("group", () => {
      const due = this.#ready.splice(0);
      this.#waiting -= due.length;
      for (const { act } of due) act();
    });
  }

  /** None of those so far is carried out. */
  forget(): void {
    this.#epoch++;
    this.#waiting = 0;
    for (const { discard } of this.#ready.splice(0)) discard?.();
  }
}
