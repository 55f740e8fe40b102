/**
 * The sockets of multicast DNS, which only `Deno.listenDatagram` has on every
 * version that Ondacast runs on.
 *
 * @module
 */

import { type Link } from "../../model/discovery/link.ts";
import { MDNS_PORT } from "../../model/discovery/packet.ts";

/** The groups of multicast DNS (RFC 6762, section 3). */
export const GROUPS = { IPv4: "224.0.0.251", IPv6: "ff02::fb" };

/**
 * A socket bound to a link's address, so that multicast packets leave over that
 * link: Deno has no way to choose a socket's outgoing interface.
 *
 * @param port 0: any free one.
 * @throws If the link is gone.
 */
export function openOn(link: Link, port: number): Deno.DatagramConn {
  return Deno.listenDatagram({
    transport: "udp",
    hostname: withZone(link, link.address),
    port,
    reuseAddress: true,
    loopback: true, // Other servers on this machine are asked too.
  });
}

/**
 * A socket that receives the multicast group of a family. It shares the port with
 * other responders on this machine.
 *
 * @throws If the system has no such family.
 */
export function openGroup(family: Link["family"]): Deno.DatagramConn {
  return Deno.listenDatagram({
    transport: "udp",
    hostname: family === "IPv4" ? "0.0.0.0" : "::",
    port: MDNS_PORT,
    reuseAddress: true,
    loopback: true,
  });
}

/** Joins the group on a link. @throws If the link is gone, or already joined. */
export async function join(
  socket: Deno.DatagramConn,
  link: Link,
): Promise<void> {
  if (link.family === "IPv4") {
    await socket.joinMulticastV4(GROUPS.IPv4, link.address);
  } else {
    await socket.joinMulticastV6(GROUPS.IPv6, link.zone ?? 0);
  }
}

/** The address of the group on a link. */
export function groupOn(link: Link): Deno.NetAddr {
  return peerOn(link, { ip: GROUPS[link.family], port: MDNS_PORT });
}

/** The address of a peer on a link. */
export function peerOn(
  link: Link,
  { ip, port }: { ip: string; port: number },
): Deno.NetAddr {
  return { transport: "udp", hostname: withZone(link, ip), port };
}

/** Link-local addresses and the group are ambiguous without a zone (RFC 4007). */
function withZone({ family, zone }: Link, ip: string): string {
  return family === "IPv6" && /^f(e[89ab]|f0)/i.test(ip) ? `${ip}%${zone}` : ip;
}
