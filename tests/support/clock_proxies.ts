/**
 * The ways of several devices to a server, each with a clock of its own; see
 * {@link ./clock_proxy.ts}.
 *
 * @module
 */

import type { ProxyOrder } from "./clock_proxy_worker.ts";

export class ClockProxies implements Disposable {
  readonly #ppm: number;
  readonly #worker = new Worker(
    new URL("./clock_proxy_worker.ts", import.meta.url),
    { type: "module" },
  );

  /** @param ppm How much faster the server's clock runs for all devices. */
  constructor(ppm: number) {
    this.#ppm = ppm;
  }

  /** @returns The address for one more device. */
  async open(port: number, hours: number): Promise<string> {
    const opened = Promise.withResolvers<string>();
    this.#worker.addEventListener(
      "message",
      ({ data }) => opened.resolve(data),
      { once: true },
    );
    this.#order({ open: { port, hours, ppm: this.#ppm } });
    return await opened.promise;
  }

  /** Holds back all that a device sends or is sent, for a while. */
  holdBack(proxy: number, ms: number): void {
    this.#order({ holdBack: { proxy, ms } });
  }

  /** Where the server is from now on. */
  moveTo(port: number): void {
    this.#order({ port });
  }

  #order(order: ProxyOrder): void {
    this.#worker.postMessage(order);
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }
}
