/**
 * The rooms of a household in a test: a server, receivers that reach it over
 * networks and clocks of their own, and what all of them sound, recorded on one
 * clock.
 *
 * @module
 */

import { join } from "@std/path";
import type { ClientSession } from "../../lib/client/client_session.ts";
import { ClockProxies } from "./clock_proxies.ts";
import { wavFile } from "./memory_songs.ts";
import { childrenOf } from "./processes.ts";
import {
  type RunningProgram,
  startClient,
  TempFolder,
  TestServer,
} from "./programs.ts";
import { openSession } from "./sessions.ts";
import { noisePcm, skewsOf } from "./skew.ts";
import {
  type Channel,
  RATE_HZ,
  Recording,
  SoundServer,
} from "./sound_server.ts";

/** A receiver to be started: its player, and the channel that it sounds on. */
export interface Room {
  name: string;
  player: string;
  channel: Channel;
  /** Whether its device's clock is fast; only pacat's can be. */
  isFast?: boolean;
}

export interface RoomsOptions {
  /** That can be recorded. */
  maxSeconds?: number;
  /**
   * How much faster the server's clock runs for all rooms: 0 where a device that
   * reaches the server directly, such as a page, is to be in step with them.
   */
  serverPpm?: number;
  /** Further options of the server. */
  words?: readonly string[];
}

const FORMAT = {
  encoding: "s16le",
  rate: RATE_HZ,
  channels: 2,
  bits: 16,
} as const;

export class Rooms implements AsyncDisposable {
  readonly #stack: AsyncDisposableStack;
  readonly #folder: TempFolder;
  readonly #sound: SoundServer;
  readonly #proxies: ClockProxies;
  readonly #rooms: Room[] = [];
  readonly #receivers: RunningProgram[] = [];
  readonly recording: Recording;
  readonly #words: readonly string[];
  #server!: TestServer;
  #session!: ClientSession;

  private constructor(
    stack: AsyncDisposableStack,
    folder: TempFolder,
    sound: SoundServer,
    { maxSeconds = 200, serverPpm = 100, words = [] }: RoomsOptions,
  ) {
    this.#words = words;
    this.#stack = stack;
    this.#folder = folder;
    this.#sound = sound;
    this.#proxies = stack.use(new ClockProxies(serverPpm));
    this.recording = stack.use(sound.record(maxSeconds));
  }

  /**
   * @param songs 16-bit stereo PCM of 48 kHz, by name.
   */
  static async start(
    songs: Record<string, Uint8Array>,
    wanted: readonly Room[],
    options: RoomsOptions = {},
  ): Promise<Rooms> {
    const stack = new AsyncDisposableStack();
    try {
      const folder = stack.use(await TempFolder.make());
      await Deno.mkdir(folder.file("music"));
      for (const [name, pcm] of Object.entries(songs)) {
        const path = folder.file(join("music", name));
        await Deno.writeFile(path, wavFile(FORMAT, pcm));
      }
      const sound = stack.use(await SoundServer.start());
      const rooms = new Rooms(stack, folder, sound, options);
      await rooms.startServer();
      await rooms.recording.seconds(0.1); // It has begun.
      for (const room of wanted) await rooms.#open(room);
      return rooms;
    } catch (error) {
      await stack.disposeAsync();
      throw error;
    }
  }

  /** Starts the server, again after {@linkcode killServer}. */
  async startServer(): Promise<void> {
    this.#server = this.#stack.use(
      await TestServer.start([
        ...["--music", this.#folder.file("music")],
        ...["--data", this.#folder.file("data")],
        ...this.#words,
      ]),
    );
    this.#proxies.moveTo(this.#server.ports.session);
    this.#session = await openSession(this.#server.ports.session);
  }

  /** Kills the server, and resolves once it is gone. */
  async killServer(): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
  }

  /** For other programs on the sound server. */
  get soundEnv(): Record<string, string> {
    return this.#sound.env;
  }

  /** The port of Snapcast clients, where it is open. */
  get snapcastPort(): number | undefined {
    return this.#server.ports.snapcast;
  }

  /** `host:port` of the server's sessions. */
  get address(): string {
    return this.#server.address;
  }

  /** The server's page. */
  get pageUrl(): string {
    return `http://127.0.0.1:${this.#server.ports.http}/`;
  }

  /** Another client of the server. */
  get session(): ClientSession {
    return this.#session;
  }

  /** Kills the player of a room. */
  async killPlayer(index: number): Promise<void> {
    const { player } = this.#rooms[index];
    const { pid } = this.#receivers[index].child;
    const [child] = await childrenOf(pid, player);
    Deno.kill(child, "SIGKILL");
  }

  /** Takes a room's network away for a while. */
  loseNetwork(index: number, ms: number): void {
    this.#proxies.holdBack(index, ms);
  }

  /** What a room sounds. */
  heard(index: number): Float32Array {
    return this.recording.channel(this.#rooms[index].channel);
  }

  /** As {@linkcode skewsOf}, of a room. */
  skews(index: number, from: number, to: number): (number | null)[] {
    return this.skewsOf(this.#rooms[index].channel, from, to);
  }

  /**
   * Milliseconds that a channel is later than the first room, ten times a second
   * in a part of the recording; null where they do not sound the same within 25 ms.
   */
  skewsOf(channel: Channel, from: number, to: number): (number | null)[] {
    const places = { from, to, every: RATE_HZ / 10, most: RATE_HZ / 40 };
    return skewsOf(this.heard(0), this.recording.channel(channel), places)
      .map((skew) => skew && skew * 1000 / RATE_HZ);
  }

  async #open(room: Room): Promise<void> {
    const index = this.#rooms.push(room) - 1;
    const address = await this.#proxies.open(
      this.#server.ports.session,
      3 * index + 1,
    );
    const receiver = this.#stack.use(startClient([
      ...["receive", "--json", "--name", room.name],
      ...["--player", room.player, "--server", address],
    ], {
      env: {
        ...await this.#sound.device(room.channel, room.isFast),
        XDG_DATA_HOME: this.#folder.file(room.name),
      },
    }));
    this.#receivers.push(receiver);
    await receiver.printed(/"waiting"/);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#session.close();
    await this.#stack.disposeAsync();
  }
}

/** A song of noise, and one of a sine of 1 kHz. */
export function noiseSong(seconds: number): Uint8Array {
  return noisePcm(0, seconds * RATE_HZ);
}

/** The same as a file. */
export function noiseFile(seconds: number): Uint8Array {
  return wavFile(FORMAT, noiseSong(seconds));
}

export function sineSong(seconds: number): Uint8Array {
  const samples = new Int16Array(2 * seconds * RATE_HZ);
  for (let i = 0; i < samples.length; i++) {
    const angle = 2 * Math.PI * 1000 * (i >> 1) / RATE_HZ;
    samples[i] = Math.round(16_000 * Math.sin(angle));
  }
  return new Uint8Array(samples.buffer);
}
