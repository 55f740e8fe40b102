/**
 * Credit: how many bytes of data the other side has said it can take. The
 * sender spends it, the receiver grants it; this is the whole of flow
 * control, and the reason that a server needs no timer for a listener.
 *
 * @module
 */

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

  /** @param windowBytes What may be sent before the first grant. */
  constructor(windowBytes: number) {
    this.#bytes = windowBytes;
  }

  /** Bytes that may be sent now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The other side can take more; at most 2^53 - 1 is kept. */
  grant(bytes: number): void {
    this.#bytes = Math.min(this.#bytes + bytes, Number.MAX_SAFE_INTEGER);
    if (this.#bytes > 0) this.wake();
  }

  /**
   * Bytes of data go out.
   *
   * @throws {RangeError} If there is less credit.
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
   * The same for one who does not wait, and there is but one: calls back, once,
   * at once if there is credit.
   */
  whenSome(callback: () => void): void {
    if (this.#bytes > 0) return callback();
    this.#wake = callback;
  }

  /** Lets who waits look again, as its stream may be over. */
  wake(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }
}

/**
 * The receiver's side: what to grant, and when. It gathers what was used up
 * and grants a quarter of the window at a time: whole windows would stall the
 * sender, single blocks would make a message of each.
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

  constructor(windowBytes: number) {
    this.#windowBytes = windowBytes;
  }

  get windowBytes(): number {
    return this.#windowBytes;
  }

  /**
   * Bytes were used up or thrown away.
   *
   * @returns The bytes to grant now; 0: none yet.
   */
  used(bytes: number): number {
    this.#ungranted += bytes;
    if (this.#ungranted < this.#windowBytes / 4) return 0;
    const grant = this.#ungranted;
    this.#ungranted = 0;
    return grant;
  }

  /**
   * Makes the window larger; a smaller one is left as it is.
   *
   * @returns The bytes to grant now for it.
   */
  widen(windowBytes: number): number {
    const more = Math.max(0, windowBytes - this.#windowBytes);
    this.#windowBytes += more;
    return more;
  }
}
