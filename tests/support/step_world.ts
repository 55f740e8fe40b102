/**
 * A device in step, in memory: a server that the test drives, whose clock is ahead
 * and drifts, and a player whose clock drifts, too. Songs are ramps, so that each
 * sample frame that sounds tells its place, with a fraction.
 *
 * @module
 */

import type { PcmFormat } from "../../lib/audio/format.ts";
import { Link } from "../../lib/client/link.ts";
import { Output } from "../../lib/client/output.ts";
import { Receiver } from "../../lib/client/receiver.ts";
import type { AudioSink, HeardAt } from "../../lib/ports/client.ts";
import { FakeClock, settle } from "./fake_clock.ts";
import { openLinearResampler } from "./linear_resampler.ts";
import { IDENTITY, RawServer, WELCOME } from "./memory_client.ts";
import { concat, dataFrame, type Message, type RawPeer } from "./raw_peer.ts";

/** The server's clock is ahead by this, and faster by the drift. */
const AHEAD_US = 5e9;
const SERVER_DRIFT = -5e-5;
/** The scale of a ramp: a song's sample frames stay below full scale. */
const SCALE = 2 ** 22;
/** Added to each song's frames, to tell songs apart. */
const SONG_FRAMES = 300_000;

/** A player that sounds what it gets by a clock of its own. */
export class StepDevice implements AudioSink {
  readonly label = "device";
  readonly realTime = true;
  readonly leadSeconds = 0.4;
  readonly failed: Promise<never>;
  fail: (error: Error) => void;
  ended = false;
  /** Stretches that sounded without a gap: the first frame, and when. */
  readonly #runs: { frame: number; atMs: number }[] = [];
  readonly #pieces: Float32Array[] = [];
  #frames = 0;
  readonly #openedMs: number;

