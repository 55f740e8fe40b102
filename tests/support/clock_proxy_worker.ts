/**
 * Runs the clock proxies of a test in a thread of their own: what the test does
 * meanwhile does not delay them.
 *
 * @module
 */

import { ClockProxy } from "./clock_proxy.ts";
import { seededRandom } from "./seeded_random.ts";

/** What a test asks for; proxies are numbered in the order of `open`. */
export type ProxyOrder =
  | { open: { port: number; hours: number; ppm: number } }
  | { holdBack: { proxy: number; ms: number } }
  | { port: number };

const proxies: ClockProxy[] = [];

const worker = self as unknown as {
  onmessage: (event: MessageEvent<ProxyOrder>) => void;
  postMessage(address: string): void;
};

worker.onmessage = ({ data }) => {
  if ("open" in data) {
    const { port, ...clock } = data.open;
    const random = seededRandom(proxies.length + 1);
    const proxy = new ClockProxy(port, clock, random);
    proxies.push(proxy);
    worker.postMessage(proxy.address);
  } else if ("holdBack" in data) {
    proxies[data.holdBack.proxy].holdBack(data.holdBack.ms);
  } else {
    for (const proxy of proxies) proxy.port = data.port;
  }
};
