/**
 * The plain port: each connection is sent a song, or songs in a row, as a plain
 * stream, without a handshake.
 *
 * @module
 */

import { getLogger } from "@logtape/logtape";
import { OndacastError, toOndacastError } from "../errors.ts";
import { peerHost } from "../model/address.ts";
import { AddressTally } from "../model/address_tally.ts";
import { blockBytes, type BlockSize } from "../model/block_size.ts";
import type { Transport } from "../ports/common.ts";
import type { OpenOptions } from "../ports/server.ts";
import type { Counters } from "../server/counters.ts";
import type { PlainSource } from "../server/plain_source.ts";
import { STUCK_MS } from "../server/life.ts";
import { MAX_PAYLOAD_BYTES } from "../wire/frame.ts";

const log = getLogger(["ondacast", "server"]);

/** Options of the plain port. */
export interface PlainOptions {
  /** Most listeners, in total and per address. */
  maxClients: number;
  maxClientsPerAddress: number;
}

/** What the plain port needs from the server. */
export interface PlainWorld {
  /** Opens what is sent. @throws {OndacastError} `no-songs`, … */
  open(options: OpenOptions): Promise<PlainSource>;
  block: BlockSize;
  counters: Counters;
  /** Why a peer is refused; null: it is served. */
  refusal(peer: string): OndacastError | null;
}

interface Sending {
  transport: Transport;
  /** Ends it, with the reason for the log. */
  cut(reason: OndacastError): void;
}

export class PlainPort {
  readonly #options: PlainOptions;
  readonly #world: PlainWorld;
  readonly #addresses: AddressTally;
  readonly #sendings = new Set<Sending>();

  constructor(options: PlainOptions, world: PlainWorld) {
    this.#options = options;
    this.#world = world;
    this.#addresses = new AddressTally(options.maxClientsPerAddress);
  }

  /** Open connections. */
  get listeners(): number {
    return this.#sendings.size;
  }

  /**
   * Disconnects listeners that have accepted no data for 30 s. Call it twice a
   * second.
   *
   * @param awakeSinceMs When the process last resumed after a suspension.
   */
  sweep(nowMs: number, awakeSinceMs: number): void {
    for (const { transport, cut } of this.#sendings) {
      const sinceMs = Math.max(transport.progressAtMs, awakeSinceMs);
      if (!transport.writing || nowMs - sinceMs < STUCK_MS) continue;
      cut(
        new OndacastError(
          "timeout",
          `no data accepted for ${STUCK_MS / 1000} s`,
        ),
      );
    }
  }

  /**
   * Serves one connection to its end; never rejects.
   *
   * @param id Identifies the listener in the log.
   * @param closing Aborted when the server ends.
   */
  async serve(
    transport: Transport,
    id: number,
    closing: AbortSignal,
  ): Promise<void> {
    const { peer } = transport;
    log.info("plain stream {id} to {peer} begins", { id, peer });
    let reason = "sent to its end";
    const ip = peerHost(peer);
    const hasPlace = this.#addresses.enter(ip);
    // On Deno 2.6 a pending write outlives its connection.
    const over = Promise.withResolvers<never>();
    const cut = (error: OndacastError) => {
      over.reject(error);
      transport.close();
    };
    const sending = { transport, cut };
    this.#sendings.add(sending);
    const abort = () =>
      cut(new OndacastError("busy", "the server is shutting down"));
    closing.addEventListener("abort", abort, { once: true });
    try {
      this.#checkAdmitted(peer, hasPlace);
      await Promise.race([this.#send(transport), over.promise]);
    } catch (error) {
      const { code, message } = toOndacastError(error, "lost");
      reason = `${code}: ${message}`;
    } finally {
      this.#sendings.delete(sending);
      if (hasPlace) this.#addresses.leave(ip);
      closing.removeEventListener("abort", abort);
      transport.close();
    }
    log.info("plain stream {id} to {peer} ends: {reason}", {
      id,
      peer,
      reason,
    });
  }

  /** @throws {OndacastError} The reason for a refusal. */
  #checkAdmitted(peer: string, hasPlace: boolean): void {
    const { maxClients, maxClientsPerAddress } = this.#options;
    if (this.#sendings.size > maxClients) {
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
  }

  async #send(transport: Transport): Promise<void> {
    const { block, counters: { plain } } = this.#world;
    const source = await this.#world.open({
      address: peerHost(transport.peer),
    });
    try {
      const bytes = blockBytes(block, source.format, MAX_PAYLOAD_BYTES);
      plain.begun++;
      await source.send(bytes, async (frames) => {
        await transport.write(frames);
        plain.sentBytes += frames.length;
      });
      await transport.closeWrite();
    } finally {
      source.close();
    }
  }
}
