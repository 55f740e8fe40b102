/**
 * A device of another server, as a group of this one acts on it: what it is to play
 * is sent to its server, in times of that one's clock.
 *
 * @module
 */

import { sampleFrameBytes } from "../audio/format.ts";
import type { SongEntry } from "../ports/song_entry.ts";
import type { OpenSong } from "../ports/server.ts";
import type {
  DeviceControl,
  Receiver,
  StreamCause,
  StreamLine,
} from "../server/groups/receiver.ts";
import type { ToServer } from "../wire/messages.ts";
import { KeptLine, type LineThere } from "./kept_line.ts";

type Sent = Extract<ToServer, { type: `lent-${string}` }>;

export interface RemoteReceiverWorld {
  /** The device's key. */
  key: string;
  /** The group that it plays in, and its term. */
  about(): { group: string; term: number };
  /** This server's clock, in microseconds. */
  nowUs(): number;
  /** A time of this server's clock by the other's. */
  thereUs(hereUs: number): number;
  /** The name by which the other server knows a song. */
  songName(entry: SongEntry): string;
  send(message: Sent): void;
  /** Resolves once the other server has read what was sent, or is gone. */
  answered(): Promise<void>;
}

export class RemoteReceiver implements Receiver {
  readonly isInStep = true;
  readonly #world: RemoteReceiverWorld;
  #latest = 0;
  #sending: number | null = null;
  readonly #line: KeptLine;
  /** The line of a stream that is about to be sent. */
  #starting: { line: LineThere | null } | null = null;
  readonly #posted = new Map<string, () => void>();
  #isGone = false;

  constructor(world: RemoteReceiverWorld) {
    this.#world = world;
    this.#line = new KeptLine(world.nowUs, world.thereUs);
  }

  get sending(): number | null {
    return this.#sending;
  }

  start(
    song: OpenSong,
    fromFrame: number,
    { by, entry, follows }: StreamCause,
    lined?: (stream: number) => void,
  ): number {
    const stream = this.#sending = ++this.#latest;
    const { key, about, songName, send } = this.#world;
    if (!lined) this.#line.clear();
    this.#line.started(stream, { ...lengthOf(song, fromFrame), follows });
    const starting = this.#starting = { line: null as LineThere | null };
    lined?.(stream);
    this.#starting = null;
    send({
      ...{ type: "lent-start", device: key, ...about() },
      ...{ stream, song: songName(song.entry), from: fromFrame },
      ...(by !== undefined && { by }),
      ...(entry !== undefined && { entry }),
      ...(follows !== undefined && { follows }),
      ...(lined && { line: starting.line }),
    });
    song.close();
    return stream;
  }

  line(line: StreamLine): void {
    const there = this.#line.send(line);
    if (this.#starting) this.#starting.line = there;
    else this.#sendLine(there);
  }

  /** Sends the line again if the clocks have drifted apart since. */
  keepLine(): void {
    for (const line of this.#line.corrections()) this.#sendLine(line);
  }

  drop(stream: number, reason: string): void {
    const { key, about, send } = this.#world;
    this.#line.dropped(stream);
    this.#line.clear();
    if (this.#sending !== null && this.#sending >= stream) this.#sending = null;
    send({
      ...{ type: "lent-drop", device: key, ...about(), stream, reason },
    });
  }

  control({ action, value, by }: DeviceControl, acted?: () => void): void {
    const { key, about, send } = this.#world;
    send({
      ...{ type: "lent-control", device: key, ...about(), action },
      ...(value !== undefined && { value }),
      ...(by !== undefined && { by }),
    });
    if (acted) this.#world.answered().then(acted);
  }

  post(name: string, deliver: () => void): void {
    if (this.#posted.size === 0) {
      queueMicrotask(() => {
        const due = [...this.#posted.values()];
        this.#posted.clear();
        if (!this.#isGone) { for (const deliver of due) deliver(); }
      });
    }
    this.#posted.set(name, deliver);
  }

  /** Its server ends it, when it hears of the newer connection. */
  stop(): Promise<void> {
    return Promise.resolve();
  }

  /** All of a stream was sent to the device, or nothing more will be. */
  noteSent(stream: number): void {
    if (this.#sending === stream) this.#sending = null;
  }

  /** It is borrowed no more. */
  leave(): void {
    this.#isGone = true;
    this.#line.clear();
  }

  #sendLine(line: LineThere): void {
    const { key, about, send } = this.#world;
    send({ type: "lent-line", device: key, ...about(), ...line });
  }
}

/** The rate and the sample frames of a song from one on; null: it is live. */
function lengthOf({ entry, live }: OpenSong, fromFrame: number) {
  const { rate: rateHz, dataBytes, ...format } = entry.format!;
  const isLive = live !== undefined || dataBytes === null;
  const bytes = sampleFrameBytes({ ...format, rate: rateHz });
  return {
    rateHz,
    frames: isLive ? null : Math.floor(dataBytes / bytes) - fromFrame,
  };
}
