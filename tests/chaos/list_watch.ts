/**
 * Asks all servers all the time what devices there are: a device that was listed
 * stays so, as long as nothing is done to it, its server, and the one that is asked.
 *
 * @module
 */

import type { ClientSession } from "../../lib/client/client_session.ts";
import { systemClock } from "../../lib/io/clock/clock.ts";
import { TcpConnector } from "../../lib/io/net/tcp.ts";
import type { RoamingDevice } from "../support/roaming_device.ts";
import { openSession } from "../support/sessions.ts";
import type { ChaosMachine } from "./chaos_machine.ts";
import type { ChaosNode } from "./chaos_node.ts";

const EVERY_MS = 500;
/** What was done to a server may be on its way to another one for as long. */
const KNOWN_MS = 5_000;

type NodeMachine = ChaosMachine<ChaosNode>;
type ChaosDevice = RoamingDevice<NodeMachine>;

/** What has been true of a device since when, and whether it was listed since. */
interface Watched {
  readonly state: string;
  readonly sinceMs: number;
  isListed: boolean;
}

export interface ListWatchOptions {
  nodes: readonly NodeMachine[];
  devices: readonly ChaosDevice[];
  fault(text: string): void;
}

export class ListWatch implements Disposable {
  readonly #options: ListWatchOptions;
  readonly #closing = new AbortController();
  /** The lists so far. */
  answers = 0;

  constructor(options: ListWatchOptions) {
    this.#options = options;
    for (const node of options.nodes) this.#watch(node);
  }

  [Symbol.dispose](): void {
    this.#closing.abort();
  }

  async #watch(node: NodeMachine): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      if (node.isConnected) await this.#ask(node).catch(() => {});
      await systemClock.sleep(EVERY_MS, signal);
    }
  }

  /** Over one connection. */
  async #ask(node: NodeMachine): Promise<void> {
    const { home, port } = node.program;
    const session = await openSession(port, {
      name: "watcher",
    }, new TcpConnector(home, port));
    const watched = new Map<ChaosDevice, Watched>();
    try {
      while (node.isConnected && !this.#closing.signal.aborted) {
        await this.#compare(node, session, watched);
        await systemClock.sleep(EVERY_MS, session.over);
        if (session.failure) return;
      }
    } finally {
      session.close();
    }
  }

  async #compare(
    node: NodeMachine,
    session: ClientSession,
    watched: Map<ChaosDevice, Watched>,
  ): Promise<void> {
    const { devices, fault } = this.#options;
    const before = new Map(devices.map((it) => [it, stateOf(it, node)]));
    const { clients } = await session.request({ type: "online" });
    this.answers++;
    const placeOf = new Map(
      clients.map(({ key, node: place = node.name }) => [key, place]),
    );
    for (const device of devices) {
      const state = stateOf(device, node);
      if (state === null || state !== before.get(device)) continue;
      const nowMs = performance.now();
      let it = watched.get(device);
      if (it?.state !== state) {
        it = { state, sinceMs: nowMs, isListed: false };
        watched.set(device, it);
      }
      // A former server may still list it, while records cannot be written.
      if (placeOf.get(device.key) === device.at?.name) {
        it.isListed ||= nowMs - it.sinceMs > KNOWN_MS;
      } else if (it.isListed) {
        fault(
          `${device.name} at ${device.at?.name} is not listed at ${node.name}`,
        );
        it.isListed = false;
      }
    }
  }
}

/** Changes with all that may hide a device from a server; null: it is not to be seen. */
function stateOf(device: ChaosDevice, node: NodeMachine): string | null {
  const { at } = device;
  if (!at?.isConnected || !node.isConnected) return null;
  return `${device.epoch} at ${at.name} ${at.epoch}, asked ${node.epoch}`;
}
