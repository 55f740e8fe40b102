/**
 * The stream that is sent to a client, at most one at a time. A new one
 * replaces the one before; each ends in exactly one way.
 *
 * @module
 */

import { bytesToSeconds, secondsToBytes } from "../audio/format.ts";
import { OndacastError, toOndacastError } from "../errors.ts";
import type { Credit } from "../model/credit.ts";
import type { OpenSong, SongStore } from "../ports/server.ts";
import type { Channel } from "../wire/channel.ts";
import { MAX_SESSION_DATA_BYTES } from "../wire/frame.ts";
import type { Answer, RequestId } from "../wire/messages.ts";
import type { Counters } from "./counters.ts";
import type { PageMemory } from "./page_memory.ts";
import { sendSong, type SongStream, type StreamOwner } from "./send_song.ts";

/** Where in a song a stream begins: a time of its PCM, or a byte of its file. */
export interface StreamFrom {
  seconds?: number;
  offset?: number;
}

/** Why a stream begins. */
export interface StreamCause {
  /** The request that is answered by the `start`. */
  re?: RequestId;
  /** The key of the client that cast it. */
  by?: string;
}

/** The stream that was begun last. */
export interface LatestStream {
  stream: number;
  song: string;
  fromSeconds: number;
  lengthSeconds: number;
}

/** The client that streams are sent to. */
export interface Listener {
  readonly channel: Channel;
  readonly credit: Credit;
  readonly hub: {
    readonly memory: PageMemory;
    readonly songs: SongStore;
    readonly counters: Counters;
  };
  /** Called when a stream was stopped before its end. */
  streamStopped(): void;
}

export class StreamSender implements StreamOwner {
  readonly #listener: Listener;
  #latest = 0;
  #latestStream: LatestStream | null = null;
  #running: SongStream | null = null;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  /** The stream that is under way; null: none. */
  get stream(): number | null {
    return this.#running?.stream ?? null;
  }

  /** The latest stream, which may have been sent completely; null: none, or it was stopped. */
  get latest(): LatestStream | null {
    return this.#latestStream;
  }

  /** Begins a stream, which closes the song when it is over. */
  start(song: OpenSong, from: StreamFrom, cause: StreamCause): LatestStream {
    this.#end();
    const { entry } = song;
    if (entry.format === null) {
      throw new TypeError(`Cannot stream ${entry.name}: expected a format`);
    }
    const stream = ++this.#latest;
    const range = fileRange(entry.format, entry.bytes, from);
    const latest = this.#latestStream = {
      stream,
      song: entry.name,
      fromSeconds: range.fromSeconds,
      lengthSeconds: entry.format.dataBytes === null
        ? Infinity
        : bytesToSeconds(entry.format, entry.format.dataBytes),
    };
    this.#listener.channel.send({
      type: "start",
      stream,
      song: entry.name,
      etag: entry.etag,
      offset: range.offset,
      bytes: range.bytes,
      format: entry.format,
      from: range.fromSeconds,
      ...(entry.sha256 && { sha256: entry.sha256 }),
      ...cause,
    });
    const running: SongStream = {
      owner: this,
      stream,
      song,
      offset: range.offset,
      bytes: range.bytes,
      pages: this.#listener.hub.memory.pagesFor(
        entry.format,
        MAX_SESSION_DATA_BYTES,
      ),
      credit: this.#listener.credit,
      channel: this.#listener.channel,
      isOver: false,
    };
    this.#running = running;
    this.#listener.hub.counters.streams.started++;
    sendSong(running);
    return latest;
  }

  /**
   * Stops the stream.
   *
   * @param wanted Its number; left out: whichever is under way.
   * @throws {OndacastError} `stale`, if it is not under way.
   */
  stop(reason: string, wanted?: number): Answer<"stop"> {
    const stream = this.#running?.stream;
    if (stream === undefined || (wanted ?? stream) !== stream) {
      throw new OndacastError(
        "stale",
        `Cannot stop ${
          wanted === undefined ? "a stream" : `stream ${wanted}`
        }: it is over`,
      );
    }
    this.#end();
    this.#latestStream = null;
    this.#listener.streamStopped();
    return { stream, reason };
  }

  /** Ends the stream and sends nothing about it: the connection is over. */
  abandon(): void {
    this.#end();
  }

  #end(): void {
    if (this.#running !== null) {
      this.#listener.hub.counters.streams.stopped++;
      this.#running.isOver = true;
    }
    this.#running = null;
    this.#listener.credit.wake();
  }

  ending(running: SongStream): void {
    if (this.#running !== running) return;
    this.#running = null;
    this.#listener.hub.counters.streams.ended++;
  }

  over(running: SongStream, failure?: unknown): void {
    if (failure !== undefined) this.#failed(running, failure);
    running.song.close();
  }

  #failed(running: SongStream, thrown: unknown): void {
    if (this.#running !== running) return;
    this.#running = null;
    this.#latestStream = null;
    this.#listener.hub.counters.streams.stopped++;
    const { code, message } = toOndacastError(thrown);
    this.#listener.channel.send({
      type: "stopped",
      stream: running.stream,
      reason: message,
      code,
    });
    this.#listener.hub.counters.countError(code);
    this.#listener.streamStopped();
  }
}

function fileRange(
  format: NonNullable<OpenSong["entry"]["format"]>,
  fileBytes: number,
  from: StreamFrom,
): { offset: number; bytes: number; fromSeconds: number } {
  const { dataOffset } = format;
  const dataBytes = format.dataBytes ?? fileBytes - dataOffset;
  if (from.seconds !== undefined) {
    const skip = Math.min(secondsToBytes(format, from.seconds), dataBytes);
    return {
      offset: dataOffset + skip,
      bytes: dataBytes - skip,
      fromSeconds: bytesToSeconds(format, skip),
    };
  }
  const offset = Math.min(from.offset ?? 0, fileBytes);
  const pcm = Math.min(Math.max(offset - dataOffset, 0), dataBytes);
  return {
    offset,
    bytes: fileBytes - offset,
    fromSeconds: bytesToSeconds(format, pcm),
  };
}
