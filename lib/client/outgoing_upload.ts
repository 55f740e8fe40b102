/**
 * One upload of a client: its two answers, and the credit to send by.
 *
 * @module
 */

import type { OndacastError } from "../errors.ts";
import { Credit } from "../model/credit.ts";
import type { ToClient } from "../wire/messages.ts";
import type { RequestOwner } from "./requests.ts";

/** An upload that was requested. */
export class OutgoingUpload implements RequestOwner {
  /** Bytes that may be sent; none before the server is ready. */
  readonly credit = new Credit(0);
  readonly #ready = Promise.withResolvers<ToClient<"ready">>();
  readonly #stored = Promise.withResolvers<ToClient<"stored">>();
  #isReady = false;

  constructor() {
    this.ready.catch(() => {}); // Callers may wait for one of them only.
    this.stored.catch(() => {});
  }

  get expects(): string {
    return this.#isReady ? "stored" : "ready";
  }

  /** The server expects the data. Rejects if it refuses. */
  get ready(): Promise<ToClient<"ready">> {
    return this.#ready.promise;
  }

  /** The song is stored. Rejects if it is not. */
  get stored(): Promise<ToClient<"stored">> {
    return this.#stored.promise;
  }

  /** More bytes may be sent. What is granted before it is ready is of another. */
  granted(bytes: number): void {
    if (this.#isReady) this.credit.grant(bytes);
  }

  answered(message: ToClient): boolean {
    if (message.type === "stored") {
      this.#stored.resolve(message);
      return false;
    }
    const ready = message as ToClient<"ready">;
    this.#isReady = true;
    this.credit.grant(ready.window);
    this.#ready.resolve(ready);
    return true;
  }

  failed(error: OndacastError): void {
    this.#ready.reject(error);
    this.#stored.reject(error);
  }
}
