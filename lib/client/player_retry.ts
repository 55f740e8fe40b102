/**
 * Restarts a player that fails, at the sample where it was. Nothing is granted
 * meanwhile, so that the server waits as at a pause.
 *
 * @module
 */

import { type OndacastError, toOndacastError } from "../errors.ts";
import type { Clock } from "../ports/common.ts";
import type { Output } from "./output.ts";
import type { Pump } from "./pump.ts";

/** The wait before a failed player is restarted. */
const AGAIN_MS = 5_000;
/**
 * A player that has run for this long counts as working: longer than the wait
 * for one that accepts no PCM.
 */
const WORKING_MS = 4_000;
/** A song waits for a player this long: much later it would be a surprise. */
export const GIVE_UP_MS = 600_000;

/** Notified of the player. */
export interface RetryListener {
  /** It has failed, or works again: null. */
  changed(problem: OndacastError | null): void;
  /** The song is to continue at this byte of its PCM: the rest was not heard. */
  goBack(byte: number): void;
}

/** Runs a pump, and runs it again when its player fails. */
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
   * @throws {OndacastError} The player's failure, once none has worked for ten
   * minutes; `interrupted`.
   */
  async run(pump: Pump, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      const fromMs = this.#clock.now();
      const trial = new AbortController();
      this.#watch(trial.signal);
      try {
        return await pump.run();
      } catch (thrown) {
        this.#fail(toOndacastError(thrown), over);
      } finally {
        trial.abort();
      }
      // A player may accept PCM for a while before it fails.
      const hasWorked = this.#clock.now() - fromMs >= WORKING_MS;
      const byte = hasWorked ? pump.heardBytes : pump.runFromBytes;
      await this.#output.abort();
      this.#listener.goBack(byte);
      await this.#clock.sleep(AGAIN_MS, over);
    }
  }

  /** Reports a player that works again. */
  async #watch(trial: AbortSignal): Promise<void> {
    if (this.#failingSinceMs === null) return;
    await this.#clock.sleep(WORKING_MS, trial);
    if (trial.aborted) return;
    this.#failingSinceMs = null;
    this.#listener.changed(null);
  }

  #fail(error: OndacastError, over: AbortSignal): void {
    if (error.code === "interrupted" || over.aborted) throw error;
    const nowMs = this.#clock.now();
    this.#failingSinceMs ??= nowMs;
    if (nowMs - this.#failingSinceMs >= GIVE_UP_MS) throw error;
    this.#listener.changed(error);
  }
}
