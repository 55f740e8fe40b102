/**
 * Reading the certificate that a server shows, to be looked at. Nothing is
 * proved by it: whoever connects for real must check it then.
 *
 * @module
 */

/** How long that may take. */
const READ_MS = 10_000;

/** The certificate (DER) of a server, whatever it is. @throws If there is none. */
export async function readPeerCertificate(
  host: string,
  port: number,
): Promise<Uint8Array<ArrayBuffer>> {
  // Loaded when needed: it is slow to load, and servers are met once.
  const { connect } = await import("node:tls");
  const { isIP } = await import("node:net");
  return await new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      rejectUnauthorized: false,
      ...(isIP(host) === 0 && { servername: host }),
    });
    const timer = setTimeout(
      () => socket.destroy(new Error("it took too long")),
      READ_MS,
    );
    socket.once("secureConnect", () => {
      const { raw } = socket.getPeerCertificate();
      socket.destroy();
      if (raw?.length) resolve(Uint8Array.from(raw));
      else reject(new Error("it showed none"));
    });
    socket.once("error", reject);
    socket.once("close", () => {
      clearTimeout(timer);
      reject(new Error("it closed the connection"));
    });
  });
}
