/**
 * A device of a group that a test drives: it follows streams in a row and lines as
 * docs/protocol.md describes them, and knows what it would sound at any time.
 *
 * @module
 */

import type { Transport } from "../../lib/ports/common.ts";
import type { MemoryServer } from "./memory_server.ts";
import type { Message, RawPeer } from "./raw_peer.ts";

/** A stream that is not over. */
export interface DeviceStream {
  stream: number;
  song: string;
  entry: number;
  rateHz: number;
  frameBytes: number;
  /** The frame of the song that is frame 0 of the stream. */
  fromFrame: number;
  /** Bytes before it. */
  headBytes: number;
  /** Sample frames of the whole stream. */
  frames: number;
  receivedBytes: number;
  follows?: number;
  isComplete: boolean;
}

interface Line {
  stream: number;
  frame: number;
  atUs: number | null;
  sinceUs: number;
}

/** What it needs of a server. */
export interface DeviceServer {
  readonly clock: Pick<MemoryServer["clock"], "now">;
  connectRaw():
    | { client: Transport; peer: RawPeer }
    | Promise<
      { client: Transport; peer: RawPeer }
    >;
}

export class GroupDevice {
  server: DeviceServer;
  readonly name: string;
  peer!: RawPeer;
  key = "";
  cut: () => void = () => {};
  isConnected = false;
  streams: DeviceStream[] = [];
  line: Line | null = null;
  pending: Line | null = null;
  /** Messages about streams and controls, in short. */
  readonly log: string[] = [];
  readonly windowBytes: number;
  readonly kind: string | undefined;
  /** Whether what it sounds is granted again. */
  grants = true;
  #isAlone = false;
  /** A start whose line, if it has one, may still be on its way. */
  #unlined: "now" | "before" | null = null;
  #seen = 0;
  #current: DeviceStream | null = null;
  #owedBytes = 0;

  constructor(
    server: DeviceServer,
    name: string,
    options: { windowBytes?: number; kind?: string } = {},
  ) {
    this.server = server;
    this.name = name;
    this.windowBytes = options.windowBytes ?? 1 << 20;
    this.kind = options.kind;
  }

  static async open(
    server: DeviceServer,
    name: string,
    options: { windowBytes?: number; leadMs?: number; kind?: string } = {},
  ): Promise<GroupDevice> {
    const device = new GroupDevice(server, name, options);
    await device.connect();
    return device;
  }

  /** Connects, again as well. */
  async connect(features: string[] = ["groups"]): Promise<void> {
    const connection = await this.server.connectRaw();
    this.peer = connection.peer;
    this.isConnected = true;
    this.cut = () => {
      this.isConnected = false;
      connection.client.close();
    };
    this.#seen = 0;
    this.#owedBytes = 0;
    this.streams = [];
    this.line = this.pending = this.#current = null;
    this.#granted.clear();
    await this.peer.send({
      ...{ type: "hello", version: 1, name: this.name, device: this.name },
      ...{ window: this.windowBytes, features, receive: true },
      ...(this.kind && { kind: this.kind }),
    });
    const welcome = await this.peer.next("welcome");
    this.key = welcome.key;
  }

  /** Asks for everything that is due, as it has lost what it had. */
  async rejoin(): Promise<void> {
    this.look();
    this.line = this.pending = null;
    this.#drop(this.streams);
    await this.peer.send({ type: "rejoin" });
  }

  get nowUs(): number {
    return this.server.clock.now() * 1000;
  }

  /** Handles what has arrived. */
  look(): void {
    this.#obey(this.nowUs);
    for (; this.#seen < this.peer.frames.length; this.#seen++) {
      const { type, payload } = this.peer.frames[this.#seen];
      if (type === 1) {
        this.#message(JSON.parse(new TextDecoder().decode(payload)));
      } else this.#data(payload.length);
    }
    // A start without a line is of a device that plays alone.
    if (this.#unlined === "before") this.#isAlone = true;
    this.#unlined = this.#unlined === "now" ? "before" : null;
    if (this.#isAlone) this.line = this.pending = null;
  }

  /** The stream and the frame of the song that sound at a time; null: silence. */
  hears(us: number): { song: string; entry: number; frame: number } | null {
    this.#obey(us);
    const due = this.#due(us);
    if (!due) return null;
    const { stream, frame } = due;
    const bytes = stream.headBytes + Math.ceil(frame) * stream.frameBytes;
    if (stream.receivedBytes < bytes) return null;
    const { song, entry, fromFrame } = stream;
    return { song, entry, frame: fromFrame + frame };
  }

  /** What its line says, whether or not it has been sent that. */
  #due(us: number): { stream: DeviceStream; frame: number } | null {
    const { line } = this;
    if (!line || line.atUs === null) return null;
    let stream = this.streams.find((it) => it.stream === line.stream);
    if (!stream) return null;
    let frame = line.frame + (us - line.atUs) * stream.rateHz / 1e6;
    while (frame < 0 && stream.follows) {
      const before = this.streams.find((it) => it.stream === stream!.follows);
      if (!before) return null;
      frame = before.frames + frame * before.rateHz / stream.rateHz;
      stream = before;
    }
    while (frame >= stream.frames) {
      const next = this.streams.find((it) => it.follows === stream!.stream);
      if (!next) return null;
      frame = (frame - stream.frames) * next.rateHz / stream.rateHz;
      stream = next;
    }
    return frame < 0 ? null : { stream, frame };
  }

  #obey(us: number): void {
    if (!this.pending || this.pending.sinceUs > us) return;
    this.line = this.pending;
    this.pending = null;
    // What sounded before is over now, unless this stream follows it.
    const first = this.line.stream;
    const chain = new Set([first]);
    for (const { stream, follows } of this.streams.toReversed()) {
      if (follows !== undefined && chain.has(stream)) chain.add(follows);
    }
    this.#drop(
      this.streams.filter(({ stream }) => stream < first && !chain.has(stream)),
    );
  }

