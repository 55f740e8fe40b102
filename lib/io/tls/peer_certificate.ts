/**
 * Reads the certificate that a server presents. This proves nothing: the real
 * connection must verify it.
 *
 * @module
 */

import { systemClock } from "../clock/clock.ts";
import { setDeadline } from "../clock/deadline.ts";
import { Relay } from "../net/relay.ts";
import { connectTcp } from "../net/tcp.ts";

const READ_MS = 10_000;

/** The certificate (DER) of a server, unverified. @throws If there is none. */
export async function readPeerCertificate(
  host: string,
  port: number,
): Promise<Uint8Array<ArrayBuffer>> {
  // `node:tls` knows no zones of IPv6 addresses.
  if (!host.includes("%")) return await read(host, port);
  using relay = await relayTo(host, port);
  return await read("127.0.0.1", relay.port);
}

async function read(
  host: string,
  port: number,
): Promise<Uint8Array<ArrayBuffer>> {
  // Loaded on demand: it loads slowly, and is needed once per server.
  const { connect } = await import("node:tls");
  const { isIP } = await import("node:net");
  return await new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      rejectUnauthorized: false,
      ...(isIP(host) === 0 && { servername: host }),
    });
    const met = setDeadline(
      systemClock,
      READ_MS,
      () => socket.destroy(new Error("it took too long")),
    );
    socket.once("secureConnect", () => {
      const { raw } = socket.getPeerCertificate();
      socket.destroy();
      if (raw?.length) resolve(Uint8Array.from(raw));
      else reject(new Error("it showed none"));
    });
    socket.once("error", reject);
    socket.once("close", () => {
      met();
      reject(new Error("it closed the connection"));
    });
  });
}

/** A port of this machine whose first connection leads to another address. */
async function relayTo(
  host: string,
  port: number,
): Promise<Disposable & { port: number }> {
  const server = await connectTcp(host, port);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let relay: Relay | undefined;
  listener.accept().then((client) => {
    relay = new Relay(client, server);
    return relay.run();
  }).catch(() => {}); // No one has connected.
  return {
    port: listener.addr.port,
    [Symbol.dispose]() {
      listener.close();
      if (relay) relay.cut();
      else server.close();
    },
  };
}
