/**
 * One Snapcast client's connection: its messages are answered, and its room is
 * filled.
 *
 * @module
 */

import { errorText } from "../../errors.ts";
import { RateLimit } from "../../model/rate_limit.ts";
import type { Transport } from "../../ports/common.ts";
import type { Device } from "../../server/groups/device.ts";
import type { Hub } from "../../server/hub.ts";
import { type ClientFacts, keyOfId, readFacts } from "./client_facts.ts";
import type { Conversions } from "./conversions.ts";
import { Outbox } from "./outbox.ts";
import { Room } from "./room.ts";
import {
  decodeJson,
  encodeChunk,
  encodeCodecHeader,
  encodeSettings,
  encodeTime,
  type Incoming,
  SnapcastReader,
  TYPE,
} from "./wire.ts";

/** How long after its time stamp a chunk sounds. */
const BUFFER_MS = 400;
/** A client that has not said `hello` by then is disconnected. */
const HELLO_MS = 5_000;
/** A client that is silent for this long is gone; it asks for the time each second. */
const GONE_MS = 20_000;
/** A device whose client is silent for this long may connect again. */
const SILENT_MS = 5_000;
/** Messages of a client: at most this many at once, and a second. */
const MESSAGES = { burst: 100, perSecond: 50 } as const;
/**
 * A client that sends more for this long is disconnected: all that it has sent
 * would have to be read before its end is seen.
 */
const FLOOD_MS = 10_000;
const READ_BYTES = 4096;

/** What a connection needs of its port. */
export interface ConnectionPort {
  readonly hub: Hub;
  readonly conversions: Conversions;
  /** The connection of a device. */
  find(key: string): Connection | undefined;
  /** A connection is that of a device from now on. */
  joined(key: string, connection: Connection, facts: ClientFacts): void;
  /** It is over. */
  left(key: string, connection: Connection): void;
  /** A room has something to send from now on. */
  wake(): void;
}

export class Connection {
  name: string | undefined;
  reason = "it has left";
  readonly #port: ConnectionPort;
  readonly #transport: Transport;
  readonly #outbox: Outbox;
  readonly #limit: RateLimit;
  readonly #beganMs: number;
  #key: string | undefined;
  #heardMs: number;
  /** When it had last sent no more than it may. */
  #calmMs: number;
  #room: Room | null = null;
  /** Whether its settings have changed while there was no room for them. */
  #areSettingsDue = false;
  #isOver = false;

  constructor(port: ConnectionPort, transport: Transport) {
    this.#port = port;
    this.#transport = transport;
    this.#outbox = new Outbox(transport, (error) => this.end(errorText(error)));
    this.#beganMs = this.#heardMs = this.#calmMs = port.hub.clock.now();
    this.#limit = new RateLimit(MESSAGES, this.#beganMs);
  }

  /** When it was last heard, by the server's clock. */
  get heardMs(): number {
    return this.#heardMs;
  }

  async run(): Promise<void> {
    const { clock } = this.#port.hub;
    const reader = new SnapcastReader();
    const buffer = new Uint8Array(READ_BYTES);
    while (!this.#isOver) {
      const bytes = await this.#transport.read(buffer);
      if (bytes === null || this.#isOver) break;
      this.#heardMs = clock.now();
      this.#limit.refill(this.#heardMs);
      const messages = reader.push(buffer.subarray(0, bytes));
      this.#limit.spend(Math.max(1, messages.length));
      for (const it of messages) this.#accept(it);
      // A pause, even a short one, would make the next request for the time late,
      // and the client's clock wrong by half of it.
      const { waitMs } = this.#limit;
      if (waitMs === 0) this.#calmMs = this.#heardMs;
      else if (this.#heardMs - this.#calmMs < FLOOD_MS) {
        await clock.sleep(waitMs);
      } else this.end("it sends too many messages");
      await this.#outbox.drained();
    }
    this.end(this.reason);
  }

  /** Ends the connection; the first reason counts. */
  end(reason: string): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    this.#isOver = true;
    this.reason = reason;
    this.#room?.leave();
    if (this.#key) this.#port.left(this.#key, this);
    this.#transport.close();
    return Promise.resolve();
  }

  rename(name: string): void {
    this.name = name;
    this.#room?.member.rename(name);
  }

  /** @returns Whether it is to be called again soon. */
  tick(nowMs: number): boolean {
    if (this.#room === null && nowMs - this.#beganMs >= HELLO_MS) {
      this.end(`no hello for ${HELLO_MS / 1000} s`);
    } else if (nowMs - this.#heardMs >= GONE_MS) {
      this.end(`silent for ${GONE_MS / 1000} s`);
    }
    if (this.#isOver || this.#room === null) return false;
    if (this.#areSettingsDue) this.#sendSettings(this.#room.member.device);
    return this.#room.pump();
  }

  #accept(message: Incoming): void {
    if (this.#isOver) return;
    const { type, id, sentUs, payload } = message;
    const { hub } = this.#port;
    if (type === TYPE.hello) return this.#welcome(id, decodeJson(payload));
    if (this.#room === null) throw new RangeError("Expected a hello first");
    if (type === TYPE.time) {
      const nowUs = hub.clockUs;
      const stamp = { id, refersTo: id, sentUs: nowUs };
      this.#outbox.send(encodeTime(nowUs - sentUs, stamp));
    } else if (type === TYPE.clientInfo) {
      const { volume, muted } = decodeJson(payload);
      const isVolume = typeof volume === "number" && volume >= 0 &&
        volume <= 100;
      if (isVolume) this.#room.member.adopt({ volume, muted: muted === true });
    }
  }

  #welcome(id: number, hello: Record<string, unknown>): void {
    if (this.#room !== null) throw new RangeError("Expected one hello");
    const { hub } = this.#port;
    const facts = readFacts(hello);
    const key = this.#key = this.#freeKey(facts);
    this.#port.joined(key, this, facts);
    const room = this.#room = new Room(
      {
        ...{ groups: hub.groups, receivers: hub.receivers },
        ...{ presence: hub.presence, clock: hub.clock },
        conversions: this.#port.conversions,
        wake: () => this.#port.wake(),
      },
      {
        sound: (pcm, atUs) => {
          const stamp = { sentUs: hub.clockUs };
          const chunk = encodeChunk(pcm, atUs - BUFFER_MS * 1000, stamp);
          this.#outbox.send(chunk);
        },
        changed: (device) => this.#sendSettings(device),
        end: (reason) => this.end(reason),
      },
    );
    const known = hub.groups.devices.get(key);
    this.#sendSettings(known, id);
    this.#outbox.send(encodeCodecHeader({ sentUs: hub.clockUs }));
    // A name that was given stays.
    const name = this.name = known?.name ?? facts.host;
    room.member.join(room, { key, name, id: this.#transport.peer });
  }

  /** @throws {RangeError} If a client with its id is connected. */
  #freeKey({ id }: ClientFacts): string {
    const key = keyOfId(id);
    const before = this.#port.find(key);
    if (before === undefined) return key;
    if (this.#heardMs - before.heardMs < SILENT_MS) {
      throw new RangeError("a client with its id is connected");
    }
    before.end("it has connected again");
    return key;
  }

  /** @param refersTo The message that is answered. */
  #sendSettings(device: Device | undefined, refersTo = 0): void {
    const { volume = 100, muted = false } = device ?? {};
    const { hub } = this.#port;
    this.#areSettingsDue = !this.#outbox.send(encodeSettings(
      { bufferMs: BUFFER_MS, latency: 0, muted, volume: Math.round(volume) },
      { sentUs: hub.clockUs, refersTo },
    ));
  }
}