  /** Grants again what has sounded by now. */
  async consume(): Promise<void> {
    this.#obey(this.nowUs);
    // What comes too late is skipped.
    const due = this.#due(this.nowUs);
    const at = due ? this.streams.indexOf(due.stream) : -1;
    for (const it of this.streams.slice(0, at + 1)) {
      const until = it === due!.stream
        ? it.headBytes + due!.frame * it.frameBytes
        : Infinity;
      const bytes = Math.floor(Math.min(until, it.receivedBytes)) -
        (this.#granted.get(it.stream) ?? 0);
      if (bytes > 0) this.#owe(it, bytes);
    }
    if (this.#owedBytes === 0 || !this.grants) return;
    const bytes = this.#owedBytes;
    this.#owedBytes = 0;
    if (this.isConnected) await this.peer.send({ type: "grant", bytes });
  }

  readonly #granted = new Map<number, number>();

  #owe({ stream }: DeviceStream, bytes: number): void {
    this.#granted.set(stream, (this.#granted.get(stream) ?? 0) + bytes);
    this.#owedBytes += bytes;
  }

  #drop(dropped: DeviceStream[]): void {
    for (const it of dropped) {
      const left = it.receivedBytes - (this.#granted.get(it.stream) ?? 0);
      if (left > 0) this.#owe(it, left);
    }
    this.streams = this.streams.filter((it) => !dropped.includes(it));
  }

  #data(bytes: number): void {
    const stream = this.#current;
    if (!stream) return;
    // The line comes before the data.
    if (this.#unlined) this.#unlined = "before";
    if (bytes === 0) stream.isComplete = true;
    stream.receivedBytes += bytes;
    if (!this.streams.includes(stream)) this.#owedBytes += bytes;
  }

  #message(message: Message): void {
    const { type, stream } = message;
    if (type === "start") this.#start(message);
    else if (type === "ping") this.peer.send({ type: "pong" }).catch(() => {});
    else if (type === "line") {
      const { frame, at, since = this.nowUs } = message;
      // One that is due holds before the next one replaces it.
      this.#obey(this.nowUs);
      this.pending = { stream, frame, atUs: at, sinceUs: since };
      this.#isAlone = false;
      this.#unlined = null;
      this.log.push(
        at === null ? `line ${stream} silent` : `line ${stream}:${frame}`,
      );
    } else if (type === "stopped") {
      this.#drop(this.streams.filter((it) => it.stream >= stream));
      this.log.push(`stopped ${stream}`);
    } else if (type === "control") {
      this.log.push(`${message.action} ${message.value ?? ""}`.trim());
      const { action } = message;
      // Alone it plays by its own clock, which is not simulated.
      const isOfAlone = action === "pause" || action === "resume";
      if (isOfAlone) this.line = this.pending = null;
    }
  }

  #start(message: Message): void {
    const { stream, format, offset, bytes, follows, song, entry } = message;
    const frameBytes = format.channels * format.bits / 8;
    const begin = Math.max(offset, format.dataOffset);
    // A live song has no end yet.
    const end = Math.min(
      offset + (bytes ?? Infinity),
      format.dataOffset + (format.dataBytes ?? Infinity),
    );
    const started: DeviceStream = {
      ...{ stream, song, entry, frameBytes, follows, receivedBytes: 0 },
      rateHz: format.rate,
      fromFrame: (begin - format.dataOffset) / frameBytes,
      headBytes: begin - offset,
      frames: (end - begin) / frameBytes,
      isComplete: false,
    };
    const kept = this.line?.atUs == null ? undefined : this.line.stream;
    this.#drop(
      this.streams.filter((it) =>
        follows === undefined
          ? it.stream !== kept && !this.#isBefore(it, kept)
          : it.stream > follows
      ),
    );
    this.streams.push(started);
    if (follows === undefined) this.#unlined = "now";
    this.#current = started;
    this.log.push(
      `start ${stream} ${song}` +
        (started.fromFrame > 0 ? ` from ${started.fromFrame}` : "") +
        (follows === undefined ? "" : ` follows ${follows}`),
    );
  }

  /** Whether a stream may still sound before a line that is to come. */
  #isBefore({ follows }: DeviceStream, kept: number | undefined): boolean {
    return follows !== undefined && follows === kept;
  }
}
