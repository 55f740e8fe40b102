/**
 * A NATS server of a test, with JetStream, on a free port.
 *
 * @module
 */

import { hasProgram, RunningProgram, TempFolder } from "./programs.ts";

/** For tests that need it. */
export const needsNats = { ignore: !hasProgram("nats-server", "--version") };

export class NatsServer implements AsyncDisposable {
  readonly url: string;
  readonly program: RunningProgram;
  readonly #folder: TempFolder;

  private constructor(
    program: RunningProgram,
    url: string,
    folder: TempFolder,
  ) {
    this.program = program;
    this.url = url;
    this.#folder = folder;
  }

  static async start(): Promise<NatsServer> {
    const folder = await TempFolder.make();
    const program = new RunningProgram("nats-server", [
      ...["-js", "-sd", folder.path, "-a", "127.0.0.1", "-p", "-1"],
    ]);
    const ready = /client connections on 127\.0\.0\.1:(\d+)[\s\S]*is ready/;
    const [, port] = await program.printed(ready, "stderr");
    return new NatsServer(program, `nats://127.0.0.1:${port}`, folder);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program[Symbol.asyncDispose]();
    await this.#folder[Symbol.asyncDispose]();
  }
}
