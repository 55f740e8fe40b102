/**
 * NATS servers of a test, with JetStream.
 *
 * @module
 */

import {
  hasProgram,
  type ProgramOptions,
  RunningProgram,
  TempFolder,
} from "./programs.ts";

/** For tests that need it. */
export const needsNats = { ignore: !hasProgram("nats-server", "--version") };

/** One server that can be killed, and started again with what it has stored. */
export class NatsServer implements AsyncDisposable {
  readonly #folder: TempFolder;
  readonly #words: string[];
  readonly #options: ProgramOptions;
  #program: RunningProgram;
  #port = -1;

  private constructor(
    folder: TempFolder,
    words: string[],
    options: ProgramOptions,
  ) {
    this.#folder = folder;
    this.#words = words;
    this.#options = options;
    this.#program = this.#run();
  }

  /** @param words Besides where it listens and stores. */
  static async start(
    words: string[] = [],
    options: ProgramOptions = {},
  ): Promise<NatsServer> {
    const server = new NatsServer(await TempFolder.make(), words, options);
    await server.#ready();
    return server;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** Its log. */
  get printed(): string {
    return this.#program.stderr;
  }

  get port(): number {
    return this.#port;
  }

  async kill(): Promise<void> {
    this.#program.child.kill("SIGKILL");
    await this.#program.child.status;
  }

  /** It does nothing until it is resumed. */
  pause(): void {
    this.#program.child.kill("SIGSTOP");
  }

  resume(): void {
    this.#program.child.kill("SIGCONT");
  }

  /** At the same port as before. */
  async startAgain(): Promise<void> {
    this.#program = this.#run();
    await this.#ready();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
    await this.#folder[Symbol.asyncDispose]();
  }

  #run(): RunningProgram {
    const [file, ...under] = [...this.#options.under ?? [], "nats-server"];
    return new RunningProgram(file, [
      ...under,
      ...["-js", "-sd", this.#folder.path],
      ...["-p", `${this.#port}`, ...this.#words],
      ...(this.#words.includes("-a") ? [] : ["-a", "127.0.0.1"]),
    ], this.#options);
  }

  async #ready(): Promise<void> {
    const ready = /client connections on [\d.]+:(\d+)[\s\S]*is ready/;
    const [, port] = await this.#program.printed(ready, "stderr");
    this.#port = Number(port);
  }
}

/**
 * Three servers that keep three copies of everything.
 *
 * @param words Of each, besides.
 */
export async function startThreeNats(
  words: string[] = [],
): Promise<NatsServer[]> {
  const ports = freePorts(3);
  const routes = ports.map((port) => `nats://127.0.0.1:${port}`).join();
  return await Promise.all(ports.map((port, i) =>
    NatsServer.start([
      ...["--cluster_name", "test", "--server_name", `nats-${i}`],
      ...["--cluster", `nats://127.0.0.1:${port}`, "--routes", routes],
      ...words,
    ])
  ));
}

/** Ports that were free a moment ago: the servers must know each other's. */
function freePorts(count: number): number[] {
  const listeners = Array.from(
    { length: count },
    () => Deno.listen({ hostname: "127.0.0.1", port: 0 }),
  );
  const ports = listeners.map(({ addr }) => addr.port);
  for (const listener of listeners) listener.close();
  return ports;
}
