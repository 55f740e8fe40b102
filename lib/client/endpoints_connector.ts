/**
 * Connects to a server that may be at several places: tries them one after the
 * other, then other servers of its cluster, and looks it up if none is there.
 *
 * @module
 */

import { OndacastError, toOndacastError } from "../errors.ts";
import { type Endpoint, placeOf } from "../model/server_address.ts";
import type { Connector, Others, Transport } from "../ports/common.ts";

/** Where a server may be, and how to connect to it there. */
export interface EndpointsOptions {
  /** At least one, the best first. */
  endpoints: readonly Endpoint[];
  open(endpoint: Endpoint): Connector;
  /** The other servers of its cluster that may take its place. */
  others?(named: Others): readonly OtherServer[];
  /** Finds it elsewhere; nowhere if the result is empty. */
  lookUp?(signal?: AbortSignal): Promise<readonly Endpoint[]>;
}

/** Another server of the cluster. */
export interface OtherServer extends Endpoint {
  readonly connector: Connector;
}

/** Errors that mean that the server is not there, though something may be. */
const NOT_THERE = [
  ...["unreachable", "lost", "not-ondacast", "tls-mismatch"],
  "bad-certificate",
];

/** How often places where another server is are left out, before they are tried. */
const LEFT_OUT = 8;

/** A connector to one server at several places. */
export class EndpointsConnector implements Connector {
  readonly #options: EndpointsOptions;
  #endpoints: readonly Endpoint[];
  /** By their places: a connector keeps what it knows of its server. */
  readonly #connectors = new Map<string, Connector>();
  #others: readonly OtherServer[] = [];
  #place: string;
  /** How often its places are still left out. */
  #leftOut = 0;
  /** Whether the last connection leads to where the server was looked up. */
  #isLookedUp = false;

  constructor(options: EndpointsOptions) {
    this.#options = options;
    this.#endpoints = options.endpoints;
    this.#place = placeOf(options.endpoints[0]);
  }

  /** The place of the last connection, before that the first one to try. */
  get place(): string {
    return this.#place;
  }

  /** @throws {OndacastError} What happened at the first place. */
  async connect(signal?: AbortSignal): Promise<Transport> {
    const { lookUp } = this.#options;
    const failures: OndacastError[] = [];
    this.#isLookedUp = false;
    const places = this.#leftOut > 0 ? [] : this.#endpoints;
    this.#leftOut = Math.max(0, this.#leftOut - 1);
    const known = await this.#try(places, failures, signal);
    if (known !== null) return known;
    const other = await this.#tryOthers(failures, signal);
    if (other !== null) return other;
    if (lookUp !== undefined && !signal?.aborted) {
      this.#isLookedUp = true;
      const found = await lookUp(signal);
      const there = await this.#try(found, failures, signal);
      if (there !== null) return there;
    }
    throw failures[0] ?? away(this.#place);
  }

  /**
   * Notes that another server is where the last connection led to.
   *
   * @returns Whether it may be somewhere else.
   */
  avoid(): boolean {
    const { lookUp, endpoints } = this.#options;
    this.#endpoints = endpoints;
    if (lookUp === undefined || this.#isLookedUp) return false;
    this.#leftOut = LEFT_OUT;
    return true;
  }

  note(named: Others): void {
    const { others, endpoints } = this.#options;
    const own = endpoints.map(placeOf);
    this.#others = (others?.(named) ?? [])
      .filter((it) => !own.includes(placeOf(it)));
  }

  #at(endpoint: Endpoint | OtherServer): Connector {
    if ("connector" in endpoint) return endpoint.connector;
    const place = placeOf(endpoint);
    let connector = this.#connectors.get(place);
    if (connector === undefined) {
      connector = this.#options.open(endpoint);
      this.#connectors.set(place, connector);
    }
    return connector;
  }

  /** An attempt may end before all were tried: the next one begins with the rest. */
  async #tryOthers(
    failures: OndacastError[],
    signal?: AbortSignal,
  ): Promise<Transport | null> {
    for (const other of this.#others) {
      if (signal?.aborted) break;
      this.#others = [...this.#others.filter((it) => it !== other), other];
      const transport = await this.#try([other], failures, signal);
      if (transport === null) continue;
      this.#endpoints = [other, ...this.#options.endpoints];
      return transport;
    }
    return null;
  }

  async #try(
    endpoints: readonly Endpoint[],
    failures: OndacastError[],
    signal?: AbortSignal,
  ): Promise<Transport | null> {
    for (const endpoint of endpoints) {
      try {
        const transport = await this.#at(endpoint).connect(signal);
        this.#endpoints = [
          endpoint,
          ...endpoints.filter((other) => other !== endpoint),
        ];
        this.#place = placeOf(endpoint);
        this.#leftOut = 0;
        return transport;
      } catch (thrown) {
        const error = toOndacastError(thrown, "unreachable");
        if (signal?.aborted || !NOT_THERE.includes(error.code)) throw error;
        failures.push(error);
      }
    }
    return null;
  }
}

function away(place: string): OndacastError {
  return new OndacastError(
    "unreachable",
    `Cannot reach the server: it is neither at ${place} nor anywhere else in this network`,
  );
}
