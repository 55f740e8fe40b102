/**
 * Sends streams to one client, at most one at a time. A new stream replaces the
 * one before; each ends in exactly one way.
 *
 * @module
 */

import { bytesToSeconds, secondsToBytes } from "../audio/format.ts";
import { OndacastError, toOndacastError } from "../errors.ts";
import type { Credit } from "../model/credit.ts";
import type { OpenSong, SongStore } from "../ports/server.ts";
import type { Channel } from "../wire/channel.ts";
import type { Answer, RequestId } from "../wire/messages.ts";
import type { Counters } from "./counters.ts";
import type { Framer } from "./framer.ts";
import { sendSong, type SongStream, type StreamOwner } from "./send_song.ts";

/** Where a stream begins: at a time of the PCM, or at a byte of the file. */
export interface StreamFrom {
  seconds?: number;
  offset?: number;
}

/** The reason of a stream. */
export interface StreamCause {
  /** The request that `start` answers. */
  re?: RequestId;
  /** The key of the client that cast it. */
  by?: string;
}

/** The latest stream. */
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
    readonly framer: Framer;
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

  /** The number of the current stream; null: none. */
  get stream(): number | null {
    return this.#running?.stream ?? null;
  }

  /** The latest stream, even if it was sent completely; null: none, or it was stopped. */
  get latest(): LatestStream | null {
    return this.#latestStream;
  }

  /** Begins a stream. The song is closed when it is over. */
  start(song: OpenSong, from: StreamFrom, cause: StreamCause): LatestStream {
    this.#end();
    const { entry } = song;
    if (entry.format === null) {
      throw new TypeError(`Cannot stream ${entry.name}: expected a format`);
    }
    const stream = ++this.#latest;
    const range = fileRange(entry.format, entry.bytes ?? Infinity, from);
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
      bytes: entry.bytes === null ? null : range.bytes,
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
      framer: this.#listener.hub.framer,
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
   * @param wanted Its number; by default the current stream's.
   * @throws {OndacastError} `stale`, if it is not the current stream.
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

  /** Ends the stream without a message, because the connection has ended. */
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
