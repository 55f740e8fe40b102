/**
 * A device of a real server that does as its line says, and measures all the time
 * whether it would sound, and what.
 *
 * @module
 */

import { TcpConnector } from "../../lib/io/net/tcp.ts";
import { type DeviceServer, GroupDevice } from "./group_device.ts";
import { RawPeer } from "./raw_peer.ts";

/** Between two looks at the line. */
const LOOK_MS = 10;
/** Of pings, the quickest of which tells the server's clock. */
const PINGS = 8;

/** What was heard of one song that is played over and over. */
export interface HeardLine {
  looks: number;
  /** The longest time without a sound. */
  silentMs: number;
  /** The farthest that a moment was from where the first one would have it. */
  offMs: number;
}

export class LineDevice {
  readonly device: GroupDevice;
  /** The sample frames of the song. */
  readonly #frames: number;
  readonly #end = new AbortController();
  readonly #looking: Promise<void>;
  #heard: HeardLine = { looks: 0, silentMs: 0, offMs: 0 };
  #silentSinceUs: number | null = null;
  #startUs: number | null = null;

  private constructor(device: GroupDevice, frames: number) {
    this.device = device;
    this.#frames = frames;
    this.#looking = this.#look();
  }

  /** @param frames The sample frames of the song that it will be sent. */
  static async open(
    port: number,
    name: string,
    frames: number,
  ): Promise<LineDevice> {
    let aheadMs = 0;
    const server: DeviceServer = {
      clock: { now: () => performance.now() + aheadMs },
      async connectRaw() {
        const connector = new TcpConnector("127.0.0.1", port);
        const client = await connector.connect(new AbortController().signal);
        return { client, peer: new RawPeer(client) };
      },
    };
    const device = new GroupDevice(server, name);
    await device.connect();
    aheadMs = await aheadOf(device.peer);
    return new LineDevice(device, frames);
  }

  /** Forgets what was heard so far. */
  begin(): void {
    this.#heard = { looks: 0, silentMs: 0, offMs: 0 };
    this.#silentSinceUs = this.#startUs = null;
  }

  get heard(): HeardLine {
    return { ...this.#heard };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    this.device.cut();
    await this.#looking;
  }

  async #look(): Promise<void> {
    const { device } = this;
    while (!this.#end.signal.aborted) {
      device.look();
      this.#note(device.nowUs);
      await device.consume().catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  #note(nowUs: number): void {
    const { device } = this;
    const sounding = device.hears(nowUs);
    this.#heard.looks++;
    if (!sounding) {
      this.#silentSinceUs ??= nowUs;
      const silentMs = (nowUs - this.#silentSinceUs) / 1000;
      this.#heard.silentMs = Math.max(this.#heard.silentMs, silentMs);
      return;
    }
    this.#silentSinceUs = null;
    const { entry, frame } = sounding;
    const { rateHz } = device.streams.find((it) => it.entry === entry)!;
    const frames = (entry - 1) * this.#frames + frame;
    const startUs = nowUs - frames / rateHz * 1e6;
    this.#startUs ??= startUs;
    const offMs = Math.abs(startUs - this.#startUs) / 1000;
    this.#heard.offMs = Math.max(this.#heard.offMs, offMs);
  }
}

/** How far the server's clock is ahead, in milliseconds. */
async function aheadOf(peer: RawPeer): Promise<number> {
  let best = { rttMs: Infinity, aheadMs: 0 };
  for (let i = 0; i < PINGS; i++) {
    const sentMs = performance.now();
    await peer.send({ type: "ping", time: 0 });
    const { received } = await peer.next("pong");
    const rttMs = performance.now() - sentMs;
    const aheadMs = received / 1000 - (sentMs + rttMs / 2);
    if (rttMs < best.rttMs) best = { rttMs, aheadMs };
  }
  return best.aheadMs;
}
