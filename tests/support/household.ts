/**
 * A simulated network of machines: namespaces of Linux around a switch, apart from
 * the real network. Only root can create them.
 *
 * @module
 */

import { RunningProgram } from "./programs.ts";
import { NetworkNamespace } from "./network_namespace.ts";

/** A machine of a {@linkcode Household}. */
export interface Machine {
  /** Its namespace. */
  readonly name: string;
  /** Its first address. */
  readonly address: string;
}

let households = 0;

/** Machines that reach each other, and nothing else. */
export class Household implements AsyncDisposable {
  static readonly possible = NetworkNamespace.possible;
  readonly machines: Machine[] = [];
  readonly #switch: string;
  readonly #key = `${Deno.pid}x${households++}`;

  private constructor() {
    this.#switch = `ohs-${this.#key}`;
  }

  /** @param count At most 9. */
  static async make(count: number): Promise<Household> {
    const household = new Household();
    await ip("netns", "add", household.#switch);
    await ip("-n", household.#switch, ..."link add br0 type bridge".split(" "));
    await ip("-n", household.#switch, "link", "set", "br0", "up");
    for (let i = 1; i <= count; i++) {
      const name = `oh${i}-${household.#key}`;
      await ip("netns", "add", name);
      await ip("-n", name, "link", "set", "lo", "up");
      const machine = { name, address: `10.77.0.${i}` };
      household.machines.push(machine);
      await household.plug(machine, "eth0", `${machine.address}/24`);
    }
    return household;
  }

  /** Plugs a machine into the switch, by another interface. */
  async plug(machine: Machine, dev: string, cidr: string): Promise<void> {
    const port = `${dev}-${machine.name.slice(2, 3)}`;
    const inside = ["-n", this.#switch];
    await ip(
      ...[...inside, "link", "add", "dev", port, "type", "veth"],
      ...["peer", "name", dev, "netns", machine.name],
    );
    await ip(...inside, "link", "set", port, "master", "br0", "up");
    await ip("-n", machine.name, "addr", "add", cidr, "dev", dev);
    await ip("-n", machine.name, "link", "set", dev, "up");
  }

  /** Takes an interface of a machine down. */
  async unplug(machine: Machine, dev: string): Promise<void> {
    await ip("-n", machine.name, "link", "set", dev, "down");
  }

  /** Leaves a machine's interface with IPv6 alone. */
  async takeIpv4(machine: Machine, dev: string): Promise<void> {
    await ip("-n", machine.name, "-4", "addr", "flush", "dev", dev);
  }

  /** Runs a program on a machine. */
  run(
    machine: Machine,
    [file, args]: readonly [string, string[]],
    env: Record<string, string> = {},
  ): RunningProgram {
    const [program, ...options] = on(machine);
    return new RunningProgram(program, [...options, file, ...args], { env });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { name } of this.machines) await ip("netns", "delete", name);
    await ip("netns", "delete", this.#switch);
  }
}

/** The program and arguments that run another on a machine. */
export function on({ name }: Machine): string[] {
  return ["ip", "netns", "exec", name];
}

async function ip(...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("ip", { args }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
