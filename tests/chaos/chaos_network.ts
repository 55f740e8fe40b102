/**
 * The network of the chaos: a machine for each server, whose cable to the others
 * can be pulled, and a way from here to each that is never cut, for the people and
 * devices in its place.
 *
 * @module
 */

import { Household, type Machine } from "../support/household.ts";

/** The interface to the other machines. */
const CABLE = "eth0";
/** The address of this machine among them. */
export const OBSERVER = "10.77.0.100";

export class ChaosNetwork implements AsyncDisposable {
  static readonly possible = Household.possible;
  readonly machines: readonly Machine[];
  readonly #household: Household;

  private constructor(household: Household) {
    this.#household = household;
    this.machines = household.machines;
  }

  /** @param count At most 9. */
  static async make(count: number): Promise<ChaosNetwork> {
    const household = await Household.make(count);
    const network = new ChaosNetwork(household);
    await household.join(`oc${Deno.pid}`, `${OBSERVER}/24`);
    for (const [i, machine] of household.machines.entries()) {
      await household.visit(machine, `oc${i}-${Deno.pid}`, homeNet(i));
    }
    return network;
  }

  /** Where a machine can always be reached from here. */
  homeOf(machine: Machine): string {
    return homeNet(this.machines.indexOf(machine)).there;
  }

  setPlugged(machine: Machine, isPlugged: boolean): Promise<void> {
    return this.#household.setPlugged(machine, CABLE, isPlugged);
  }

  setRetries(machine: Machine, attempts: number): Promise<void> {
    return this.#household.setRetries(machine, attempts);
  }

  limit(machine: Machine, bitsPerSecond: number | null): Promise<void> {
    return this.#household.limit(machine, CABLE, bitsPerSecond);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#household[Symbol.asyncDispose]();
  }
}

function homeNet(i: number): { here: string; there: string } {
  return { here: `10.78.${i}.1`, there: `10.78.${i}.2` };
}
