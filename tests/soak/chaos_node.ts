/**
 * A server of the chaos: it can be killed, started again, and cut off from NATS.
 *
 * @module
 */

import { MUSIC, type TempFolder, TestServer } from "../support/programs.ts";

const SECRET = "nobody else knows this one";

export class ChaosNode implements AsyncDisposable {
  readonly name: string;
  readonly #folder: TempFolder;
  readonly #gate: Gate;
  #server: TestServer | null = null;

  constructor(name: string, natsPort: number, folder: TempFolder) {
    this.name = name;
    this.#folder = folder;
    this.#gate = new Gate(natsPort);
  }

  get isRunning(): boolean {
    return this.#server !== null;
  }

  /** Of its sessions; 0 while it is dead. */
  get port(): number {
    return this.#server?.ports.session ?? 0;
  }

  async start(): Promise<void> {
    const secret = this.#folder.file("secret");
    await Deno.writeTextFile(secret, SECRET);
    this.#server = await TestServer.start([
      ...["--music", MUSIC, "--node", this.name, "--read-only"],
      ...["--data", this.#folder.file(this.name)],
      ...["--cluster", `nats://127.0.0.1:${this.#gate.port}`],
      ...["--cluster-secret-file", secret],
    ]);
  }

  /** Does one thing or undoes it. @returns What it was. */
  async disturb(random: () => number): Promise<string> {
    if (!this.isRunning) {
      await this.start();
      return `${this.name} starts`;
    }
    if (random() < 0.5) {
      await this.#kill();
      return `${this.name} dies`;
    }
    this.#gate.isOpen = !this.#gate.isOpen;
    return `${this.name} is ${this.#gate.isOpen ? "back" : "cut off"}`;
  }

  /** Undoes all that was done to it. */
  async heal(): Promise<void> {
    this.#gate.isOpen = true;
    if (!this.isRunning) await this.start();
  }

  async #kill(): Promise<void> {
    const server = this.#server!;
    this.#server = null;
    server.program.child.kill("SIGKILL");
    await server[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.isRunning) await this.#kill();
    this.#gate.close();
  }
}

/** A way to NATS that can be closed. */
class Gate {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #conns = new Set<Deno.Conn>();
  readonly #port: number;
  #isOpen = true;

  constructor(port: number) {
    this.#port = port;
    this.#accept().catch(() => {}); // The listener was closed.
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  set isOpen(on: boolean) {
    this.#isOpen = on;
    if (!on) this.#cut();
  }

  close(): void {
    this.#listener.close();
    this.#cut();
  }

  #cut(): void {
    for (const conn of this.#conns) close(conn);
    this.#conns.clear();
  }

  async #accept(): Promise<void> {
    for await (const near of this.#listener) {
      if (!this.#isOpen) {
        close(near);
        continue;
      }
      const far = await Deno.connect({
        ...{ hostname: "127.0.0.1", port: this.#port },
      });
      for (const conn of [near, far]) this.#conns.add(conn);
      const over = () => [near, far].forEach(close);
      near.readable.pipeTo(far.writable).then(over, over);
      far.readable.pipeTo(near.writable).then(over, over);
    }
  }
}

function close(conn: Deno.Conn): void {
  try {
    conn.close();
  } catch {
    // It is closed.
  }
}
