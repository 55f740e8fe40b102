/**
 * Announces a service on all links of this machine, as they come and go.
 *
 * @module
 */

import type { Link } from "../../model/discovery/link.ts";
import { MDNS_PORT, type Outgoing } from "../../model/discovery/packet.ts";
import { Responder, type ServedLink } from "../../model/discovery/responder.ts";
import type { Announced } from "../../model/discovery/service_records.ts";
import { writeMessage } from "../../model/discovery/dns_writer.ts";
import { errorText } from "../../errors.ts";
import type { Clock } from "../../ports/common.ts";
import { currentLinks } from "./links.ts";
import { groupOn, join, openGroup, openOn, peerOn } from "./multicast.ts";
import { receiveMessages } from "./receive_messages.ts";

/** The interval between checks of the interfaces. */
const LINKS_MS = 3_000;

/** Notified of changes to the announcement. */
export interface AnnouncerListener {
  /** Another server owns the name, so the service took the next one. */
  renamed(name: string): void;
  /** No packets can be received over this address family. */
  deaf(family: Link["family"], reason: string): void;
}

/** What an announcer needs of the world. */
export interface AnnouncerWorld {
  clock: Clock;
  /** Random numbers from 0 to below 1. */
  random: () => number;
  listener: AnnouncerListener;
  /** The links of this machine now. */
  links?: () => Link[];
  /** The addresses at which the service can be reached on a link. */
  reachable(link: Link): string[];
}

/** The announcement of one service. */
export class Announcer {
  readonly #world: AnnouncerWorld;
  readonly #responder: Responder;
  readonly #over = new AbortController();
  readonly #sockets = new Map<Link["family"], Deno.DatagramConn>();
  /** The keys of the links whose group was joined. */
  #joined = new Set<string>();
  /** Aborted to check at once whether something is due. */
  #news = new AbortController();

  /** Starts at once. Failures are reported or retried, never thrown. */
  constructor(announced: Announced, world: AnnouncerWorld) {
    this.#world = world;
    this.#responder = new Responder(announced, world.random);
    for (const family of ["IPv4", "IPv6"] as const) this.#open(family);
    this.#watchLinks();
    this.#send();
  }

  /** Says goodbye, and closes the sockets. */
  async close(): Promise<void> {
    if (this.#over.signal.aborted) return;
    this.#over.abort();
    this.#news.abort();
    for (const outgoing of this.#responder.goodbye()) await send(outgoing);
    for (const socket of this.#sockets.values()) socket.close();
  }

  #open(family: Link["family"]): void {
    const { clock, listener } = this.#world;
    try {
      const socket = openGroup(family);
      this.#sockets.set(family, socket);
      receiveMessages(socket, clock, this.#over.signal, (message, from) => {
        const { name } = this.#responder;
        const answers = this.#responder
          .receive(family, message, from, clock.now());
        for (const answer of answers) send(answer);
        if (this.#responder.name !== name) {
          listener.renamed(this.#responder.name);
        }
        this.#news.abort();
      });
    } catch (error) {
      listener.deaf(family, errorText(error));
    }
  }

  async #watchLinks(): Promise<void> {
    const { clock, links = currentLinks } = this.#world;
    while (!this.#over.signal.aborted) {
      await this.#takeLinks(links());
      await clock.sleep(LINKS_MS, this.#over.signal);
    }
  }

  async #takeLinks(links: Link[]): Promise<void> {
    const served: ServedLink[] = [];
    const joined = new Set<string>();
    for (const link of links) {
      const addresses = this.#world.reachable(link);
      if (addresses.length === 0 || !await this.#join(link)) continue;
      joined.add(link.key);
      served.push({ link, addresses });
    }
    this.#joined = joined;
    if (this.#over.signal.aborted) return;
    this.#responder.setLinks(served, this.#world.clock.now());
    this.#news.abort();
  }

  async #join(link: Link): Promise<boolean> {
    const socket = this.#sockets.get(link.family);
    if (socket === undefined) return false;
    if (this.#joined.has(link.key)) return true;
    try {
      await join(socket, link);
      return true;
    } catch (error) {
      // A second address of an interface that is already in the group.
      return error instanceof Deno.errors.AddrInUse;
    }
  }

  /** Sends packets when they are due, until closed. */
  async #send(): Promise<void> {
    const { clock } = this.#world;
    const { signal } = this.#over;
    while (!signal.aborted) {
      this.#news = new AbortController();
      for (const outgoing of this.#responder.due(clock.now())) {
        send(outgoing);
      }
      const waitMs = this.#responder.nextMs - clock.now();
      await clock.sleep(
        Math.min(Math.max(waitMs, MIN_WAIT_MS), LINKS_MS),
        this.#news.signal,
      );
    }
  }
}

/** The shortest wait, so that rounding cannot make the loop spin. */
const MIN_WAIT_MS = 1;

/**
 * Sends a packet from a socket of its own, closed right after: a lasting one would
 * receive unicast packets meant for the machine's own responder (RFC 6762, section
 * 15.1).
 */
async function send({ link, message, to }: Outgoing): Promise<void> {
  let socket: Deno.DatagramConn | undefined;
  try {
    socket = openOn(link, MDNS_PORT);
    const place = to === undefined ? groupOn(link) : peerOn(link, to);
    await socket.send(writeMessage(message), place);
  } catch {
    // The link or the peer is gone; the next check of the interfaces notices.
  } finally {
    socket?.close();
  }
}
