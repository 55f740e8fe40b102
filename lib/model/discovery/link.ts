/**
 * A link: one network of one interface, over IPv4 or IPv6, as discovery sees it.
 *
 * @module
 */

import { isInNetwork } from "./ip_bytes.ts";

/** An address of an interface, with the network it belongs to. */
export interface LinkAddress {
  /** Without a zone. */
  address: string;
  /** Bits of its network. */
  prefix: number;
}

/** A link. */
export interface Link {
  /** Identifies it among those of this machine. */
  readonly key: string;
  readonly family: "IPv4" | "IPv6";
  /** The address that packets leave from; of IPv6 the link-local one. */
  readonly address: string;
  /**
   * The zone of link-local IPv6 addresses (RFC 4007): the interface's index. Null:
   * it has none.
   */
  readonly zone: number | null;
  /** All addresses of its interface, of both families. */
  readonly addresses: readonly LinkAddress[];
}

/**
 * Whether a peer is on a link. Answers go to no one else (RFC 6762, section 11).
 *
 * @param ip Without a zone.
 */
export function isOnLink(link: Link, ip: string): boolean {
  return link.addresses.some(({ address, prefix }) =>
    isInNetwork(ip, address, prefix)
  );
}
