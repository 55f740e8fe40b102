/**
 * A client's entry in the list of who is online: whether it receives, and
 * what it plays.
 *
 * @module
 */

import { type Presence, type Present, resting } from "../model/presence.ts";
import type { Clock } from "../ports/common.ts";
import type { Activity } from "../wire/messages.ts";
import type { Receiver } from "./groups/receiver.ts";
import type { StreamSender } from "./stream_sender.ts";

/** Keeps what others see of one client up to date. */
export class PresenceEntry {
  /** The client, as it stands in the list. */
  readonly client: Present<Receiver>;
  readonly #hub: {
    readonly presence: Presence<Receiver>;
    readonly clock: Clock;
  };
  readonly #outgoing: StreamSender;

  constructor(
    client: Present<Receiver>,
    hub: { readonly presence: Presence<Receiver>; readonly clock: Clock },
    outgoing: StreamSender,
  ) {
    this.client = client;
    this.#hub = hub;
    this.#outgoing = outgoing;
  }

  /**
   * The stream that the client hears, which may have been sent completely;
   * null: it plays nothing.
   */
  get heardStream(): number | null {
    const { doing } = this.client.activity;
    const hears = doing === "playing" || doing === "paused";
    return hears ? this.#outgoing.heard?.stream ?? null : null;
  }

  /** Sets whether it receives. What plays goes on. */
  setReceiving(receiving: boolean): void {
    const { presence, clock } = this.#hub;
    const { activity } = this.client;
    const rests = this.heardStream === null;
    presence.update(this.client, {
      receiving,
      ...(rests && { activity: { ...activity, ...resting(receiving) } }),
    }, clock.now());
  }

  setActivity(activity: Activity): void {
    const { presence, clock } = this.#hub;
    presence.update(this.client, {
      activity,
      endsAtSeconds: this.#outgoing.heard?.lengthSeconds,
    }, clock.now());
  }

  /** It begins to play a song, at the volume of the one before. */
  setPlaying(song: string, position: number): void {
    const { volume } = this.client.activity;
    this.setActivity({
      doing: "playing",
      song,
      position,
      ...(volume !== undefined && { volume }),
    });
  }

  /** It plays nothing; `problem` is the reason that it gave, if any. */
  setResting({ problem, volume }: { problem?: string; volume?: number }): void {
    const { receiving, activity } = this.client;
    this.setActivity({
      ...resting(receiving, volume ?? activity.volume),
      ...(problem && { problem }),
    });
  }

  /** Its volume was set while it plays nothing, and so reports no state. */
  setRestingVolume(volume: number): void {
    this.setResting({ problem: this.client.activity.problem, volume });
  }
}
