/**
 * Simulates a distant network: relays bytes between a client and a server with a
 * fixed delay.
 *
 * @module
 */

import { writeAll } from "../lib/write_all.ts";
import { sleep } from "./programs.ts";

export interface DelayProxy extends AsyncDisposable {
  readonly port: number;
  /** When the last connection was accepted, in milliseconds since 1970. */
  readonly acceptedMs: number;
}

/** Opens a proxy on a free port, to a server on another. */
export function openDelayProxy(
  serverPort: number,
  delayMs: number,
): DelayProxy {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let acceptedMs = NaN;
  const served = (async () => {
    for await (const client of listener) {
      acceptedMs = performance.timeOrigin + performance.now();
      const server = await Deno.connect({
        hostname: "127.0.0.1",
        port: serverPort,
      });
      client.setNoDelay(true);
      server.setNoDelay(true);
      passOn(client, server, delayMs);
      passOn(server, client, delayMs);
    }
  })();
  return {
    port: (listener.addr as Deno.NetAddr).port,
    get acceptedMs() {
      return acceptedMs;
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      await served;
    },
  };
}

/** Keeps reading while earlier bytes are in transit, like a long line. */
async function passOn(
  from: Deno.TcpConn,
  to: Deno.TcpConn,
  delayMs: number,
): Promise<void> {
  let last: Promise<unknown> = Promise.resolve();
  try {
    while (true) {
      const buffer = new Uint8Array(65536);
      const bytes = await from.read(buffer);
      if (bytes === null) break;
      const due = delayMs > 0 ? sleep(delayMs) : null;
      last = last.then(() => due).then(() =>
        writeAll(to, buffer.subarray(0, bytes))
      );
      last.catch(() => {});
    }
    await last;
  } catch {
    // One side has closed, so the other is closed as well.
  }
  for (const conn of [from, to]) {
    try {
      conn.close();
    } catch {
      // Closed by the other direction.
    }
  }
}
