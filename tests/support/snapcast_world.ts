/**
 * The port of Snapcast clients on a server in memory, and clients that a test
 * drives.
 *
 * @module
 */

import { SnapcastPort } from "../../lib/adapters/snapcast/snapcast_port.ts";
import { OndacastError } from "../../lib/errors.ts";
import { openResampler } from "../../lib/io/sinks/open_resampler.ts";
import type { OnlineClient } from "../../lib/wire/messages.ts";
import { settle } from "./fake_clock.ts";
import { MemoryServer } from "./memory_server.ts";
import { type PairOptions, transportPair } from "./memory_transport.ts";

/** The types of messages. */
export const TYPE = {
  codec: 1,
  chunk: 2,
  settings: 3,
  time: 4,
  hello: 5,
  info: 7,
};
// Loaded from disk, which takes time that no fake clock counts.
await openResampler({ channels: 2, fromHz: 48_000, toHz: 48_000 });

/** A message of a server. */
interface Message {
  type: number;
  refersTo: number;
  payload: Uint8Array;
}

/** A Snapcast client that a test drives. */
export class SnapcastClient {
  readonly received: Message[] = [];
  readonly #transport;
  #bytes = new Uint8Array(0);
  #isReading = true;
  receivedBytes = 0;
  isClosed = false;

  constructor(transport: ReturnType<typeof transportPair>["client"]) {
    this.#transport = transport;
    this.#read();
  }

  send(type: number, payload: Uint8Array, id = 1): Promise<void> {
    const message = new Uint8Array(26 + payload.length);
    const view = new DataView(message.buffer);
    view.setUint16(0, type, true);
    view.setUint16(2, id, true);
    view.setUint32(22, payload.length, true);
    message.set(payload, 26);
    return this.#transport.write(message);
  }

  /** Sends bytes as they are. */
  write(bytes: Uint8Array): Promise<void> {
    return this.#transport.write(bytes);
  }

  json(type: number, value: unknown, id = 1): Promise<void> {
    const text = new TextEncoder().encode(JSON.stringify(value));
    const payload = new Uint8Array(4 + text.length);
    new DataView(payload.buffer).setUint32(0, text.length, true);
    payload.set(text, 4);
    return this.send(type, payload, id);
  }

  of(type: number): Message[] {
    return this.received.filter((it) => it.type === type);
  }

  get settings(): Record<string, unknown>[] {
    return this.of(TYPE.settings).map(({ payload }) =>
      JSON.parse(new TextDecoder().decode(payload.subarray(4)))
    );
  }

  /** When each chunk with sound is heard, in microseconds, and its samples. */
  get sound(): { atUs: number; samples: Int16Array }[] {
    const bufferMs = this.settings[0].bufferMs as number;
    return this.of(TYPE.chunk).map(({ payload }) => {
      const view = new DataView(payload.buffer, payload.byteOffset);
      const us = view.getInt32(0, true) * 1e6 + view.getInt32(4, true);
      const samples = new Int16Array(payload.slice(12).buffer);
      return { atUs: us + bufferMs * 1000, samples };
    }).filter(({ samples }) => samples.some((it) => it !== 0));
  }

  /** Reads nothing until it resumes. */
  pause(): void {
    this.#isReading = false;
  }

  resume(): void {
    this.#isReading = true;
    this.#read();
  }

  close(): void {
    this.#transport.close();
  }

  async #read(): Promise<void> {
    const into = new Uint8Array(65536);
    while (this.#isReading) {
      const bytes = await this.#transport.read(into);
      if (bytes === null) break;
      this.receivedBytes += bytes;
      this.#bytes = new Uint8Array([
        ...this.#bytes,
        ...into.subarray(0, bytes),
      ]);
      this.#cut();
    }
    this.isClosed = this.#isReading;
  }

  #cut(): void {
    while (this.#bytes.length >= 26) {
      const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset);
      const end = 26 + view.getUint32(22, true);
      if (this.#bytes.length < end) return;
      this.received.push({
        type: view.getUint16(0, true),
        refersTo: view.getUint16(4, true),
        payload: this.#bytes.slice(26, end),
      });
      this.#bytes = this.#bytes.slice(end);
    }
  }
}

/** A client, and why its connection has ended. */
type ConnectedClient = SnapcastClient & {
  ended: ReturnType<SnapcastPort["serve"]>;
};

/** The port of Snapcast clients on a server in memory. */
export class SnapcastWorld implements Disposable {
  readonly server: MemoryServer;
  readonly closing = new AbortController();
  readonly port: SnapcastPort;

  constructor(options: ConstructorParameters<typeof MemoryServer>[0] = {}) {
    this.server = new MemoryServer(options);
    this.port = new SnapcastPort({
      ...{ hub: this.server.hub, openResampler },
      refusal: (peer) =>
        peer.startsWith("203.")
          ? new OndacastError("unauthorized", "No")
          : null,
    }, this.closing.signal);
  }

  connect(options: PairOptions = {}): ConnectedClient {
    const { client, server } = transportPair(this.server.clock, options);
    const ended = this.port.serve(server);
    return Object.assign(new SnapcastClient(client), { ended });
  }

  async welcomed(
    ID = "bath",
    options: PairOptions = {},
  ): Promise<ConnectedClient> {
    const client = this.connect(options);
    await client.json(TYPE.hello, { ID, HostName: `the ${ID}` });
    await this.server.clock.advance(0);
    return client;
  }

  get online(): OnlineClient[] {
    return this.server.hub.online().rows;
  }

  /** Advances the time, with turns for what is read and converted. */
  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 10) {
      await this.server.clock.advance(10);
      for (let i = 0; i < 5; i++) await settle();
      if (passed % 500 === 0) this.server.hub.sweep();
    }
  }

  /** Sends a request as another client. */
  async ask(message: Record<string, unknown>): Promise<void> {
    const hello = { features: ["groups"] };
    const { peer } = await this.server.connectWelcomed({ hello });
    await peer.send(message);
    await this.pass(10);
  }

  [Symbol.dispose](): void {
    this.closing.abort();
  }
}
