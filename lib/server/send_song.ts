/**
 * Sends one stream of a song to one client: from its pages, as far as the
 * client's credit goes, in batches that grow. It is "frames → TCP" on the
 * walk of one byte, and the server's whole work for a listener.
 *
 * @module
 */

import type { Credit } from "../model/credit.ts";
import type { InvalidationListener, OpenSong } from "../ports/server.ts";
import type { Channel } from "../wire/channel.ts";
import { EMPTY_DATA_FRAME } from "../wire/frame.ts";
import { encodeMessage } from "../wire/message_codec.ts";
import type { FramedPages } from "./framed_pages.ts";
import type { FramesLease } from "./lease.ts";

/** Payload of the first batch: small, so that the first sound is early. */
export const FIRST_BATCH_BYTES = 64 * 1024;
/** Payload that batches grow to, doubling. */
export const MAX_BATCH_BYTES = 1 << 20;

/** Owns streams. One serves many, since each would keep functions of its own. */
export interface StreamOwner {
  /** Called right before the end goes out: the stream can't be stopped any more. */
  ending(stream: SongStream): void;
  /**
   * Called once, when nothing more is sent, and not before {@linkcode sendSong}
   * has returned if something failed.
   *
   * @param failure Why; {@linkcode OndacastError} `changed`, if the song is no
   * longer what it was; undefined: it was sent, or was over.
   */
  over(stream: SongStream, failure?: unknown): void;
}

/** One stream: what to send, and over what. */
export interface SongStream {
  owner: StreamOwner;
  /** The number of the stream on its connection. */
  stream: number;
  song: OpenSong;
  /** First byte of the file that is sent. */
  offset: number;
  /** Bytes from there. */
  bytes: number;
  pages: FramedPages;
  credit: Credit;
  channel: Channel;
  /** Set when the stream is over in another way than by its end. */
  isOver: boolean;
}

/**
 * Sends the stream to its end, `end` and the empty frame, or until it
 * is over; its owner is told.
 */
export function sendSong(stream: SongStream): void {
  new Sending(stream).goOn();
}

/**
 * A stream that is being sent. It is no loop that waits, but goes on when it
 * is called: of the many listeners that wait for credit, each would keep a
 * suspended function and a promise.
 */
class Sending implements InvalidationListener {
  readonly #stream: SongStream;
  readonly #end: number;
  #position: number;
  #batch = FIRST_BATCH_BYTES;
  /** What is being written. A stream that waits for credit, as most do, holds no frames. */
  #lease: FramesLease | null = null;

  constructor(stream: SongStream) {
    this.#stream = stream;
    this.#position = stream.offset;
    this.#end = stream.offset + stream.bytes;
    stream.song.gone.add(this);
  }

  /** Notified when the song is invalidated: a stream that waits for credit ends at once. */
  invalidated(): void {
    this.#stream.credit.wake();
  }

  /** Sends the next batch, or waits for credit; to be called when nothing is being sent. */
  readonly goOn = (): void => {
    const { song, pages, credit } = this.#stream;
    try {
      if (this.#stream.isOver) return this.#finish();
      if (this.#position === this.#end) return this.#sendLast();
      // The credit may have been woken in vain while a batch was written.
      song.gone.throwIfInvalid();
      if (credit.bytes === 0) return credit.whenSome(this.goOn);
      const left = this.#end - this.#position;
      const room = pages.onGrid(this.#position, this.#batch);
      const most = Math.min(credit.bytes, left, room);
      const found = pages.frames(song, this.#position, most);
      if (found instanceof Promise) this.#sendLater(found);
      else this.#send(found);
    } catch (thrown) {
      // The owner must not be called before `sendSong()` has returned.
      queueMicrotask(() => this.#fail(thrown));
    }
  };

  #sendLater(found: Promise<FramesLease>): void {
    found.then((lease) => this.#send(lease)).catch(this.#fail);
  }

  /** Writes frames, and begins to read those after them. */
  #send(lease: FramesLease): void {
    const { song, pages, credit, channel } = this.#stream;
    this.#lease = lease;
    if (this.#stream.isOver) return this.#finish();
    this.#position += lease.payloadBytes;
    credit.spend(lease.payloadBytes);
    this.#batch = Math.min(this.#batch * 2, MAX_BATCH_BYTES);
    const left = this.#end - this.#position;
    const ahead = Math.min(credit.bytes, left, this.#batch);
    pages.prepare(song, this.#position, ahead);
    channel.sendFrames(lease.bytes).then(this.#sent, this.#fail);
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
    this.#lease?.release();
    this.#lease = null;
  }
}

/** `end` and the empty frame. */
function lastWords(stream: SongStream): Uint8Array {
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
