/**
 * A simulated second machine: a network namespace of Linux, which only root can
 * create.
 *
 * @module
 */

/** A namespace, and its virtual network link. */
export class NetworkNamespace implements AsyncDisposable {
  /** Whether a namespace can be created here. */
  static readonly possible = Deno.build.os === "linux" && Deno.uid() === 0 &&
    canMake();
  /** The address of programs in it, as seen from outside. */
  readonly address: string;
  /** The address of this machine, as seen from inside. */
  readonly gateway: string;
  readonly #name: string;

  private constructor(name: string, address: string) {
    this.#name = name;
    this.address = address;
    this.gateway = address.replace(/\d+$/, "1");
  }

  static async make(): Promise<NetworkNamespace> {
    const name = `ondacast-${Deno.pid}`;
    // 198.18.0.0/15 is for benchmarks, but not served without a token; of
    // the private ones, this is the least likely to be in use.
    const network = `10.213.${Deno.pid & 255}`;
    const space = new NetworkNamespace(name, `${network}.2`);
    await ip("netns", "add", name);
    const [here, there] = [`oh${Deno.pid}`, `ot${Deno.pid}`];
    await ip(..."link add dev".split(" "), here, "type", "veth", "peer", there);
    await ip("link", "set", there, "netns", name);
    await ip("addr", "add", `${network}.1/24`, "dev", here);
    await ip("link", "set", here, "up");
    const inside = ["-n", name];
    await ip(...inside, "addr", "add", `${network}.2/24`, "dev", there);
    await ip(...inside, "link", "set", there, "up");
    await ip(...inside, "link", "set", "lo", "up");
    return space;
  }

  /** What runs a program in it, before its file and arguments. */
  get under(): string[] {
    return ["ip", "netns", "exec", this.#name];
  }

  /** Bytes that have come out of it, with the headers of their packets. */
  async sentBytes(): Promise<number> {
    const path = `/sys/class/net/oh${Deno.pid}/statistics/rx_bytes`;
    return Number(await Deno.readTextFile(path));
  }

  /** The file and arguments that run a program in it. */
  command(file: string, words: string[]): [string, string[]] {
    const [ip, ...under] = this.under;
    return [ip, [...under, file, ...words]];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await ip("netns", "delete", this.#name); // and the link with it
  }
}

async function ip(...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("ip", { args }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

function canMake(): boolean {
  const name = `ondacast-try-${Deno.pid}`;
  const run = (word: string) => {
    try {
      return new Deno.Command("ip", {
        args: ["netns", word, name],
        stderr: "null",
      }).outputSync().success;
    } catch {
      return false; // There is no `ip`.
    }
  };
  return run("add") && run("delete");
}
