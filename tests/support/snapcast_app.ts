/**
 * The control port of Snapcast's apps on a server in memory, and apps that a test
 * drives.
 *
 * @module
 */

import { ControlPort } from "../../lib/adapters/snapcast/control_port.ts";
import { Status } from "../../lib/adapters/snapcast/status.ts";
import { OndacastError } from "../../lib/errors.ts";
import { type PairOptions, transportPair } from "./memory_transport.ts";
import { SnapcastWorld } from "./snapcast_world.ts";

/** An answer or a notification. */
// deno-lint-ignore no-explicit-any -- as JSON has any shape.
type Json = any;

/** An app that a test drives. */
export class SnapcastApp {
  readonly notifications: { method: string; params: Json }[] = [];
  readonly #world: ControlWorld;
  readonly #transport;
  readonly #answers: Json[] = [];
  #text = "";
  #id = 0;
  isClosed = false;

  constructor(
    world: ControlWorld,
    transport: ReturnType<typeof transportPair>["client"],
    reads: boolean,
  ) {
    this.#world = world;
    this.#transport = transport;
    if (reads) this.read();
  }

  /** Sends a request; its result. @throws {Error} The error of the answer. */
  async call(method: string, params?: unknown): Promise<Json> {
    const id = ++this.#id;
    await this.write(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
    await this.#world.settle();
    const answer = this.answerTo(id);
    if (answer?.result !== undefined) return answer.result;
    throw new Error(JSON.stringify(answer?.error));
  }

  answerTo(id: string | number): Json {
    return this.#answers.find((it) => it.id === id);
  }

  write(line: string): Promise<void> {
    return this.#transport.write(new TextEncoder().encode(`${line}\r\n`));
  }

  /** The methods of the notifications since the last call. */
  news(): string[] {
    return this.notifications.splice(0).map(({ method }) => method);
  }

  close(): void {
    this.#transport.close();
  }

  async read(): Promise<void> {
    const into = new Uint8Array(65536);
    while (true) {
      const bytes = await this.#transport.read(into);
      if (bytes === null) break;
      this.#text += new TextDecoder().decode(into.subarray(0, bytes));
      const lines = this.#text.split("\r\n");
      this.#text = lines.pop()!;
      for (const line of lines) {
        const value = JSON.parse(line);
        if ("method" in value) this.notifications.push(value);
        else this.#answers.push(value);
      }
    }
    this.isClosed = true;
  }
}

/** Both ports of Snapcast. */
export class ControlWorld extends SnapcastWorld {
  readonly control = new ControlPort({
    hub: this.server.hub,
    status: new Status({
      hub: this.server.hub,
      wallMs: () => 1_700_000_000_000,
      factsOf: (key) => this.port.factsOf(key),
    }),
    rename: (device, name) => this.port.rename(device, name),
    refusal: (peer) =>
      peer.startsWith("203.") ? new OndacastError("unauthorized", "No") : null,
  }, this.closing.signal);

  app(
    options: PairOptions & { reads?: boolean } = {},
  ): SnapcastApp & { ended: ReturnType<ControlPort["serve"]> } {
    const { client, server } = transportPair(this.server.clock, options);
    const ended = this.control.serve(server);
    const app = new SnapcastApp(this, client, options.reads ?? true);
    return Object.assign(app, { ended });
  }

  /** Has what was sent handled, without a notification to the others yet. */
  async settle(): Promise<void> {
    for (let i = 0; i < 4; i++) await this.server.clock.advance(1);
  }

  /** Has the others notified, and then updated. */
  async notify(): Promise<void> {
    for (let i = 0; i < 2; i++) {
      await this.server.clock.advance(300);
      await this.settle();
    }
  }
}
