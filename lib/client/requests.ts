/**
 * The requests of one connection that wait for their answers, each with its
 * owner.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import type { RequestId, ToClient } from "../wire/messages.ts";

/** The most requests that may wait: casters can make a receiver send them. */
const MAX_WAITING = 1024;

/** Notified of the answers to one request. */
export interface RequestOwner {
  /** The type of the next answer. */
  readonly expects: string;
  /** @returns Whether another answer follows. */
  answered(message: ToClient): boolean;
  /** An error answers it, or the connection has ended. */
  failed(error: OndacastError): void;
}

/**
 * The waiting requests, by id.
 *
 * @example
 * ```ts
 * import { Requests } from "./requests.ts";
 * import assert from "node:assert/strict";
 *
 * const requests = new Requests();
 * const answers: string[] = [];
 * const id = requests.add({
 *   expects: "pong",
 *   answered: ({ type }) => answers.push(type) < 1,
 *   failed: () => {},
 * });
 * assert.equal(requests.answer(id, { type: "pong" }), true);
 * assert.equal(requests.answer(id, { type: "pong" }), false);
 * assert.deepEqual(answers, ["pong"]);
 * ```
 */
export class Requests {
  readonly #owners = new Map<RequestId, RequestOwner>();
  #latest = 0;

  /** Whether no more may be added: 1,024 wait already. */
  get isFull(): boolean {
    return this.#owners.size >= MAX_WAITING;
  }

  /** Adds a request. @returns Its id. */
  add(owner: RequestOwner): RequestId {
    const id = ++this.#latest;
    this.#owners.set(id, owner);
    return id;
  }

  /**
   * Hands an answer to its owner; one of another type is an error.
   *
   * @returns False if no request waits for it.
   */
  answer(id: RequestId | undefined, message: ToClient): boolean {
    const owner = this.#remove(id);
    if (owner && owner.expects !== message.type) {
      owner.failed(wrongAnswer(message.type, owner.expects));
    } else if (owner?.answered(message)) this.#owners.set(id!, owner);
    return owner !== undefined;
  }

  /** Hands an error to its owner. @returns As {@linkcode answer}. */
  fail(id: RequestId | undefined, error: OndacastError): boolean {
    const owner = this.#remove(id);
    owner?.failed(error);
    return owner !== undefined;
  }

  /** Fails all requests that wait. */
  failAll(error: OndacastError): void {
    const owners = [...this.#owners.values()];
    this.#owners.clear();
    for (const owner of owners) owner.failed(error);
  }

  #remove(id: RequestId | undefined): RequestOwner | undefined {
    if (id === undefined) return undefined;
    const owner = this.#owners.get(id);
    this.#owners.delete(id);
    return owner;
  }
}

/**
 * The owner of a request with one answer.
 *
 * @param expects The type of the answer.
 * @param read What the promise gets of it.
 */
export function oneAnswer<T>(
  expects: string,
  read: (answer: ToClient) => T,
): RequestOwner & { readonly promise: Promise<T> } {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const answered = (answer: ToClient) => {
    resolve(read(answer));
    return false;
  };
  return { expects, promise, answered, failed: reject };
}

function wrongAnswer(type: string, expected: string): OndacastError {
  return new OndacastError(
    "bad-message",
    `Cannot use ${type} as an answer: expected ${expected}`,
  );
}

/** The error of a server that leaves too many requests unanswered. */
export function tooManyRequests(peer: string): OndacastError {
  return new OndacastError(
    "lost",
    `Lost the connection to ${peer}: it leaves ${MAX_WAITING} requests unanswered`,
  );
}
