/**
 * How the connection of one client ends: the last message to it, and the reason
 * for the log.
 *
 * @module
 */

import type { OndacastError } from "../errors.ts";
import type { Channel } from "../wire/channel.ts";
import type { RequestId } from "../wire/messages.ts";
import type { Counters } from "./counters.ts";

export class Farewell {
  readonly #channel: Channel;
  readonly #counters: Pick<Counters, "countError">;
  readonly #begins: () => void;
  #ending: Promise<void> | null = null;
  #reason = "closed by the client";

  /** @param begins Called before the last error, so that no stream delays it. */
  constructor(
    channel: Channel,
    counters: Pick<Counters, "countError">,
    begins: () => void,
  ) {
    this.#channel = channel;
    this.#counters = counters;
    this.#begins = begins;
  }

  /** Whether the last message was sent or is being sent. */
  get hasBegun(): boolean {
    return this.#ending !== null;
  }

  /** Why the connection has ended. */
  get reason(): string {
    return this.#reason;
  }

  /** Resolves when the last message, if any has begun, is sent. */
  get over(): Promise<void> | null {
    return this.#ending;
  }

  /** Ends the connection once everything queued so far is sent. */
  leave(reason: string): void {
    this.#reason = reason;
    this.#ending ??= this.#channel.closeAfterSending();
  }

  /** Ends the connection by an error; resolves when the client is gone. */
  fail(error: OndacastError, re?: RequestId): Promise<void> {
    return this.#ending ??= this.#sendLast(error, re);
  }

  /** Notes that the connection is lost, where nothing can be sent any more. */
  lose({ code, message }: OndacastError): void {
    this.#counters.countError(code);
    this.#reason = `lost: ${message}`;
    this.#channel.transport.close();
  }

  /** Sends an error, by default with what it means for the connection. */
  sendError(error: OndacastError, re?: RequestId, fatal = error.fatal): void {
    const { code, message } = error;
    this.#counters.countError(code);
    this.#channel.send({
      ...{ type: "error", code, message, fatal },
      ...(re !== undefined && { re }),
    });
  }

  #sendLast(error: OndacastError, re?: RequestId): Promise<void> {
    this.#reason = `${error.code}: ${error.message}`;
    this.#begins();
    this.sendError(error, re, true);
    return this.#channel.closeAfterSending();
  }
}