  constructor(
    readonly format: PcmFormat,
    readonly clock: FakeClock,
    readonly options: {
      ppm: number;
      grade: "exact" | "approximate";
      /** A write waits until the player holds no more than this. */
      holdsSeconds: number;
    },
  ) {
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => {});
    this.failed = promise;
    this.fail = reject;
    this.#openedMs = clock.now();
  }

  get grade(): "exact" | "approximate" {
    return this.options.grade;
  }

  heard(): HeardAt | null {
    const atMs = this.clock.now() - 7;
    if (atMs - this.#openedMs < 300 || this.#runs.length === 0) return null;
    const isMeasured = atMs - this.#openedMs > 2_300;
    const drift = isMeasured ? this.options.ppm / 1e6 : null;
    return { frames: this.#framesAt(atMs), atMs, drift };
  }

  async write(pcm: Uint8Array): Promise<void> {
    const most = this.options.holdsSeconds * this.format.rate;
    while (this.#frames - this.#framesAt(this.clock.now()) > most) {
      await this.clock.sleep(5);
    }
    const nowMs = this.clock.now();
    if (this.#framesAt(nowMs) >= this.#frames) {
      this.#runs.push({ frame: this.#frames, atMs: nowMs + 60 });
    }
    const samples = new Float32Array(pcm.slice().buffer);
    this.#pieces.push(samples);
    this.#frames += samples.length / this.format.channels;
  }

  end(): Promise<void> {
    this.ended = true;
    return Promise.resolve();
  }

  abort(): Promise<void> {
    this.ended = true;
    return Promise.resolve();
  }

  /** Times at which it began, or went on after it had run dry. */
  get starts(): number {
    return this.#runs.length;
  }

  /** What sounds at a time: the left sample; 0 where nothing does. */
  sampleAt(ms: number): number {
    const frame = Math.floor(this.#framesAt(ms));
    let at = frame * this.format.channels;
    for (const piece of this.#pieces) {
      if (at < piece.length) return piece[at];
      at -= piece.length;
    }
    return 0;
  }

  /** When the frame that sounds at a time began to, in ms. */
  frameMs(ms: number): number {
    const run = this.#runs.findLast((it) => it.atMs <= ms)!;
    const frames = Math.floor(this.#framesAt(ms)) - run.frame;
    return run.atMs + frames / this.#perMs;
  }

  get #perMs(): number {
    return this.format.rate / 1000 * (1 + this.options.ppm / 1e6);
  }

  #framesAt(ms: number): number {
    const run = this.#runs.findLast((it) => it.atMs <= ms);
    if (!run) return this.#runs[0]?.frame ?? 0;
    const next = this.#runs[this.#runs.indexOf(run) + 1]?.frame;
    return Math.min(
      run.frame + (ms - run.atMs) * this.#perMs,
      next ?? this.#frames,
    );
  }
}

/** A device, and the server that the test drives. */
export class StepWorld {
  readonly clock = new FakeClock();
  readonly server = new RawServer(this.clock);
  readonly devices: StepDevice[] = [];
  readonly events: string[] = [];
  /** Why no player can be opened; null: one can. */
  broken: Error | null = null;
  /** How often one was to be opened that cannot be. */
  attempts = 0;
  readonly receiver: Receiver;
  clockName = "c";
  aheadUs = AHEAD_US;
  #rates = new Map<number, number>();

  constructor(
    options: Partial<StepDevice["options"]> = {},
  ) {
    const { ppm = 100, grade = "exact", holdsSeconds = Infinity } = options;
    this.receiver = new Receiver({
      link: new Link({
        connector: this.server.connector,
        clock: this.clock,
        identity: { ...IDENTITY, receive: true },
        windowBytes: 1 << 20,
        signal: new AbortController().signal,
      }),
      output: new Output((format) => {
        if (this.broken) {
          this.attempts++;
          return Promise.reject(this.broken);
        }
        const device = new StepDevice(format, this.clock, {
          ...{ ppm, grade, holdsSeconds },
        });
        this.devices.push(device);
        return Promise.resolve(device);
      }),
      step: {
        openResampler: openLinearResampler,
        wallMs: () => this.clock.now(),
      },
      listener: {
        waiting: () => {},
        start: (_, { song }) => this.events.push(`start ${song}`),
        end: ({ song }) => this.events.push(`end ${song}`),
        problem: ({ code }) => this.events.push(`problem ${code}`),
        recovered: () => this.events.push("recovered"),
      },
    });
  }

  /** Connects, and measures the clock. */
  static async open(
    options?: ConstructorParameters<typeof StepWorld>[0],
  ): Promise<StepWorld> {
    const world = new StepWorld(options);
    world.receiver.run().catch(() => {});
    await settle();
    await world.welcome();
    return world;
  }

  get peer(): RawPeer {
    return this.server.peer;
  }

  /** The latest player. */
  get device(): StepDevice {
    return this.devices[this.devices.length - 1];
  }

  /** The server's clock at a time of this one, in microseconds. */
  serverUs(ms = this.clock.now()): number {
    return ms * 1000 * (1 + SERVER_DRIFT) + this.aheadUs;
  }

  async welcome(): Promise<void> {
    const { peer } = this;
    const { id: re } = await peer.next("hello");
    this.#answerPings(peer);
    await peer.send({
      ...WELCOME,
      ...{ re, clock: this.clockName, features: ["groups"] },
    });
    await settle();
  }

  async #answerPings(peer: RawPeer): Promise<void> {
    try {
      while (true) {
        const { id, time } = await peer.next("ping");
        const [received, sent] = [this.serverUs(), this.serverUs()];
        await peer.send({ type: "pong", re: id, time, received, sent });
      }
    } catch {
      // The connection is over.
    }
  }

  messages(type: string): Message[] {
    return this.peer.frames.filter((it) => it.type === 1)
      .map((it) => JSON.parse(new TextDecoder().decode(it.payload)))
      .filter((it) => it.type === type);
  }

  /** Sends a song, whose frames begin at a number of their own. */
  async start(
    stream: number,
    options: {
      seconds?: number;
      rate?: number;
      follows?: number;
      group?: string;
      isWhole?: boolean;
      fromFrame?: number;
      channels?: number;
    } = {},
  ): Promise<void> {
    const { seconds = 5, rate = 44_100, follows, group = "g" } = options;
    const { isWhole = true, fromFrame = 0, channels = 1 } = options;
    const frames = seconds * rate;
    const format = {
      ...{ encoding: "f32le", rate, channels, bits: 32 },
      ...{ dataOffset: 44, dataBytes: 4 * channels * frames },
    };
    this.#rates.set(stream, rate);
    const ramp = Float32Array.from(
      { length: (frames - fromFrame) * channels },
      (_, i) =>
        (stream * SONG_FRAMES + fromFrame + Math.floor(i / channels)) / SCALE,
    );
    const data = new Uint8Array(ramp.buffer);
    await this.peer.send({
      ...{ type: "start", stream, song: `${stream}.wav`, etag: `e${stream}` },
      ...{ offset: 44 + 4 * channels * fromFrame, bytes: data.length },
      ...{ from: fromFrame / rate, format, group, entry: stream },
      ...(follows !== undefined && { follows }),
    });
    const sent = isWhole ? data : data.subarray(0, data.length / 2);
    const most = 1 << 18;
    const frames_ = [];
    for (let at = 0; at < sent.length; at += most) {
      frames_.push(dataFrame(sent.subarray(at, at + most)));
    }
    if (isWhole) frames_.push(dataFrame(new Uint8Array(0)));
    await this.peer.write(concat(frames_));
    await settle();
  }

  async line(
    stream: number,
    frame: number,
    at: number | null,
    since?: number,
  ): Promise<void> {
    const line = { type: "line", stream, frame, at };
    await this.peer.send({ ...line, ...(since !== undefined && { since }) });
    await settle();
  }

  /** The song and the frame in it that sound at a time; null: silence. */
  heardAt(ms: number): { stream: number; frame: number } | null {
    const sample = this.device?.sampleAt(ms) ?? 0;
    if (Math.abs(sample) < 1e-9) return null;
    const place = sample * SCALE;
    const stream = Math.floor(place / SONG_FRAMES + 1e-3);
    return { stream, frame: place - stream * SONG_FRAMES };
  }

  /** How late a device is at a time, in microseconds, for a line that it has. */
  lateUs(
    ms: number,
    line: { stream: number; frame: number; at: number },
  ): number {
    const heard = this.heardAt(ms);
    if (heard?.stream !== line.stream) return NaN;
    const rate = this.#rates.get(line.stream)!;
    const sinceUs = this.serverUs(this.device.frameMs(ms)) - line.at;
    return sinceUs - (heard.frame - line.frame) * 1e6 / rate;
  }
}
