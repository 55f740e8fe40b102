/**
 * Checks tokens, for sessions and for HTTP requests. Wrong guesses slow down
 * their address, without a timer while no check is delayed. A device that was
 * admitted before is not slowed, so that guessers behind its address cannot keep
 * it out.
 *
 * @module
 */

import { sha256 } from "@noble/hashes/sha2";
import { concat } from "@std/bytes/concat";
import { timingSafeEqual } from "@std/crypto/timing-safe-equal";
import { OndacastError } from "../errors.ts";
import { addressGroup } from "../model/address.ts";
import { LruCache } from "../model/lru_cache.ts";
import { deviceKey } from "../model/presence.ts";
import type { Clock } from "../ports/common.ts";
import { readKeyOf } from "./read_key.ts";

/** Wrong tokens of an address that cost it nothing: people mistype. */
export const FREE_GUESSES = 4;
/** The pause before the next guess is checked; it doubles with each wrong one. */
export const FIRST_PAUSE_MS = 250;
/** The longest pause, so that a right token is never kept out for long. */
export const LONGEST_PAUSE_MS = 2_000;
/** A longer wait for a turn is answered `busy`; less than a `hello` may take. */
export const LONGEST_WAIT_MS = 4_000;
/** Wrong tokens are forgotten this long after the last one. */
export const FORGET_MS = 60_000;
/** Addresses remembered; beyond, the one that has been quiet the longest is forgotten. */
export const MAX_REMEMBERED = 4_096;

/** The devices that have shown the right token before, over restarts. */
export interface AdmittedDevices {
  /** Whether a device has shown the token of which this is the proof. */
  has(key: string, proof: string): boolean;
  /** Remembers it, by the device's public key. */
  add(key: string, proof: string): void;
}

/** The client that shows a token. */
export interface Visitor {
  /** Its address, without brackets. */
  ip: string;
  /** The `device` of its `hello`; absent where a request names none. */
  device?: string;
}

/** What is checked. */
export type Secret = "token" | "readKey";

interface Guesses {
  wrong: number;
  lastMs: number;
  /** When the next guess may be checked. */
  nextMs: number;
}

/** Checks tokens. */
export class TokenGate {
  readonly #clock: Clock;
  /** Digests of what is accepted. */
  readonly #wanted: Readonly<Record<Secret, Uint8Array>> | null;
  readonly #admitted: AdmittedDevices;
  /** By address. */
  readonly #guesses = new LruCache<string, Guesses>(MAX_REMEMBERED);

  /** @param token The secret; null: none is required. */
  constructor(
    token: string | null,
    clock: Clock,
    admitted: AdmittedDevices = NONE_ADMITTED,
  ) {
    this.#wanted = token === null
      ? null
      : { token: digestOf(token), readKey: digestOf(readKeyOf(token)) };
    this.#clock = clock;
    this.#admitted = admitted;
  }

  /** Whether no token is required. */
  get isOpen(): boolean {
    return this.#wanted === null;
  }

  /** Addresses of which wrong tokens are remembered. */
  get remembered(): number {
    return this.#guesses.size;
  }

  /**
   * Admits a right token: at once from a device that has shown it before, else
   * after a wait if its address has guessed. There right and wrong tokens wait
   * alike, and both may be `busy`, because a difference would be an answer.
   * Digests are compared in constant time.
   *
   * @param secret What is given; a read key is that of {@linkcode readKeyOf}.
   * @throws {OndacastError} `unauthorized`; `busy`, if too many wait already.
   */
  async check(
    given: string | undefined,
    { ip, device }: Visitor,
    secret: Secret = "token",
  ): Promise<void> {
    if (this.#wanted === null) return;
    if (given === undefined) {
      throw new OndacastError(
        "unauthorized",
        "Cannot let the client in: this server wants a token (--token)",
      );
    }
    const digest = digestOf(given);
    const isRight = timingSafeEqual(this.#wanted[secret], digest);
    const key = device === undefined ? null : deviceKey(device);
    const proof = device === undefined ? "" : proofOf(digest, device);
    if (isRight && key !== null && this.#admitted.has(key, proof)) return;
    const address = addressGroup(ip);
    const waitMs = this.#reserveTurn(address);
    if (waitMs > 0) await this.#clock.sleep(waitMs);
    // Nothing is awaited from here on: a crowd of guesses counts one by one.
    if (isRight) {
      if (key !== null) this.#admitted.add(key, proof);
      return;
    }
    this.#countWrong(address);
    throw new OndacastError(
      "unauthorized",
      "Cannot let the client in: the token is not this server's",
    );
  }

  /** Reserves the address's next turn. @returns How long it is until then. */
  #reserveTurn(address: string): number {
    const nowMs = this.#clock.now();
    const guesses = this.#recent(address, nowMs);
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
    const before = this.#recent(address, nowMs);
    const wrong = (before?.wrong ?? 0) + 1;
    const nextMs = Math.max(before?.nextMs ?? 0, nowMs + pauseMs(wrong));
    this.#guesses.set(address, { wrong, lastMs: nowMs, nextMs });
  }

  #recent(address: string, nowMs: number): Guesses | undefined {
    const guesses = this.#guesses.get(address);
    return guesses && nowMs - guesses.lastMs < FORGET_MS ? guesses : undefined;
  }
}

function digestOf(token: string): Uint8Array {
  return sha256(new TextEncoder().encode(token));
}

const NONE_ADMITTED: AdmittedDevices = { has: () => false, add: () => {} };

/**
 * Proof that a device had a token. It does not help to guess the token without the
 * 122 random bits of the device's id, which only the device knows.
 */
function proofOf(tokenDigest: Uint8Array, device: string): string {
  return sha256(concat([tokenDigest, new TextEncoder().encode(device)]))
    .toHex();
}

/** The pause of an address after a number of wrong tokens. */
function pauseMs(wrong: number): number {
  if (wrong < FREE_GUESSES) return 0;
  const doublings = Math.min(wrong - FREE_GUESSES, 10);
  return Math.min(FIRST_PAUSE_MS * 2 ** doublings, LONGEST_PAUSE_MS);
}
