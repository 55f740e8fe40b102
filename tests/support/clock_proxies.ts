/**
 * The ways of several devices to a server, each with a clock of its own; see
 * {@link ./clock_proxy.ts}.
 *
 * @module
 */

import type { ProxyOrder } from "./clock_proxy_worker.ts";

export class ClockProxies implements Disposable {
  readonly #ppm: number;
  readonly #isMutual: boolean;
  /** One each: a proxy that waits for an exact time holds up no other. */
  readonly #workers: Worker[] = [];

  /**
   * @param ppm How much faster the server's clock runs for all devices.
   * @param isMutual Whether times that are sent to it are of the device's clock.
   */
  constructor(ppm: number, isMutual = false) {
    this.#ppm = ppm;
    this.#isMutual = isMutual;
  }

  /** @returns The address for one more device. */
  async open(port: number, hours: number): Promise<string> {
    const opened = Promise.withResolvers<string>();
    const worker = new Worker(
      new URL("./clock_proxy_worker.ts", import.meta.url),
      { type: "module" },
    );
    const seed = this.#workers.push(worker);
    worker.addEventListener("message", ({ data }) => opened.resolve(data));
    const clock = { hours, ppm: this.#ppm, isMutual: this.#isMutual };
    order(worker, { open: { port, seed, ...clock } });
    return await opened.promise;
  }

  /** Holds back all that a device sends or is sent, for a while. */
  holdBack(proxy: number, ms: number): void {
    order(this.#workers[proxy], { holdBackMs: ms });
  }

  /** Where the server is from now on. */
  moveTo(port: number): void {
    for (const worker of this.#workers) order(worker, { port });
  }

  [Symbol.dispose](): void {
    for (const worker of this.#workers) worker.terminate();
  }
}

function order(worker: Worker, order: ProxyOrder): void {
  worker.postMessage(order);
}
