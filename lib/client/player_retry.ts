/**
 * What becomes of a song whose player fails: it waits at the sample where it
 * was, and the player is started again. Nothing is used up meanwhile, so that
 * the server waits as it does at a pause.
 *
 * @module
 */

import { type OndacastError, toOndacastError } from "../errors.ts";
import type { Clock } from "../ports/common.ts";
import type { Output } from "./output.ts";
import type { Pump } from "./pump.ts";

/** How long a failed player is left alone before it is started again. */
const AGAIN_MS = 5_000;
/**
 * How long a player must run before it is taken for well: longer than one is
 * waited for that takes nothing.
 */
const WELL_MS = 4_000;
/**
 * How long a song waits for a player. Much later nobody wants the music to
 * begin by itself.
 */
export const GIVE_UP_MS = 600_000;

/** What is done with a song. */
export interface RetryListener {
  /** Called with each failure, and with null when a player is well again. */
  tell(problem: OndacastError | null): void;
  /** Has it go on from this byte of its PCM, as what followed was not heard. */
  goBack(byte: number): void;
}

/** Runs a pump over all players that fail under it. */
export class PlayerRetry {
  readonly #output: Output;
  readonly #clock: Clock;
  readonly #listener: RetryListener;
  #failingSinceMs: number | null = null;

  constructor(output: Output, clock: Clock, listener: RetryListener) {
    this.#output = output;
    this.#clock = clock;
    this.#listener = listener;
  }

  /**
   * Plays as {@linkcode Pump.run} does.
   *
   * @param over Ends the waiting.
   * @throws {OndacastError} The player's failure after ten minutes without one
   * that plays; `interrupted`.
   */
  async run(pump: Pump, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      const fromMs = this.#clock.now();
      const trial = new AbortController();
      this.#watch(trial.signal);
      try {
        return await pump.run();
      } catch (thrown) {
        this.#take(toOndacastError(thrown), over);
      } finally {
        trial.abort();
      }
      // A player may take what it is given for a while before it fails.
      const wasWell = this.#clock.now() - fromMs >= WELL_MS;
      const byte = wasWell ? pump.heardBytes : pump.runFromBytes;
      await this.#output.abort();
      this.#listener.goBack(byte);
      await this.#clock.sleep(AGAIN_MS, over);
    }
  }

  /** Takes a player for well that has not failed for a while. */
  async #watch(trial: AbortSignal): Promise<void> {
    if (this.#failingSinceMs === null) return;
    await this.#clock.sleep(WELL_MS, trial);
    if (trial.aborted) return;
    this.#failingSinceMs = null;
    this.#listener.tell(null);
  }

  #take(error: OndacastError, over: AbortSignal): void {
    if (error.code === "interrupted" || over.aborted) throw error;
    const nowMs = this.#clock.now();
    this.#failingSinceMs ??= nowMs;
    if (nowMs - this.#failingSinceMs >= GIVE_UP_MS) throw error;
    this.#listener.tell(error);
  }
}
