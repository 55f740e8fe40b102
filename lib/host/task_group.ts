/**
 * Work that goes on by itself, and that somebody waits for before the end.
 * It is counted and not listed, as a server has thousands of it.
 *
 * @module
 */

/** Counts the work that is under way. */
export class TaskGroup {
  readonly #onError: (error: unknown) => void;
  #open = 0;
  #over: PromiseWithResolvers<void> | null = null;

  /** @param onError Told of work that failed. */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Counts work until it ends, in whatever way. */
  add(work: Promise<unknown>): void {
    this.#open++;
    work.then(this.#ended, this.#failed);
  }

  /** Resolves when nothing is under way. */
  over(): Promise<void> {
    if (this.#open === 0) return Promise.resolve();
    this.#over ??= Promise.withResolvers();
    return this.#over.promise;
  }

  readonly #ended = (): void => {
    if (--this.#open > 0) return;
    this.#over?.resolve();
    this.#over = null;
  };

  readonly #failed = (error: unknown): void => {
    this.#onError(error);
    this.#ended();
  };
}
