/**
 * Sends streams to one client, at most one at a time. A new stream replaces the
 * one that is being sent, and may follow one that is still heard; each ends in
 * exactly one way.
 *
 * @module
 */

import { bytesToSeconds } from "../audio/format.ts";
import { OndacastError, toOndacastError } from "../errors.ts";
import type { Credit } from "../model/credit.ts";
import type { OpenSong, SongStore } from "../ports/server.ts";
import type { Channel } from "../wire/channel.ts";
import type { Answer, RequestId } from "../wire/messages.ts";
import type { Counters } from "./counters.ts";
import { type Feature, hasFeature } from "../wire/features.ts";
import type { Framer } from "./framer.ts";
import type { StreamCause } from "./groups/receiver.ts";
import { LoneLine } from "./lone_line.ts";
import { sendLive } from "./send_live.ts";
import { sendSong, type SongStream, type StreamOwner } from "./send_song.ts";
import { type StreamFrom, streamRange } from "./stream_range.ts";

/** The reason of a stream. */
export interface StartCause extends StreamCause {
  /** The request that `start` answers. */
  re?: RequestId;
}

/** A stream that was sent, or is being sent. */
export interface SentStream {
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
    readonly clockUs: number;
  };
  /** What it understands beyond the first version. */
  readonly features: readonly Feature[];
  /** Called when nothing is heard any more, because a stream was stopped. */
  streamStopped(): void;
  /** Called when all of a stream was sent. */
  streamSent(stream: number): void;
  /** Called when a stream was stopped by a failure. */
  streamFailed(stream: number, error: unknown): void;
  /**
   * Called when a live stream has fallen too far behind.
   *
   * @returns Whether another stream has taken its place; else it skips ahead.
   */
  streamBehind(stream: number): boolean;
}

/** Streams that a client may hear for a while after the next one was sent. */
const MOST_KEPT = 64;

export class StreamSender implements StreamOwner {
  readonly #listener: Listener;
  #latest = 0;
  /** The streams that are not over: the one that is heard, and those after it. */
  #row: SentStream[] = [];
  #running: SongStream | null = null;
  /** The stream whose last bytes are being sent. */
  #ended: number | null = null;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  /** The number of the stream that is being sent; null: none. */
  get stream(): number | null {
    return this.#running?.stream ?? null;
  }

  /** The stream that is heard, as far as is known, even if it was sent completely. */
  get heard(): SentStream | null {
    return this.#row[0] ?? null;
  }

  /** Whether no stream follows another one that is not over. */
  isLast(stream: number): boolean {
    return this.#row.at(-1)?.stream === stream;
  }

  /**
   * Notes that a stream is heard, so that those before it are over.
   *
   * @throws {OndacastError} `stale`, if it is over itself.
   */
  hear(stream: number): SentStream {
    const at = this.#row.findIndex((it) => it.stream === stream);
    if (at < 0) throw isOver("accept the state of", stream);
    this.#row.splice(0, at);
    return this.#row[0];
  }

