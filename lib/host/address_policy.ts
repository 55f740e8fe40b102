/**
 * Which addresses are served: all of them with a token or `--open`, else those
 * of a home network.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import { plainHost } from "../io/net/tcp.ts";
import { isHomeAddress, peerHost } from "../model/address.ts";

/** Decides about connections before anything is read from them. */
export class AddressPolicy {
  readonly #servesAll: boolean;
  readonly #closing: AbortSignal;

  /** @param closing Once aborted, every connection is refused. */
  constructor(
    { token, open }: { token: string | null; open: boolean },
    closing: AbortSignal,
  ) {
    this.#servesAll = token !== null || open;
    this.#closing = closing;
  }

  /** @param ip Without brackets. */
  admits(ip: string): boolean {
    return this.#servesAll || isHomeAddress(plainHost(ip));
  }

  /** Why a connection is refused; null: it is not. @param peer As `ip:port`. */
  refusal(peer: string): OndacastError | null {
    if (this.#closing.aborted) return shuttingDown();
    if (this.admits(peerHost(peer))) return null;
    return new OndacastError(
      "unauthorized",
      `Cannot serve ${peer}: without a token only loopback, private and link-local addresses are served (--token or --open on the server)`,
    );
  }
}

/** The reason that clients are sent when the server ends. */
export function shuttingDown(): OndacastError {
  return new OndacastError("busy", "The server is shutting down");
}
