/**
 * What a person at a receiving device asks for, sent to the queue of its group,
 * so that the others of the group do it as well.
 *
 * @module
 */

import { toOndacastError } from "../errors.ts";
import { hasFeature } from "../wire/features.ts";
import type { AnswerTo, ToServer } from "../wire/messages.ts";
import type { ClientSession } from "./client_session.ts";
import { isPassing, type Link } from "./link.ts";
import type { Playback } from "./playback.ts";
import type { PlaybackState } from "./playback_state.ts";

/** What is to be played: selections, and where to begin. */
export type OwnChoice = Omit<ToServer<"queue">, "type" | "id" | "to">;

/** The group of one device. */
export class OwnGroup {
  readonly #link: Link;
  readonly #failed: (error: unknown) => void;
  /** The entry that was skipped while the server was away; null: none. */
  #skipped: number | null = null;

  /** @param failed Called with a refusal. */
  constructor(link: Link, failed: (error: unknown) => void) {
    this.#link = link;
    this.#failed = failed;
    link.listen({
      opened: ({ welcome }) => {
        // The lost connection is handled by its session's owner.
        welcome.then(() => this.#skipAgain(), () => {});
      },
    });
  }

  /** Whether the server has queues. */
  get exists(): boolean {
    return this.#session !== null;
  }

  /**
   * Queues songs on this device and those in its group.
   *
   * @returns Null from a server without queues.
   * @throws {PeerError} The server's refusal.
   */
  async play(choice: OwnChoice): Promise<AnswerTo<"queue"> | null> {
    const session = this.#session;
    if (session === null) return null;
    const { key } = session.greeting!;
    return await session.request({ type: "queue", to: key, ...choice });
  }

  /** Asks for an action; a refusal is reported. @returns False as above. */
  control(
    action: ToServer<"control">["action"],
    options: Partial<ToServer<"control">> = {},
  ): boolean {
    const session = this.#session;
    if (session === null) return false;
    const to = [session.greeting!.key];
    session.request({ type: "control", ...options, to, action })
      .catch(this.#failed);
    return true;
  }

  /**
   * Skips an entry, as soon as the server is back if it is away.
   *
   * @returns Whether a server was asked.
   */
  skip(entry: number | undefined): boolean {
    const session = this.#session;
    if (session === null) {
      this.#skipped = entry ?? null;
      return false;
    }
    const to = [session.greeting!.key];
    session.request({ type: "control", to, action: "next", entry })
      .catch((thrown) => {
        const error = toOndacastError(thrown);
        if (isPassing(error)) this.#skipped = entry ?? null;
        // One that does not play any more is skipped.
        else if (error.code !== "stale") this.#failed(error);
      });
    return true;
  }

  /** Otherwise the song would be heard again. */
  #skipAgain(): void {
    const entry = this.#skipped;
    this.#skipped = null;
    if (entry !== null) this.skip(entry);
  }

  get #session(): ClientSession | null {
    const { current } = this.#link;
    const { greeting } = current ?? {};
    return greeting && hasFeature(greeting, "groups") ? current : null;
  }
}

/** The entry of a queue that a stream brings. */
export interface QueuedEntry {
  /** The id of the group. */
  group: string;
  /** Undefined: the server does not tell. */
  entry: number | undefined;
  /** The key of the client that chose it. */
  by: string | undefined;
}

/**
 * The controls of a song that a queue plays. Without a server they act on this
 * device.
 */
export class QueuedSong {
  readonly #group: OwnGroup;
  readonly #playback: Playback;
  /** Sent along, so that a late key skips no other. */
  readonly #entry: number | undefined;
  /** The key of the client that chose it. */
  readonly by: string | undefined;

  constructor(group: OwnGroup, playback: Playback, queued: QueuedEntry) {
    this.#group = group;
    this.#playback = playback;
    this.#entry = queued.entry;
    this.by = queued.by;
  }

  get state(): PlaybackState | null {
    return this.#playback.state;
  }

  pause(): void {
    if (!this.#group.control("pause")) this.#playback.pause();
  }

  resume(): void {
    if (!this.#group.control("resume")) this.#playback.resume();
  }

  /** @returns False for a live stream. */
  seek(seconds: number): boolean {
    if (this.state?.lengthSeconds === null) return false;
    const value = Math.max(0, seconds);
    const isAsked = this.#group.control("seek", { value, entry: this.#entry });
    return isAsked || this.#playback.seek(value);
  }

  /** Goes on with the next song. */
  skip(): void {
    if (!this.#group.skip(this.#entry)) this.#playback.skip();
  }

  /** Plays the song from its start, or the one before it. */
  previous(): void {
    this.#group.control("previous", { entry: this.#entry });
  }

  /** Plays it once more from a place, though its queue may have ended with it. */
  again(seconds: number, paused: boolean): void {
    if (!this.#group.control("jump", { value: this.#entry })) return;
    this.#group.control("seek", { value: seconds });
    if (paused) this.#group.control("pause");
  }

  /** 0 to 100, of this device alone. */
  get volume(): number {
    return this.#playback.volume;
  }

  set volume(percent: number) {
    this.#playback.volume = percent;
  }
}