  /**
   * Begins a stream. The song is closed when it is over.
   *
   * @param lined Called after its `start`, before its data; the streams before it
   * may be heard for a while.
   */
  start(
    song: OpenSong,
    from: StreamFrom,
    cause: StartCause,
    lined?: (stream: number) => void,
  ): SentStream {
    this.#end();
    const { entry } = song;
    if (entry.format === null) {
      throw new TypeError(`Cannot stream ${entry.name}: expected a format`);
    }
    const stream = ++this.#latest;
    const range = streamRange(song, entry.format, from);
    const sent: SentStream = {
      stream,
      song: entry.name,
      fromSeconds: range.fromSeconds,
      lengthSeconds: entry.format.dataBytes === null
        ? Infinity
        : bytesToSeconds(entry.format, entry.format.dataBytes),
    };
    const { follows = lined ? Infinity : 0 } = cause;
    this.#row = this.#row.filter((it) => it.stream <= follows)
      .slice(-MOST_KEPT);
    this.#row.push(sent);
    this.#listener.channel.send({
      type: "start",
      stream,
      song: entry.name,
      etag: entry.bytes === null ? null : entry.etag,
      offset: range.offset,
      bytes: entry.bytes === null ? null : range.bytes,
      format: entry.format,
      from: range.fromSeconds,
      ...(song.live && from.isWhole && { edge: song.live.edge }),
      ...(entry.sha256 && { sha256: entry.sha256 }),
      ...cause,
    });
    lined?.(stream);
    const running: SongStream = {
      owner: this,
      stream,
      song,
      offset: range.offset,
      bytes: range.bytes,
      framer: this.#listener.hub.framer,
      credit: this.#listener.credit,
      channel: this.#listener.channel,
      line: this.#lineOf(stream, song, from, cause),
      isOver: false,
    };
    this.#running = running;
    this.#listener.hub.counters.streams.started++;
    if (song.live) sendLive(running, song.live);
    else sendSong(running);
    return sent;
  }

  /** What a group plays has the group's line, or none; a server keeps its own. */
  #lineOf(
    stream: number,
    { live }: OpenSong,
    { isWhole }: StreamFrom,
    { group }: StartCause,
  ): LoneLine | undefined {
    const { channel, hub } = this.#listener;
    const isLone = live && !isWhole && group === undefined;
    if (!isLone || !hasFeature(this.#listener, "live")) return undefined;
    return new LoneLine(channel, stream, () => hub.clockUs);
  }

  /**
   * Stops the stream that is being sent.
   *
   * @param wanted Its number; by default the current stream's.
   * @throws {OndacastError} `stale`, if it is not the current stream.
   */
  stop(reason: string, wanted?: number): Answer<"stop"> {
    const stream = this.#running?.stream;
    if (stream === undefined || (wanted ?? stream) !== stream) {
      throw isOver("stop", wanted);
    }
    this.forget(stream);
    return { stream, reason };
  }

  /** Has a stream thrown away, and all after it. */
  drop(stream: number, reason: string): void {
    this.#listener.channel.send({ type: "stopped", stream, reason });
    this.forget(stream);
  }

  /** Ends the stream without a message, because the connection has ended. */
  abandon(): void {
    this.#end();
  }

  /** Forgets a stream, and all after it. */
  forget(stream: number): void {
    if ((this.#running?.stream ?? 0) >= stream) this.#end();
    this.#row = this.#row.filter((it) => it.stream < stream);
    if (this.#row.length === 0) this.#listener.streamStopped();
  }

  #end(): void {
    if (this.#running !== null) {
      this.#listener.hub.counters.streams.stopped++;
      this.#running.isOver = true;
      this.#running.song.abandon();
    }
    this.#running = null;
    this.#listener.credit.wake();
  }

  ending(running: SongStream): void {
    if (this.#running !== running) return;
    this.#running = null;
    this.#listener.hub.counters.streams.ended++;
    this.#ended = running.stream;
  }

  over(running: SongStream, failure?: unknown): void {
    if (failure !== undefined) this.#failed(running, failure);
    running.song.close();
    if (this.#ended !== running.stream) return;
    this.#ended = null;
    this.#listener.streamSent(running.stream);
  }

  behind(running: SongStream): boolean {
    return this.#running === running &&
      this.#listener.streamBehind(running.stream);
  }

  #failed(running: SongStream, thrown: unknown): void {
    if (this.#running !== running) return;
    this.#running = null;
    this.#listener.hub.counters.streams.stopped++;
    const { code, message } = toOndacastError(thrown);
    this.#listener.channel.send({
      type: "stopped",
      stream: running.stream,
      reason: message,
      code,
    });
    this.#listener.hub.counters.countError(code);
    this.forget(running.stream);
    this.#listener.streamFailed(running.stream, thrown);
  }
}

function isOver(act: string, stream: number | undefined): OndacastError {
  const what = stream === undefined ? "a stream" : `stream ${stream}`;
  return new OndacastError("stale", `Cannot ${act} ${what}: it is over`);
}
