/**
 * Opens ports, with errors that say what to do.
 *
 * @module
 */

import { type ErrorCode, errorText, OndacastError } from "../../errors.ts";
import { formatHostPort } from "../../model/address.ts";

/**
 * Listens on a TCP port.
 *
 * @throws {OndacastError} From {@linkcode listenError}.
 */
export function listen(hostname: string, port: number): Deno.TcpListener {
  try {
    return Deno.listen({ hostname, port });
  } catch (cause) {
    throw listenError(hostname, port, cause);
  }
}

/** Why a port cannot be opened, and the next step. */
interface Reason {
  isOf(cause: unknown): boolean;
  code: ErrorCode;
  text(port: number): string;
}

/** Ports below this one are privileged on Linux and macOS by default. */
const FIRST_FREE_PORT = 1024;

const NO_SUCH_ADDRESS =
  "this machine has no such address. Use --host with one of its own addresses, or 0.0.0.0 (IPv6: ::) for all of them";

const REASONS: Reason[] = [
  {
    isOf: (cause) => cause instanceof Deno.errors.AddrInUse,
    code: "port-in-use",
    text: () =>
      "another program uses it. Stop that program, or choose another port (0: any free one)",
  },
  {
    // EINVAL means a link-local IPv6 address without its zone. A failed lookup of
    // a name has no error code.
    isOf: (cause) =>
      cause instanceof Deno.errors.AddrNotAvailable ||
      codeOf(cause) === "EINVAL" || errorText(cause).includes("lookup"),
    code: "cannot-listen",
    text: () => NO_SUCH_ADDRESS,
  },
  {
    isOf: (cause) => cause instanceof URIError,
    code: "usage",
    text: () => NO_SUCH_ADDRESS,
  },
  {
    isOf: (cause) => cause instanceof Deno.errors.NotCapable,
    code: "cannot-listen",
    text: () => "this program was started without permission (--allow-net)",
  },
  {
    isOf: (cause) => cause instanceof Deno.errors.PermissionDenied,
    code: "cannot-listen",
    text: (port) =>
      port > 0 && port < FIRST_FREE_PORT
        ? `ports below ${FIRST_FREE_PORT} need special privileges. Choose a higher port, or grant the privilege (on Linux: CAP_NET_BIND_SERVICE)`
        : "the system does not allow it. Choose another port (0: any free one)",
  },
];

/** Converts a failure to listen to an error that says what to do. */
export function listenError(
  hostname: string,
  port: number,
  cause: unknown,
): OndacastError {
  const reason = REASONS.find(({ isOf }) => isOf(cause));
  return new OndacastError(
    reason?.code ?? "cannot-listen",
    `Cannot listen on ${formatHostPort(hostname, port)}: ${
      reason?.text(port) ?? errorText(cause)
    }`,
    { cause },
  );
}

function codeOf(cause: unknown): unknown {
  return (cause as { code?: unknown })?.code;
}
