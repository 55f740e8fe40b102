/**
 * Opening ports, and saying what to do when that fails.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";

/**
 * Opens a TCP port.
 *
 * @throws {OndacastError} As {@linkcode listenError} says.
 */
export function listen(hostname: string, port: number): Deno.TcpListener {
  try {
    return Deno.listen({ hostname, port });
  } catch (cause) {
    throw listenError(hostname, port, cause);
  }
}

/** The error of a port that cannot be opened, with what to do. */
export function listenError(
  hostname: string,
  port: number,
  cause: unknown,
): OndacastError {
  const place = hostname.includes(":")
    ? `[${hostname}]:${port}`
    : `${hostname}:${port}`;
  if (cause instanceof Deno.errors.AddrInUse) {
    return new OndacastError(
      "port-in-use",
      `Cannot listen on ${place}: another program does. Stop it, or choose another port (0: any free one)`,
      { cause },
    );
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new OndacastError("internal", `Cannot listen on ${place}: ${reason}`, {
    cause,
  });
}
