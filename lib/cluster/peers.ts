/**
 * The connections to all other servers, made when they are needed.
 *
 * @module
 */

import type { ClientSession } from "../client/client_session.ts";
import { OndacastError } from "../errors.ts";
import { parseAddress } from "../model/address.ts";
import { DEFAULT_PORTS } from "../model/right_port.ts";
import type { Connector } from "../ports/common.ts";
import type { PassedType } from "../server/elsewhere.ts";
import type { Answer, ToServer } from "../wire/messages.ts";
import type { Node } from "./nodes.ts";
import { Peer, type PeerNumbers, type PeerOptions } from "./peer.ts";

export interface PeersWorld
  extends Pick<PeerOptions, "own" | "clock" | "secret" | "random" | "newId"> {
  /** @param certificate PEM that the server has to present; absent: no TLS. */
  connector(host: string, port: number, certificate?: string): Connector;
  node(name: string): Node | undefined;
}

export class Peers {
  readonly #world: PeersWorld;
  readonly #peers = new Map<string, Peer>();

  /** Connections now, and what was asked and read over them. */
  readonly numbers: PeerNumbers = { sessions: 0, requests: 0, readBytes: 0 };

  constructor(world: PeersWorld) {
    this.#world = world;
  }

  /** @throws {OndacastError} `lost`, if that server is not alive. */
  get(name: string): Peer {
    const { connector, node, ...options } = this.#world;
    const { record, isAlive } = node(name) ?? {};
    if (!record || !isAlive) {
      throw new OndacastError(
        "lost",
        `Cannot reach the server ${name}: it is away`,
      );
    }
    const { address, certificate } = record;
    const known = this.#peers.get(name);
    if (known?.isAt(address, certificate)) return known;
    known?.close();
    const { host, port } = parseAddress(address, DEFAULT_PORTS.session);
    const peer = new Peer({
      ...{ ...options, name, address, certificate, numbers: this.numbers },
      connector: connector(host, port, certificate),
    });
    this.#peers.set(name, peer);
    return peer;
  }

  /** As {@linkcode Peer.lastHeardMs}, of a server that has fallen silent. */
  async lastHeardMs(name: string): Promise<number> {
    return await this.get(name).lastHeardMs();
  }

  /** A connection to another server, for the devices that are borrowed. */
  async lending(name: string): Promise<ClientSession> {
    return await this.get(name).lending();
  }

  /** Carries out a request at another server. */
  async ask(
    name: string,
    message: ToServer<PassedType>,
  ): Promise<Answer<PassedType>> {
    this.numbers.requests++;
    const session = await this.get(name).session();
    const { id: _, re: __, ...asked } = message;
    const { type: ___, re: ____, ...answer } = await session.request(
      asked as ToServer<"cast">,
    );
    return answer as Answer<PassedType>;
  }

  forget(name: string): void {
    this.#peers.get(name)?.close();
    this.#peers.delete(name);
  }

  close(): void {
    for (const peer of this.#peers.values()) peer.close();
  }
}
