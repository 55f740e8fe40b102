/**
 * The gate at which tokens are checked, for sessions and for the numbers
 * alike. Who guesses is slowed down, by address, and never by a timer that
 * runs while nobody waits.
 *
 * @module
 */

import { sha256 } from "@noble/hashes/sha2";
import { utf8ToBytes } from "@noble/hashes/utils";
import { OndacastError } from "../errors.ts";
import { addressGroup } from "../model/address.ts";
import type { Clock } from "../ports.ts";

/** Wrong tokens of an address that cost it nothing: people mistype. */
export const FREE_GUESSES = 4;
/** The pause before the next guess is looked at; it doubles with each wrong one. */
export const FIRST_PAUSE_MS = 250;
/** The longest pause, so that a right token is never kept out for long. */
export const LONGEST_PAUSE_MS = 2_000;
/** Who would have to wait longer for a turn is told `busy`; less than a `hello` may take. */
export const LONGEST_WAIT_MS = 4_000;
/** Wrong tokens are forgotten so long after the last one. */
export const FORGET_MS = 60_000;
/** Addresses remembered; beyond, the one that has been quiet for longest is forgotten. */
export const MAX_REMEMBERED = 4_096;

interface Guesses {
  wrong: number;
  lastMs: number;
  /** When the next guess may be looked at. */
  nextMs: number;
}

/** Checks tokens. */
export class TokenGate {
  readonly #clock: Clock;
  readonly #wanted: Uint8Array | null;
  /** By address, the latest wrong one last. */
  readonly #guesses = new Map<string, Guesses>();

  /** @param token The secret; null: none is wanted. */
  constructor(token: string | null, clock: Clock) {
    this.#wanted = token === null ? null : sha256(utf8ToBytes(token));
    this.#clock = clock;
  }

  /** Whether there is a token at all. */
  get isOpen(): boolean {
    return this.#wanted === null;
  }

  /** Addresses of which wrong tokens are remembered. */
  get remembered(): number {
    return this.#guesses.size;
  }

  /**
   * Lets a right token pass, after a wait if its address has guessed. Right
   * and wrong ones wait alike, as who waits less would be told something.
   * Digests are compared, which takes as long for a near miss as for any
   * other.
   *
   * @param ip Without brackets.
   * @throws {OndacastError} `unauthorized`; `busy`, if too many wait already.
   */
  async check(given: string | undefined, ip: string): Promise<void> {
    if (this.#wanted === null) return;
    if (given === undefined) {
      throw new OndacastError(
        "unauthorized",
        "Cannot let the client in: this server wants a token (--token)",
      );
    }
    const address = addressGroup(ip);
    const waitMs = this.#turn(address);
    if (waitMs > 0) await this.#clock.sleep(waitMs);
    // Nothing is awaited from here on: a crowd of guesses counts one by one.
    if (sameBytes(this.#wanted, sha256(utf8ToBytes(given)))) return;
    this.#countWrong(address);
    throw new OndacastError(
      "unauthorized",
      "Cannot let the client in: the token is not this server's",
    );
  }

  /** Takes the address's next turn; how long it is until then. */
  #turn(address: string): number {
    const nowMs = this.#clock.now();
    this.#forget(nowMs);
    const guesses = this.#guesses.get(address);
    if (guesses === undefined || guesses.wrong < FREE_GUESSES) return 0;
    const startMs = Math.max(nowMs, guesses.nextMs);
    if (startMs - nowMs > LONGEST_WAIT_MS) {
      throw new OndacastError(
        "busy",
        "Cannot look at the token yet: too many wrong ones came from this address. Try again in some seconds",
      );
    }
    guesses.nextMs = startMs + pauseMs(guesses.wrong);
    return startMs - nowMs;
  }

  #countWrong(address: string): void {
    const nowMs = this.#clock.now();
    const before = this.#guesses.get(address);
    const wrong = (before?.wrong ?? 0) + 1;
    const nextMs = Math.max(before?.nextMs ?? 0, nowMs + pauseMs(wrong));
    this.#guesses.delete(address); // So that it is the last in the map.
    this.#guesses.set(address, { wrong, lastMs: nowMs, nextMs });
    if (this.#guesses.size > MAX_REMEMBERED) this.#forgetOldest();
  }

  #forget(nowMs: number): void {
    for (const { lastMs } of this.#guesses.values()) {
      if (nowMs - lastMs < FORGET_MS) return;
      this.#forgetOldest();
    }
  }

  #forgetOldest(): void {
    for (const address of this.#guesses.keys()) {
      this.#guesses.delete(address);
      return;
    }
  }
}

/** How long nobody of an address is looked at, after so many wrong tokens. */
function pauseMs(wrong: number): number {
  if (wrong < FREE_GUESSES) return 0;
  const doublings = Math.min(wrong - FREE_GUESSES, 10);
  return Math.min(FIRST_PAUSE_MS * 2 ** doublings, LONGEST_PAUSE_MS);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a[i] ^ b[i];
  return difference === 0;
}
