/**
 * Sends one stream of a live song to one client: what has come since, as far as
 * its credit goes. It is what {@link ./send_song.ts} is for songs that are there
 * as a whole.
 *
 * @module
 */

import { sampleFrameBytes } from "../audio/format.ts";
import type {
  InvalidationListener,
  LiveFeed,
  LiveListener,
} from "../ports/server.ts";
import { encodeFrame, FRAME_TYPE } from "../wire/frame.ts";
import { lastWords, type SongStream } from "./send_song.ts";

/** The most payload of one frame. */
const MOST_BYTES = 256 * 1024;

/** Sends the stream, then `end` and the empty frame, unless it is stopped. */
export function sendLive(stream: SongStream, live: LiveFeed): void {
  new LiveSending(stream, live).grown();
}

class LiveSending implements InvalidationListener, LiveListener {
  readonly #stream: SongStream;
  readonly #live: LiveFeed;
  #position: number;
  /** Bytes that were left out since it began. */
  #skippedBytes = 0;
  /** `writing`: it goes on when that is done. */
  #state: "waiting" | "writing" | "over" = "waiting";

  constructor(stream: SongStream, live: LiveFeed) {
    this.#stream = stream;
    this.#live = live;
    this.#position = stream.offset;
    stream.song.gone.add(this);
    live.add(this);
  }

  grown(): void {
    if (this.#state === "waiting") this.#goOn();
  }

  invalidated(): void {
    this.grown();
  }

  readonly #wake = (): void => this.grown();

  #goOn(): void {
    const { song, credit } = this.#stream;
    try {
      if (this.#stream.isOver) return this.#finish();
      song.gone.throwIfInvalid();
      if (this.#position < this.#live.oldestOffset) this.#skip();
      if (this.#stream.isOver) return this.#finish();
      const there = this.#live.edge - this.#position;
      if (there <= 0 && this.#live.isComplete) return this.#sendLast();
      const bytes = Math.min(there, credit.bytes, MOST_BYTES);
      if (bytes > 0) this.#send(bytes);
      else if (credit.bytes === 0) credit.whenSome(this.#wake);
    } catch (thrown) {
      this.#state = "over";
      // The owner must not be called before `sendLive()` has returned.
      queueMicrotask(() => this.#finish(thrown));
    }
  }

  #send(bytes: number): void {
    const { credit, channel } = this.#stream;
    const end = this.#position + bytes;
    const pcm = this.#live.slice(this.#position, end);
    const frame = encodeFrame(FRAME_TYPE.data, pcm);
    this.#line();
    credit.spend(bytes);
    this.#position = end;
    this.#state = "writing";
    channel.sendFrames(frame).then(() => {
      this.#state = "waiting";
      this.#goOn();
    }, (failure) => this.#finish(failure));
  }

  /** Goes on near the edge, at the same place within a sample frame. */
  #skip(): void {
    if (this.#stream.owner.behind?.(this.#stream)) return;
    const frameBytes = sampleFrameBytes(this.#stream.song.entry.format!);
    const skipped = this.#live.joinOffset - this.#position;
    const bytes = skipped - skipped % frameBytes;
    this.#position += bytes;
    this.#skippedBytes += bytes;
  }

  /** Tells a client that plays alone when the next sample frame sounds. */
  #line(): void {
    const { line, offset, song } = this.#stream;
    if (!line) return;
    const format = song.entry.format!;
    const { dataOffset, rate } = format;
    const frameBytes = sampleFrameBytes(format);
    const songFrame = Math.ceil(
      Math.max(0, this.#position - dataOffset) / frameBytes,
    );
    const first = (Math.max(offset, dataOffset) - dataOffset) / frameBytes;
    const frame = songFrame - first - this.#skippedBytes / frameBytes;
    line.note(this.#live, rate, { frame, songFrame });
  }

  #sendLast(): void {
    const { owner, channel } = this.#stream;
    const last = lastWords(this.#stream);
    owner.ending(this.#stream);
    this.#state = "over";
    channel.sendFrames(last)
      .then(() => this.#finish(), (failure) => this.#finish(failure));
  }

  #finish(failure?: unknown): void {
    this.#state = "over";
    this.#stream.song.gone.delete(this);
    this.#live.delete(this);
    this.#stream.owner.over(this.#stream, failure);
  }
}
