/**
 * Searches the network for servers, as a one-shot resolver on an ephemeral port:
 * it is answered directly and without delay (RFC 6762, section 5.1).
 *
 * @module
 */

import {
  Browser,
  type FoundServer,
  mergeFound,
} from "../../model/discovery/browser.ts";
import { writeMessage } from "../../model/discovery/dns_writer.ts";
import { isOnLink, type Link } from "../../model/discovery/link.ts";
import { MDNS_PORT } from "../../model/discovery/packet.ts";
import type { Clock } from "../../ports/common.ts";
import { currentLinks } from "./links.ts";
import { groupOn, openOn } from "./multicast.ts";
import { receiveMessages } from "./receive_messages.ts";

/** When the question is sent: several times, because packets get lost. */
const ASK_MS = [0, 120, 320, 640];
/** The duration of a search before a command, and of one for a list. */
export const SEARCH_MS = { toTake: 600, toList: 1_000 };
/** Most follow-up questions for records that an answer left out. */
const MOST_FOLLOWING = 4;

/** Options of a search. */
export interface Search {
  clock: Clock;
  /** Random numbers from 0 to below 1. */
  random: () => number;
  signal: AbortSignal;
  /** Its duration. */
  forMs?: number;
  /** Ends the search early if it returns true. */
  isEnough?: (found: readonly FoundServer[]) => boolean;
  links?: Link[];
}

/** The servers that answer in time, in the order of their names. */
export async function findServers(search: Search): Promise<FoundServer[]> {
  const { clock, signal, forMs = SEARCH_MS.toTake, isEnough = () => false } =
    search;
  const over = new AbortController();
  const ended = AbortSignal.any([signal, over.signal]);
  const links: LinkSearch[] = [];
  const found = () => mergeFound(links.flatMap(({ browser }) => browser.found));
  for (const link of search.links ?? currentLinks()) {
    try {
      const socket = openOn(link, 0);
      const news = () => isEnough(found()) && over.abort();
      links.push(new LinkSearch(link, socket, search, ended, news));
    } catch {
      // The link is just going away.
    }
  }
  await clock.sleep(forMs, ended);
  over.abort();
  for (const link of links) link.close();
  return found();
}

/** A search on one link. */
class LinkSearch {
  readonly browser: Browser;
  readonly #link: Link;
  readonly #socket: Deno.DatagramConn;
  readonly #id: number;
  #following = 0;

  constructor(
    link: Link,
    socket: Deno.DatagramConn,
    { clock, random }: Search,
    over: AbortSignal,
    news: () => void,
  ) {
    this.browser = new Browser(link);
    this.#link = link;
    this.#socket = socket;
    this.#id = Math.floor(random() * 0x10000);
    receiveMessages(socket, clock, over, (message, { ip, port }) => {
      const isAnswer = message.id === this.#id && port === MDNS_PORT;
      if (over.aborted || !isAnswer || !isOnLink(link, ip)) return;
      this.browser.receive(message, ip);
      if (this.browser.lacks && this.#following++ < MOST_FOLLOWING) {
        this.#ask();
      }
      news();
    });
    for (const atMs of ASK_MS) {
      clock.sleep(atMs, over).then(() => {
        if (!over.aborted) this.#ask();
      });
    }
  }

  close(): void {
    this.#socket.close();
  }

  #ask(): void {
    const bytes = writeMessage(this.browser.question(this.#id));
    // A link that is gone has no servers.
    this.#socket.send(bytes, groupOn(this.#link)).catch(() => {});
  }
}
