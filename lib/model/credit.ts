/**
 * Credit-based flow control: the receiver grants the number of data bytes it can
 * accept, and the sender spends them. The server therefore needs no timer per
 * listener.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";

/**
 * The sender's side of one connection.
 *
 * @example
 * ```ts
 * import { Credit } from "./credit.ts";
 * import assert from "node:assert/strict";
 *
 * const credit = new Credit(10);
 * credit.spend(10);
 * const more = credit.some();
 * credit.grant(5);
 * await more;
 * assert.equal(credit.bytes, 5);
 * ```
 */
export class Credit {
  #bytes: number;
  #wake: (() => void) | null = null;

  /** @param windowBytes Bytes that may be sent before the first grant. */
  constructor(windowBytes: number) {
    this.#bytes = windowBytes;
  }

  /** Bytes that may be sent now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds bytes that the receiver can accept, up to 2^53 - 1 in all. */
  grant(bytes: number): void {
    this.#bytes = Math.min(this.#bytes + bytes, Number.MAX_SAFE_INTEGER);
    if (this.#bytes > 0) this.wake();
  }

  /**
   * Uses up credit for bytes about to be sent.
   *
   * @throws {RangeError} If there is not enough.
   */
  spend(bytes: number): void {
    if (bytes > this.#bytes) {
      throw new RangeError(
        `Cannot spend ${bytes} bytes of credit: expected at most ${this.#bytes}`,
      );
    }
    this.#bytes -= bytes;
  }

  /** Resolves once there is credit or {@linkcode wake} is called. */
  some(): Promise<void> {
    return new Promise((resolve) => this.whenSome(resolve));
  }

  /**
   * Calls back once: immediately if there is credit, otherwise at the next grant
   * or {@linkcode wake}. A new callback replaces a waiting one.
   */
  whenSome(callback: () => void): void {
    if (this.#bytes > 0) return callback();
    this.#wake = callback;
  }

  /** Runs the waiting callback, for example because its stream has ended. */
  wake(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }
}

/**
 * The receiver's side: decides when to grant how many bytes. It sums up what was
 * consumed and grants a quarter of the window at a time. Granting a whole window
 * would stall the sender; granting each block would cost a message per block.
 *
 * @example
 * ```ts
 * import { Allowance } from "./credit.ts";
 * import assert from "node:assert/strict";
 *
 * const allowance = new Allowance(1000);
 * assert.equal(allowance.used(200), 0);
 * assert.equal(allowance.used(100), 300);
 * ```
 */
export class Allowance {
  #windowBytes: number;
  #ungranted = 0;
  /** Bytes that may still come. */
  #expected: number;

  constructor(windowBytes: number) {
    this.#windowBytes = this.#expected = windowBytes;
  }

  get windowBytes(): number {
    return this.#windowBytes;
  }

  /**
   * Counts bytes that were consumed or discarded.
   *
   * @returns The bytes to grant now; 0 for none yet.
   */
  used(bytes: number): number {
    this.#ungranted += bytes;
    return this.#ungranted < this.#windowBytes / 4 ? 0 : this.all();
  }

  /** All bytes that were consumed, to grant now: another stream waits for them. */
  all(): number {
    const grant = this.#ungranted;
    this.#ungranted = 0;
    this.#expected += grant;
    return grant;
  }

  /**
   * Counts bytes that came.
   *
   * @throws {OndacastError} `bad-frame`, if they are more than were granted.
   */
  received(bytes: number): void {
    if (bytes > this.#expected) {
      throw new OndacastError(
        "bad-frame",
        `Cannot accept ${bytes} bytes of data: ${this.#expected} were granted`,
      );
    }
    this.#expected -= bytes;
  }

  /**
   * Enlarges the window; it never shrinks.
   *
   * @returns The additional bytes to grant now.
   */
  widen(windowBytes: number): number {
    const more = Math.max(0, windowBytes - this.#windowBytes);
    this.#windowBytes += more;
    this.#expected += more;
    return more;
  }
}
