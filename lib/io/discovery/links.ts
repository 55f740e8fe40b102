/**
 * The links of this machine, from its interfaces.
 *
 * @module
 */

import type { Link } from "../../model/discovery/link.ts";

/** Most links: Linux lets a socket join 20 groups (`igmp_max_memberships`). */
export const MAX_LINKS = 20;

/** The links there are now; none if the system does not say. */
export function currentLinks(): Link[] {
  try {
    return linksOf(Deno.networkInterfaces());
  } catch {
    return [];
  }
}

/**
 * The links of interfaces: one for each IPv4 address, and one for IPv6 of each
 * interface, unless it is that of loopback, which has no link-local address.
 */
export function linksOf(
  interfaces: readonly Deno.NetworkInterfaceInfo[],
): Link[] {
  return interfaces.filter(isLink).slice(0, MAX_LINKS).map((one) => {
    const all = interfaces.filter(({ name }) => name === one.name);
    const zone = all.find(({ scopeid }) => scopeid)?.scopeid ?? null;
    return {
      key: `${one.name} ${one.mac} ${zone ?? ""} ${one.address}`,
      ...{ family: one.family, address: one.address, zone },
      addresses: all.map(({ address, cidr }) => ({
        address,
        prefix: prefixOf(cidr),
      })),
    };
  });
}

function isLink(one: Deno.NetworkInterfaceInfo): boolean {
  return one.family === "IPv4" || (one.scopeid ?? 0) > 0;
}

/** The bits of a network; all of them if it is unknown. */
function prefixOf(cidr: string): number {
  return Number(cidr.split("/")[1] ?? 128);
}
