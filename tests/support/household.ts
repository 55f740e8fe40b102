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
    const port = portOf(machine, dev);
    const inside = ["-n", this.#switch];
    await ip(
      ...[...inside, "link", "add", "dev", port, "type", "veth"],
      ...["peer", "name", dev, "netns", machine.name],
    );
    await ip(...inside, "link", "set", port, "master", "br0", "up");
    await ip("-n", machine.name, "addr", "add", cidr, "dev", dev);
    await ip("-n", machine.name, "link", "set", dev, "up");
  }

  /** Pulls the cable of a machine's interface, or plugs it in again. */
  async setPlugged(
    machine: Machine,
    dev: string,
    isPlugged: boolean,
  ): Promise<void> {
    const port = portOf(machine, dev);
    await ip(
      ...["-n", this.#switch, "link", "set", port, isPlugged ? "up" : "down"],
    );
  }

  /** Limits what a machine's interface carries each way; null: as it can. */
  async limit(
    machine: Machine,
    dev: string,
    bitsPerSecond: number | null,
  ): Promise<void> {
    const ends = [[machine.name, dev], [this.#switch, portOf(machine, dev)]];
    for (const [space, end] of ends) {
      const about = ["dev", end, "root"];
      const queue = ["tbf", "rate", `${bitsPerSecond}bit`, "burst", "8kb"];
      await tc(
        ...["-n", space, "qdisc"],
        ...(bitsPerSecond === null
          ? ["del", ...about]
          : ["replace", ...about, ...queue, "latency", "1s"]),
      );
    }
  }

  /**
   * Has a machine give up connections that are not answered after so many attempts, of
   * which each waits twice as long as the one before.
   */
  async setRetries(machine: Machine, attempts: number): Promise<void> {
    const write = `echo ${attempts} >/proc/sys/net/ipv4/tcp_retries2`;
    const [file, ...args] = [...on(machine), "sh", "-c", write];
    await run(file, args);
  }

  /** Plugs this machine into the switch as well, until the household is gone. */
  async join(dev: string, cidr: string): Promise<void> {
    const inside = ["-n", this.#switch, "link"];
    await ip(
      ...[...inside, "add", "dev", dev, "type", "veth"],
      ...["peer", "name", dev, "netns", `${Deno.pid}`],
    );
    await ip(...inside, "set", dev, "master", "br0", "up");
    await ip("addr", "add", cidr, "dev", dev);
    await ip("link", "set", dev, "up");
  }

  /** Connects this machine to one of the others alone, by an interface of both. */
  async visit(
    machine: Machine,
    dev: string,
    { here, there }: { here: string; there: string },
  ): Promise<void> {
    const { name } = machine;
    await ip(
      ...["link", "add", "dev", dev, "type", "veth"],
      ...["peer", "name", dev, "netns", name],
    );
    await ip("addr", "add", `${here}/30`, "dev", dev);
    await ip("link", "set", dev, "up");
    await ip("-n", name, "addr", "add", `${there}/30`, "dev", dev);
    await ip("-n", name, "link", "set", dev, "up");
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

/** The other end of a machine's interface, at the switch. */
function portOf({ name }: Machine, dev: string): string {
  return `${dev}-${name.slice(2, 3)}`;
}

function ip(...args: string[]): Promise<void> {
  return run("ip", args);
}

function tc(...args: string[]): Promise<void> {
  return run("tc", args);
}

async function run(file: string, args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(file, { args }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
