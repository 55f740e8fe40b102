/**
 * A NATS server of the chaos, one of several.
 *
 * @module
 */

import { type Machine, on } from "../support/household.ts";
import { NatsServer } from "../support/nats.ts";
import type { ChaosProgram } from "./chaos_machine.ts";

const PORT = 4222;
const ROUTE_PORT = 6222;

export class ChaosNats implements ChaosProgram {
  readonly name: string;
  readonly url: string;
  readonly #start: () => Promise<NatsServer>;
  #server: NatsServer | null = null;

  /** @param all The machines of all NATS servers. */
  constructor(name: string, machine: Machine, all: readonly Machine[]) {
    this.name = name;
    this.url = `nats://${machine.address}:${PORT}`;
    const routes = all.map(({ address }) => `nats://${address}:${ROUTE_PORT}`);
    this.#start = () =>
      NatsServer.start([
        ...["-a", "0.0.0.0", "-p", `${PORT}`],
        ...["--cluster_name", "chaos", "--server_name", name],
        ...["--cluster", `nats://0.0.0.0:${ROUTE_PORT}`],
        ...["--routes", routes.join()],
      ], { under: on(machine) });
  }

  async start(): Promise<void> {
    if (this.#server) await this.#server.startAgain();
    else this.#server = await this.#start();
  }

  async kill(): Promise<void> {
    await this.#server!.kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server?.[Symbol.asyncDispose]();
  }
}
