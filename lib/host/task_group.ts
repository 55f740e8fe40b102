/**
 * Background work that a shutdown waits for. It is counted, not listed, since a
 * server has thousands of tasks.
 *
 * @module
 */

/** Counts running tasks. */
export class TaskGroup {
  readonly #onError: (error: unknown) => void;
  #open = 0;
  #over: PromiseWithResolvers<void> | null = null;

  /** @param onError Called with the error of a failed task. */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Counts a task until it settles. */
  add(work: Promise<unknown>): void {
    this.#open++;
    work.then(this.#ended, this.#failed);
  }

  /** Resolves when no task is running. */
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
