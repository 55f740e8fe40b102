/**
 * The plain port: each connection is sent a song as a plain stream, with no
 * word before it.
 *
 * @module
 */

import { getLogger } from "@logtape/logtape";
import { OndacastError, toOndacastError } from "../errors.ts";
import { AddressTally } from "../model/address_tally.ts";
import type { OpenSong } from "../ports.ts";
import type { Counters } from "../server/counters.ts";
import type { PageMemory } from "../server/page_memory.ts";
import { sendPlain, sendPlainForEver } from "../server/plain_stream.ts";
import { MAX_PAYLOAD_BYTES } from "../wire/frame.ts";
import { formatAddress, plainHost } from "./tcp.ts";

const log = getLogger(["ondacast", "server"]);

/** How the plain port is set up. */
export interface PlainOptions {
  /** Most listeners, in all and of one address. */
  maxClients: number;
  maxClientsPerAddress: number;
  /** Whether the song is sent over and over. */
  loop: boolean;
}

/** What the plain port needs of the server. */
export interface PlainWorld {
  /** Opens the song that is sent now. @throws {OndacastError} `no-songs`, … */
  song(): Promise<OpenSong>;
  memory: PageMemory;
  counters: Counters;
  /** Why a peer is not served; null: it is. */
  refusal(peer: string): OndacastError | null;
}

/** Serves the connections of the plain port. */
export class PlainPort {
  readonly #options: PlainOptions;
  readonly #world: PlainWorld;
  readonly #addresses: AddressTally;
  #listeners = 0;

  constructor(options: PlainOptions, world: PlainWorld) {
    this.#options = options;
    this.#world = world;
    this.#addresses = new AddressTally(options.maxClientsPerAddress);
  }

  /** Connections that are open now. */
  get listeners(): number {
    return this.#listeners;
  }

  /**
   * Serves one connection to its end; never rejects.
   *
   * @param id What the log calls it.
   * @param closing Aborted when the server ends.
   */
  async serve(
    conn: Deno.TcpConn,
    id: number,
    closing: AbortSignal,
  ): Promise<void> {
    const peer = formatAddress(conn.remoteAddr);
    log.info("plain stream {id} to {peer} begins", { id, peer });
    let reason = "sent to its end";
    this.#listeners++;
    const ip = plainHost(conn.remoteAddr.hostname);
    const hasPlace = this.#addresses.enter(ip);
    const abort = () => conn.close();
    closing.addEventListener("abort", abort, { once: true });
    try {
      const { maxClients, maxClientsPerAddress } = this.#options;
      if (this.#listeners > maxClients) {
        throw new OndacastError("busy", `${maxClients} are connected`);
      }
      if (!hasPlace) {
        throw new OndacastError(
          "busy",
          `${maxClientsPerAddress} of this address are connected`,
        );
      }
      const refusal = this.#world.refusal(peer);
      if (refusal !== null) throw refusal;
      await this.#send(conn);
    } catch (error) {
      const { code, message } = toOndacastError(error, "lost");
      reason = closing.aborted
        ? "the server is shutting down"
        : `${code}: ${message}`;
    } finally {
      this.#listeners--;
      if (hasPlace) this.#addresses.leave(ip);
      if (!closing.aborted) {
        closing.removeEventListener("abort", abort);
        closeQuietly(conn);
      }
    }
    log.info("plain stream {id} to {peer} ends: {reason}", {
      id,
      peer,
      reason,
    });
  }

  async #send(conn: Deno.TcpConn): Promise<void> {
    const { memory, counters: { plain } } = this.#world;
    const song = await this.#world.song();
    try {
      conn.setNoDelay(true);
      const writer = conn.writable.getWriter();
      const send = this.#options.loop ? sendPlainForEver : sendPlain;
      const pages = memory.pagesFor(
        song.entry.format,
        MAX_PAYLOAD_BYTES,
      );
      plain.begun++;
      await send(song, pages, async (bytes) => {
        await writer.write(bytes);
        plain.sentBytes += bytes.length;
      });
      await writer.close();
    } finally {
      song.close();
    }
  }
}

function closeQuietly(conn: Deno.TcpConn): void {
  try {
    conn.close();
  } catch {
    // Closed by its writer or by the peer.
  }
}
