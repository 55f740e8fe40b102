/**
 * Sends one stream of a song to one client, as far as its credit goes, in batches
 * that grow. It is "frames → TCP" on the walk of one byte, and all that the server
 * does for a listener.
 *
 * @module
 */

import type { Credit } from "../model/credit.ts";
import type { InvalidationListener, OpenSong } from "../ports/server.ts";
import type { Channel } from "../wire/channel.ts";
import { EMPTY_DATA_FRAME } from "../wire/frame.ts";
import { encodeMessage } from "../wire/message_codec.ts";
import { type Framer, type Frames, upToBlock } from "./framer.ts";
import type { LoneLine } from "./lone_line.ts";
import { loadAhead, SongPayload } from "./payload.ts";

/** Payload of the first batch: small, so that the first sound is early. */
export const FIRST_BATCH_BYTES = 64 * 1024;
/** Payload that batches grow to, doubling. */
export const MAX_BATCH_BYTES = 1 << 20;

/** Owns streams. One object serves many, because each would cost memory. */
export interface StreamOwner {
  /** Called right before the end is sent: the stream can no longer be stopped. */
  ending(stream: SongStream): void;
  /**
   * Called once, when nothing more is sent; after a failure, only once
   * {@linkcode sendSong} has returned.
   *
   * @param failure {@linkcode OndacastError} `changed`, if the song is no longer
   * what it was; undefined: the stream was sent or is over.
   */
  over(stream: SongStream, failure?: unknown): void;
  /**
   * A live stream is so far behind that what comes next is not kept any more.
   *
   * @returns Whether the stream is over; else it skips ahead.
   */
  behind?(stream: SongStream): boolean;
}

/** One stream. */
export interface SongStream {
  owner: StreamOwner;
  /** Its number on the connection. */
  stream: number;
  song: OpenSong;
  /** The first byte of the file that is sent. */
  offset: number;
  /** The number of bytes from there. */
  bytes: number;
  framer: Framer;
  credit: Credit;
  channel: Channel;
  /** Of a live song that a client plays alone. */
  line?: LoneLine;
  /** Set to stop the stream before its end. */
  isOver: boolean;
}

/** Sends the stream, then `end` and the empty frame, unless it is stopped. */
export function sendSong(stream: SongStream): void {
  new Sending(stream).goOn();
}

/**
 * A stream that is being sent. It is not a loop that waits: it continues when it
 * is called, because each of the many listeners that wait for credit would keep a
 * suspended function and a promise.
 */
class Sending implements InvalidationListener {
  readonly #stream: SongStream;
  readonly #payload: SongPayload;
  readonly #end: number;
  #position: number;
  #batch = FIRST_BATCH_BYTES;
  /** What is being written. A stream that waits for credit, as most do, has none. */
  #frames: Frames | null = null;

  constructor(stream: SongStream) {
    this.#stream = stream;
    this.#payload = new SongPayload(stream.framer.pages, stream.song);
    this.#position = stream.offset;
    this.#end = stream.offset + stream.bytes;
    stream.song.gone.add(this);
  }

  /** Wakes a stream that waits for credit, which then ends at once. */
  invalidated(): void {
    this.#stream.credit.wake();
  }

  /** Sends the next batch, or waits for credit. Call it when nothing is being sent. */
  readonly goOn = (): void => {
    const { song, framer, credit } = this.#stream;
    try {
      if (this.#stream.isOver) return this.#finish();
      if (this.#position === this.#end) return this.#sendLast();
      // The credit may have been woken in vain while a batch was written.
      song.gone.throwIfInvalid();
      if (credit.bytes === 0) return credit.whenSome(this.goOn);
      const wanted = this.#nextBytes();
      const found = framer.frames(this.#payload, this.#position, wanted);
      if (found instanceof Promise) this.#sendLater(found);
      else this.#send(found);
    } catch (thrown) {
      // The owner must not be called before `sendSong()` has returned.
      queueMicrotask(() => this.#fail(thrown));
    }
  };

  /**
   * All that is granted, or a batch that ends with a block if that is less. It does
   * not wait for more to be decoded than its beginning.
   */
  #nextBytes(): number {
    const left = this.#end - this.#position;
    const wanted = Math.min(this.#stream.credit.bytes, left);
    const { blockBytes } = this.#payload;
    const decoded = this.#stream.song.partEnd(this.#position) - this.#position;
    const most = decoded < blockBytes
      ? this.#batch
      : Math.min(this.#batch, decoded);
    return upToBlock(this.#position, wanted, most, blockBytes);
  }

  #sendLater(found: Promise<Frames>): void {
    found.then((frames) => this.#send(frames)).catch(this.#fail);
  }

  /** Writes frames, and begins to read what follows them if that is slow. */
  #send(frames: Frames): void {
    const { song, credit, channel } = this.#stream;
    this.#frames = frames;
    if (this.#stream.isOver) return this.#finish();
    credit.spend(frames.end - this.#position);
    this.#position = frames.end;
    this.#batch = Math.min(this.#batch * 2, MAX_BATCH_BYTES);
    loadAhead(song, this.#payload, this.#position, this.#nextBytes());
    channel.sendFrames(frames.bytes).then(this.#sent, this.#fail);
  }

  readonly #sent = (): void => {
    this.#release();
    this.goOn();
  };

  #sendLast(): void {
    const { owner, channel } = this.#stream;
    const last = lastWords(this.#stream);
    owner.ending(this.#stream);
    channel.sendFrames(last).then(() => this.#finish(), this.#fail);
  }

  #finish(failure?: unknown): void {
    this.#release();
    this.#stream.song.gone.delete(this);
    this.#stream.owner.over(this.#stream, failure);
  }

  readonly #fail = (thrown: unknown): void => this.#finish(thrown);

  #release(): void {
    this.#frames?.release();
    this.#frames = null;
  }
}

/** `end` and the empty frame. */
export function lastWords(stream: SongStream): Uint8Array {
  const { sha256 } = stream.song.entry;
  const message = encodeMessage({
    type: "end",
    stream: stream.stream,
    ...(sha256 && { sha256 }),
  });
  const last = new Uint8Array(message.length + EMPTY_DATA_FRAME.length);
  last.set(message);
  last.set(EMPTY_DATA_FRAME, message.length);
  return last;
}
