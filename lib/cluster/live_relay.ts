/**
 * A live song of another server while it is heard here: comes once, whoever listens,
 * and is kept as an own one is, by the numbers of its sample frames there.
 *
 * @module
 */

import { sameLayout, sampleFrameBytes } from "../audio/format.ts";
import { OndacastError, toOndacastError } from "../errors.ts";
import { passedSong } from "../model/passed_song.ts";
import type { Clock } from "../ports/common.ts";
import type { OpenSong } from "../ports/server.ts";
import type { SongEntry } from "../ports/song_entry.ts";
import { LiveSong } from "../server/live/live_song.ts";
import type { ToClient } from "../wire/messages.ts";

/** It goes on for this long without a listener: the next one may be about to come. */
const LINGER_MS = 5_000;
/** A server that is lost for longer has no live song any more. */
const AWAY_MS = 10_000;
/** Between two attempts to reach it. */
const AGAIN_MS = 250;
/** Why a connection is over that may be made again. */
const LOST: ReadonlySet<string> = new Set([
  ...["lost", "unreachable", "timeout", "interrupted", "busy"],
]);
/** How long it may take until the song can be heard. */
const BEGIN_MS = 5_000;

type Start = ToClient<"start">;

/** Notified of what comes of a live song. */
export interface RelayListener {
  begun(start: Start): void;
  data(piece: Uint8Array): void;
}

export interface LiveRelayWorld {
  readonly clock: Clock;
  /**
   * Follows the song at its server from the oldest that is kept there.
   *
   * @returns Resolves at its end.
   * @throws {OndacastError} `lost`, if it may go on; else why it does not.
   */
  follow(listener: RelayListener, signal: AbortSignal): Promise<void>;
  /** It is over here. */
  over(): void;
}

export class LiveRelay implements RelayListener {
  readonly #entry: SongEntry;
  readonly #world: LiveRelayWorld;
  readonly #over = new AbortController();
  readonly #ready = Promise.withResolvers<LiveSong>();
  #song: LiveSong | null = null;
  /** Bytes that come before those that are wanted. */
  #unwantedBytes = 0;
  /** Bytes of PCM of all that was kept. */
  #keptBytes = 0;
  #handles = 0;
  #isListed = true;
  #heardMs: number;

  /** @param entry As it is listed. */
  constructor(entry: SongEntry, world: LiveRelayWorld) {
    this.#entry = entry;
    this.#world = world;
    this.#heardMs = world.clock.now();
    this.#ready.promise.catch(() => {});
    this.#run();
    this.#beginOrFail();
  }

  /** @throws {OndacastError} `not-found`, `lost`, `busy`. */
  async open(): Promise<OpenSong> {
    this.#handles++;
    let isOpen = true;
    const close = () => {
      if (!isOpen) return;
      isOpen = false;
      this.#handles--;
      this.#linger();
    };
    try {
      const song = await this.#ready.promise;
      return passedSong(song.open(), { entry: this.#entry, close });
    } catch (error) {
      close();
      throw error;
    }
  }

  begun({ format, offset, edge = offset }: Start): void {
    const { dataOffset } = format;
    if (!sameLayout(format, this.#entry.format!)) {
      throw new OndacastError(
        "changed",
        `Cannot hear ${this.#entry.name}: its format is not the one that was listed`,
      );
    }
    const frame = (offset - dataOffset) / sampleFrameBytes(format);
    const fromFrame = Math.max(0, Math.ceil(frame));
    this.#song ??= this.#newSong(fromFrame);
    this.#song.skipTo(fromFrame);
    // The head, and what has come before the connection broke.
    this.#unwantedBytes = this.#pcmBytes + dataOffset - offset;
    this.#keptBytes = edge - dataOffset;
    this.#look();
  }

  data(piece: Uint8Array): void {
    const pcm = piece.subarray(this.#unwantedBytes);
    this.#unwantedBytes -= piece.length - pcm.length;
    const nowMs = this.#heardMs = this.#world.clock.now();
    if (pcm.length > 0) this.#song!.append(pcm, nowMs * 1000);
    this.#look();
  }

  /** Nothing more comes. */
  close(error: OndacastError): void {
    if (this.#over.signal.aborted) return;
    this.#over.abort();
    this.#ready.reject(error);
    this.#song?.fail(error);
    this.#world.over();
  }

  /** Its server is gone, or has ended it: it does not come back. */
  unlisted(): void {
    this.#isListed = false;
  }

  /** Bytes of PCM from the song's beginning on. */
  get #pcmBytes(): number {
    const { edge, entry } = this.#song!;
    return edge - entry.format!.dataOffset;
  }

  #newSong(fromFrame: number): LiveSong {
    const { name, place, format } = this.#entry;
    const { dataOffset: _, dataBytes: __, ...pcm } = format!;
    return new LiveSong(name, pcm, { place, fromFrame });
  }

  /** It can be opened once all that was kept has come. */
  #look(): void {
    if (this.#pcmBytes >= this.#keptBytes) this.#ready.resolve(this.#song!);
  }

  async #run(): Promise<void> {
    const { clock, follow, over } = this.#world;
    const { signal } = this.#over;
    while (!signal.aborted) {
      try {
        await follow(this, signal);
        if (signal.aborted) return;
        this.#over.abort();
        this.#ready.reject(isOver(this.#entry));
        this.#song?.end();
        return over();
      } catch (thrown) {
        const error = toOndacastError(thrown, "lost");
        if (!LOST.has(error.code)) return this.close(error);
        const silentMs = clock.now() - this.#heardMs;
        if (!this.#isListed || silentMs > AWAY_MS) {
          return this.close(lost(this.#entry, error));
        }
        await clock.sleep(AGAIN_MS, signal);
      }
    }
  }

  async #beginOrFail(): Promise<void> {
    const { clock } = this.#world;
    const begun = new AbortController();
    this.#ready.promise.then(() => begun.abort(), () => begun.abort());
    await clock.sleep(BEGIN_MS, begun.signal);
    if (!begun.signal.aborted) this.close(lost(this.#entry));
  }

  async #linger(): Promise<void> {
    if (this.#handles > 0) return;
    await this.#world.clock.sleep(LINGER_MS, this.#over.signal);
    if (this.#handles === 0) this.close(isOver(this.#entry));
  }
}

function lost({ name }: SongEntry, cause?: OndacastError): OndacastError {
  return new OndacastError(
    "lost",
    `Cannot hear ${name}: its server cannot be reached`,
    { cause },
  );
}

function isOver({ name }: SongEntry): OndacastError {
  return new OndacastError("not-found", `${name} is over`);
}
