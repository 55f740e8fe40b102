/**
 * One song that a client sends live: its answer, and the credit to send by.
 *
 * @module
 */

import type { OndacastError } from "../errors.ts";
import { Credit } from "../model/credit.ts";
import type { ToClient } from "../wire/messages.ts";
import type { RequestOwner } from "./requests.ts";

export class OutgoingLive implements RequestOwner {
  readonly expects = "ready";
  /** Bytes that may be sent; none before the server is ready. */
  readonly credit = new Credit(0);
  readonly #ready = Promise.withResolvers<void>();
  #isReady = false;

  /** The server expects the data. Rejects if it refuses. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** More bytes may be sent. What is granted before it is ready is of another. */
  granted(bytes: number): void {
    if (this.#isReady) this.credit.grant(bytes);
  }

  answered(message: ToClient): boolean {
    this.#isReady = true;
    this.credit.grant((message as ToClient<"ready">).window);
    this.#ready.resolve();
    return false;
  }

  failed(error: OndacastError): void {
    this.#ready.reject(error);
  }
}
