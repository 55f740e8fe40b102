/**
 * Runs a clock proxy in a thread of its own: what the test does meanwhile does not
 * delay it.
 *
 * @module
 */

import { ClockProxy, type ProxyClock } from "./clock_proxy.ts";
import { seededRandom } from "./seeded_random.ts";

/** What a test asks for, first of all to `open`. */
export type ProxyOrder =
  | { open: { port: number; seed: number } & ProxyClock }
  | { holdBackMs: number }
  | { port: number };

let proxy: ClockProxy;

const worker = self as unknown as {
  onmessage: (event: MessageEvent<ProxyOrder>) => void;
  postMessage(address: string): void;
};

worker.onmessage = ({ data }) => {
  if ("open" in data) {
    const { port, seed, ...clock } = data.open;
    proxy = new ClockProxy(port, clock, seededRandom(seed));
    worker.postMessage(proxy.address);
  } else if ("holdBackMs" in data) proxy.holdBack(data.holdBackMs);
  else proxy.port = data.port;
};
