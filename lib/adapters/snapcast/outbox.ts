/**
 * What is on its way to one client: bounded, whatever it reads.
 *
 * @module
 */

import type { Transport } from "../../ports/common.ts";

/** Bytes that wait for one client at most, for a room 1.3 s of sound. */
export const MOST_WAITING_BYTES = 256 << 10;

export class Outbox {
  readonly #transport: Transport;
  readonly #failed: (error: unknown) => void;
  #waiting: Uint8Array[] = [];
  #bytes = 0;
  #writing: Promise<void> | null = null;

  /** @param failed Called once the client cannot be written to. */
  constructor(transport: Transport, failed: (error: unknown) => void) {
    this.#transport = transport;
    this.#failed = failed;
  }

  /** Whether nothing waits. */
  get isEmpty(): boolean {
    return this.#bytes === 0;
  }

  /**
   * @returns Whether there was room; else the message is lost. Where nothing waits
   * there is room for any.
   */
  send(message: Uint8Array): boolean {
    const bytes = this.#bytes + message.length;
    if (!this.isEmpty && bytes > MOST_WAITING_BYTES) return false;
    this.#waiting.push(message);
    this.#bytes += message.length;
    this.#writing ??= this.#write();
    return true;
  }

  /** Resolves once everything is written, or cannot be. */
  async drained(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    try {
      await null; // Messages of one turn are written together.
      while (this.#waiting.length > 0) {
        const batch = joined(this.#waiting, this.#bytes);
        this.#waiting = [];
        await this.#transport.write(batch);
        this.#bytes -= batch.length;
      }
      this.#writing = null;
    } catch (error) {
      this.#waiting = [];
      this.#failed(error);
    }
  }
}

function joined(parts: readonly Uint8Array[], bytes: number): Uint8Array {
  const all = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all.subarray(0, at);
}
