/**
 * Reads the certificate that a server presents. This proves nothing: the real
 * connection must verify it.
 *
 * @module
 */

import { systemClock } from "../clock/clock.ts";
import { setDeadline } from "../clock/deadline.ts";

const READ_MS = 10_000;

/** The certificate (DER) of a server, unverified. @throws If there is none. */
export async function readPeerCertificate(
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
