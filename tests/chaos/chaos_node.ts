/**
 * A server of the chaos, whose monotonic clock is hours from that of the others.
 *
 * @module
 */

import { type Machine, on } from "../support/household.ts";
import { TestServer } from "../support/programs.ts";
import type { ChaosProgram } from "./chaos_machine.ts";

const PORT = 4040;
const HTTP_PORT = 8080;
/** Between the clocks of two servers. */
const APART_SECONDS = 5_000;

export interface ChaosNodeOptions {
  name: string;
  machine: Machine;
  /** Its number, from 0. */
  number: number;
  /** Where it is reached from here. */
  home: string;
  /** Where it says that the others reach it. */
  advertised: string;
  /** Of NATS. */
  urls: readonly string[];
  music: string;
  data: string;
  secretFile: string;
  /** Where its log is kept. */
  log: string;
}

export class ChaosNode implements ChaosProgram {
  readonly name: string;
  readonly home: string;
  readonly #options: ChaosNodeOptions;
  #server: TestServer | null = null;

  constructor(options: ChaosNodeOptions) {
    this.#options = options;
    this.name = options.name;
    this.home = options.home;
  }

  /** Of its sessions. */
  get port(): number {
    return PORT;
  }

  async start(): Promise<void> {
    const { machine, number, advertised, ...at } = this.#options;
    const seconds = String((number + 1) * APART_SECONDS);
    this.#server = await TestServer.start([
      ...["--music", at.music, "--data", at.data, "--node", this.name],
      ...["--cluster", at.urls.join(), "--cluster-secret-file", at.secretFile],
      ...["--cluster-plain", "--advertise", advertised],
      ...["--host", "0.0.0.0", "--port", `${PORT}`],
      ...["--http-port", `${HTTP_PORT}`],
    ], {
      under: [
        ...[...on(machine), "unshare", "--time", "--monotonic", seconds],
        ...["--fork", "--kill-child"],
      ],
    });
  }

  /** What it says of itself. */
  async status(): Promise<string> {
    const answer = await fetch(`http://${this.home}:${HTTP_PORT}/readyz`);
    return (await answer.text()).trim().replaceAll("\n", "; ");
  }

  async kill(): Promise<void> {
    await this.#end((pid) => Deno.kill(pid, "SIGKILL"));
  }

  /** Ends it as a service manager does. */
  async stop(): Promise<void> {
    await this.#end((pid) => Deno.kill(childOf(pid), "SIGTERM"));
  }

  async #end(send: (pid: number) => void): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (!server) return;
    send(server.program.child.pid);
    const { stderr } = await server.program.ended();
    await Deno.writeTextFile(this.#options.log, stderr, { append: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}

/** `unshare` waits for the server, and passes no signal on to it. */
function childOf(pid: number): number {
  const children = Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`);
  return Number(children.trim());
}
