/**
 * Packets of multicast DNS: the port they belong to, and where they go.
 *
 * @module
 */

import type { DnsMessage } from "./dns_message.ts";
import type { Link } from "./link.ts";

/** The port of multicast DNS. */
export const MDNS_PORT = 5353;

/** A packet to send over a link: to all, or as an answer to one. */
export interface Outgoing {
  link: Link;
  message: DnsMessage;
  /** Absent: to the group. */
  to?: Peer;
}

/** The sender of a packet. */
export interface Peer {
  /** Without a zone. */
  ip: string;
  port: number;
}
