/**
 * Frames and messages over a transport. Both ends of a session use a channel. It
 * keeps the order of writes, limits how much waits to be written, and records
 * when the peer was last heard.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import type { Clock, Transport } from "../ports/common.ts";
import { encodeMessage } from "./message_codec.ts";
import type { ToClient, ToServer } from "./messages.ts";

/** Bytes that may wait for a peer before reading from it pauses. */
export const MAX_WAITING_BYTES = 256 * 1024;
/** How long the last message may take to arrive before the connection is cut. */
const LINGER_MS = 1000;

/** Counts the bytes that pass through a channel. */
export interface Traffic {
  sentBytes: number;
  receivedBytes: number;
}

/** Notified of what happens to a channel. */
export interface ChannelListener {
  /** No message waits to be written any more. */
  drained(): void;
}

/** Writes whole frames in order, and closes without losing the last ones. */
export class Channel {
  readonly transport: Transport;
  readonly #clock: Clock;
  readonly #traffic: Traffic;
  /** The latest write. Its rejection is handled by its caller. */
  #last: Promise<void> = Promise.resolve();
  /** Writes in progress, or waiting for it. */
  #writes = 0;
  #writingBytes = 0;
  #waitingBytes = 0;
  /** Bytes of data frames behind the write in progress. */
  #queuedDataBytes = 0;
  #failure: unknown = null;
  /** Whether the last message was sent. */
  #isClosing = false;
  #reading: Promise<number | null> | null = null;
  #listener: ChannelListener | null = null;
  /** When the last byte was heard, by the clock. */
  heardAtMs: number;
  /** When the last frame was queued to be sent, by the clock. */
  spokeAtMs: number;

  /** @param traffic May be shared with other channels. */
  constructor(
    transport: Transport,
    clock: Clock,
    traffic: Traffic = { sentBytes: 0, receivedBytes: 0 },
  ) {
    this.transport = transport;
    this.#clock = clock;
    this.#traffic = traffic;
    this.heardAtMs = this.spokeAtMs = clock.now();
  }

  /** Sets the only listener: a server has thousands of channels. */
  listen(listener: ChannelListener): void {
    this.#listener = listener;
  }

  /** Whether writing has failed; reading will soon report why. */
  get broken(): boolean {
    return this.#failure !== null;
  }

  /** Bytes of messages that still wait to be written. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /**
   * Whether too much waits for further requests to be answered: messages, and
   * the data of streams that began behind them. Data being written does not
   * count, because requests of a slow listener must still be read.
   */
  get crowded(): boolean {
    const bytes = this.#waitingBytes + this.#queuedDataBytes;
    return bytes > MAX_WAITING_BYTES && !this.broken;
  }

  /** Reads bytes as the transport does; the caller reports them by {@linkcode heard}. */
  read(into: Uint8Array): Promise<number | null> {
    return this.#reading = this.transport.read(into);
  }

  /** Records that bytes of the peer have arrived. */
  heard(bytes: number): void {
    this.#traffic.receivedBytes += bytes;
    this.heardAtMs = this.#clock.now();
  }

  /**
   * Sends a message after everything sent before. A failure closes the
   * transport, so that the reader notices.
   */
  send(message: ToServer | ToClient): void {
    this.sendMessageFrame(encodeMessage(message));
  }

  /** Sends a message that was encoded before, perhaps once for many peers. */
  sendMessageFrame(frame: Uint8Array): void {
    this.#waitingBytes += frame.length;
    this.#enqueue(frame).catch(() => {}).finally(() => {
      this.#waitingBytes -= frame.length;
      if (this.#waitingBytes === 0) this.#listener?.drained();
    });
  }

  /**
   * Sends whole data frames after everything sent before.
   *
   * @throws What the transport throws; it is closed then. {@linkcode OndacastError}
   * `lost`, after {@linkcode closeAfterSending}.
   */
  sendFrames(frames: Uint8Array): Promise<void> {
    if (this.#writes === 0) return this.#enqueue(frames);
    const { length } = frames;
    this.#queuedDataBytes += length;
    return this.#enqueue(frames, () => this.#queuedDataBytes -= length);
  }

  /** @param begun Called when the write begins, or if it never will. */
  #enqueue(frames: Uint8Array, begun: () => void = noop): Promise<void> {
    if (this.#isClosing) {
      begun();
      return Promise.reject(
        new OndacastError("lost", "Cannot send: the connection is closing"),
      );
    }
    this.spokeAtMs = this.#clock.now();
    if (this.#writes++ === 0) return this.#last = this.#write(frames);
    const write = () => {
      begun();
      return this.#write(frames);
    };
    return this.#last = this.#last.then(write, write);
  }

  /** Resolves when it is no longer {@linkcode crowded}. */
  async relieved(): Promise<void> {
    while (this.crowded) await this.#last.catch(() => {});
  }

  /**
   * Sends what waits, then ends the connection. Reading continues for a moment:
   * closing with unread bytes would reset the connection, and the reset can
   * overtake the last message (RFC 1122, section 4.2.2.13).
   */
  async closeAfterSending(): Promise<void> {
    this.#isClosing = true;
    const end = new AbortController();
    try {
      await Promise.race([
        this.#sendRest(),
        this.#clock.sleep(LINGER_MS, end.signal),
      ]);
    } finally {
      end.abort();
      this.transport.close();
    }
  }

  async #sendRest(): Promise<void> {
    try {
      await this.#last;
      await this.transport.closeWrite();
      const rest = new Uint8Array(4096);
      // A read in progress keeps its own buffer.
      let reading = this.#reading ?? this.transport.read(rest);
      while (await reading !== null) reading = this.transport.read(rest);
    } catch {
      // The peer has left before.
    }
  }

  #write(frames: Uint8Array): Promise<void> {
    if (this.#failure !== null) {
      this.#writes--;
      return Promise.reject(this.#failure);
    }
    this.#writingBytes = frames.length;
    return this.transport.write(frames).then(this.#wrote, this.#writeFailed);
  }

  // Created once, because a closure per write would be costly.
  readonly #wrote = (): void => {
    this.#writes--;
    this.#traffic.sentBytes += this.#writingBytes;
  };

  readonly #writeFailed = (failure: unknown): never => {
    this.#writes--;
    this.#failure = failure;
    this.transport.close();
    throw failure;
  };
}

function noop(): void {}
