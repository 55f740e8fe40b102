/**
 * The live songs of a server: at most 64, each of one sender, which may lose its
 * connection for a while.
 *
 * @module
 */

import { type PcmFormat, sameLayout } from "../../audio/format.ts";
import { OndacastError } from "../../errors.ts";
import { Catalog } from "../../model/catalog.ts";
import { Playlists } from "../../model/playlists.ts";
import { withoutEnding } from "../../model/song_name.ts";
import { SongQueries } from "../../model/song_queries.ts";
import type { Clock } from "../../ports/common.ts";
import type { SongEntry } from "../../ports/song_entry.ts";
import type { OpenSong, Turns } from "../../ports/server.ts";
import { LiveSong } from "./live_song.ts";

/** The folder of live songs, as far as names go. */
export const LIVE_FOLDER = "live/";
/** The most live songs at once. */
export const MOST_LIVE = 64;
/** A sender may come back for this long. */
export const AWAY_MS = 10_000;
/** How often grants and silence are due. */
const TICK_MS = 50;
/** How often it is seen whether a sender is back after the server's start. */
const LOOK_MS = 250;

/** A live song that can be heard here. */
export interface Live {
  readonly entry: SongEntry;
  open(): OpenSong | Promise<OpenSong>;
}

/** A live song and its sender. */
interface Broadcast {
  readonly song: LiveSong;
  /** Names the sender's device. */
  readonly key: string;
  /** Who sends now; null: it is away. */
  sender: LiveSender | null;
  /** Since when it is away, and up to when silence has taken its place. */
  awaySinceMs: number;
  silentToMs: number;
}

/** A sender that is connected. */
export interface LiveSender {
  /** Called each 50 ms. */
  tick(nowMs: number): void;
}

/** The place of a sender in its song. */
export interface LivePlace {
  readonly song: LiveSong;
  /** The sender ends the song. */
  end(): void;
  /** The sender has lost its connection. */
  leave(): void;
}

export class LiveSongs {
  readonly #clock: Clock;
  /** Senders that the server knew before its start may come back until then. */
  readonly #awaitedToMs: number;
  readonly #broadcasts = new Map<string, Broadcast>();
  /** Finds them as other songs are found. */
  readonly catalog = new Catalog<SongEntry>();
  readonly library: SongQueries<SongEntry>;
  /** The name of this server, where several are one. */
  place: string | undefined;
  /** By the names that reach them, one of which is that of their entry. */
  readonly #elsewhere = new Map<string, Live>();
  readonly #listeners: ((name: string) => void)[] = [];
  #isTicking = false;

  constructor(clock: Clock, turns: Turns) {
    this.#clock = clock;
    this.#awaitedToMs = clock.now() + AWAY_MS;
    const playlists = new Playlists(new Map());
    this.library = new SongQueries(
      () => ({ catalog: this.catalog, playlists }),
      turns,
    );
  }

  /** One whose sender is connected to this server. */
  get(name: string): LiveSong | undefined {
    return this.#broadcasts.get(name)?.song;
  }

  /** One of any server, by a name that reaches it from here. */
  named(name: string): Live | undefined {
    return this.get(name) ?? this.#elsewhere.get(name);
  }

  /**
   * The song of a sender that may have lost its connection by a restart of the
   * server; undefined, as soon as it is too late for that.
   */
  async awaited(name: string): Promise<SongEntry | undefined> {
    if (!name.startsWith(LIVE_FOLDER)) return undefined;
    while (!this.named(name) && this.#clock.now() < this.#awaitedToMs) {
      await this.#clock.sleep(LOOK_MS);
    }
    return this.named(name)?.entry;
  }

  /** Whether a file of a name, with or without its ending, may mean one. */
  isTaken(name: string): boolean {
    try {
      const { catalog } = this;
      return [name, withoutEnding(name)].some((it) => catalog.find(it));
    } catch {
      return true; // Several have it.
    }
  }

  /** Adds a function that is called when an own song has begun or ended. */
  listen(changed: (name: string) => void): void {
    this.#listeners.push(changed);
  }

  /** A name reaches a song of another server from now on, unless an own one has it. */
  show(name: string, live: Live): void {
    this.#elsewhere.set(name, live);
    this.#list(name);
  }

  hide(name: string): void {
    this.#elsewhere.delete(name);
    this.#list(name);
  }

  #list(name: string): void {
    const entry = this.named(name)?.entry;
    if (entry?.name === name) this.catalog.put(entry);
    else this.catalog.delete(name);
  }

  /** Whether a device that sends a song goes on with it. */
  continues(name: string, format: PcmFormat, key: string): boolean {
    const before = this.#broadcasts.get(name);
    return before?.key === key && isSame(before.song.entry.format!, format);
  }

  /**
   * Begins a song, or goes on with one of the same device and format.
   *
   * @param key Names the sender's device.
   * @throws {OndacastError} `exists`, `too-large`, `unsupported`.
   */
  begin(
    name: string,
    format: PcmFormat,
    key: string,
    sender: LiveSender,
  ): LivePlace {
    const [twin = name] = this.catalog.twins(name);
    const before = this.#broadcasts.get(twin);
    if (before && before.key !== key) {
      throw new OndacastError(
        "exists",
        `Cannot send ${name}: another client sends a song of that name`,
      );
    }
    if (before && this.continues(name, format, key)) {
      this.#fillSilence(before, this.#clock.now());
      // Also of a connection that is lost, which nobody has noticed yet.
      before.song.completeFrame();
      before.sender = sender;
      return this.#place(before, sender);
    }
    if (before) this.#drop(before, replaced(name));
    if (this.#broadcasts.size >= MOST_LIVE) {
      throw new OndacastError(
        "too-large",
        `Cannot send ${name}: ${MOST_LIVE} songs are live already`,
      );
    }
    const song = new LiveSong(name, format, { place: this.place });
    const broadcast: Broadcast = {
      ...{ song, key, sender, awaySinceMs: Infinity, silentToMs: Infinity },
    };
    this.#broadcasts.set(name, broadcast);
    this.#changed(name);
    this.#tick();
    return this.#place(broadcast, sender);
  }

  #place(broadcast: Broadcast, sender: LiveSender): LivePlace {
    return {
      song: broadcast.song,
      end: () => {
        if (broadcast.sender !== sender) return;
        this.#forget(broadcast);
        broadcast.song.end();
      },
      leave: () => {
        if (broadcast.sender !== sender) return;
        broadcast.sender = null;
        broadcast.awaySinceMs = broadcast.silentToMs = this.#clock.now();
      },
    };
  }

  /** Runs while there are live songs: one timer for all of them. */
  async #tick(): Promise<void> {
    if (this.#isTicking) return;
    this.#isTicking = true;
    while (this.#broadcasts.size > 0) {
      await this.#clock.sleep(TICK_MS);
      const nowMs = this.#clock.now();
      for (const broadcast of this.#broadcasts.values()) {
        if (broadcast.sender) broadcast.sender.tick(nowMs);
        else if (nowMs - broadcast.awaySinceMs < AWAY_MS) {
          this.#fillSilence(broadcast, nowMs);
        } else this.#drop(broadcast, vanished(broadcast.song.entry.name));
      }
    }
    this.#isTicking = false;
  }

  #fillSilence(broadcast: Broadcast, nowMs: number): void {
    if (broadcast.sender) return;
    const { rate } = broadcast.song.entry.format!;
    const frames = Math.round((nowMs - broadcast.silentToMs) / 1000 * rate);
    if (frames <= 0) return;
    broadcast.silentToMs += frames / rate * 1000;
    broadcast.song.appendSilence(frames / rate);
  }

  #drop(broadcast: Broadcast, error: OndacastError): void {
    this.#forget(broadcast);
    broadcast.song.fail(error);
  }

  #forget({ song: { entry: { name } } }: Broadcast): void {
    this.#broadcasts.delete(name);
    this.#changed(name);
  }

  #changed(name: string): void {
    this.#list(name);
    for (const listener of this.#listeners) listener(name);
  }
}

function isSame(a: PcmFormat, b: PcmFormat): boolean {
  return sameLayout(a, b) && a.validBits === b.validBits;
}

function vanished(name: string): OndacastError {
  return new OndacastError("not-found", `${name} has lost its sender`);
}

function replaced(name: string): OndacastError {
  return new OndacastError("not-found", `${name} was begun anew`);
}
