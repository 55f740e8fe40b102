/**
 * What others see of one client: whether it receives, and what it plays.
 *
 * @module
 */

import { resting } from "../model/presence.ts";
import type { Activity } from "../wire/messages.ts";
import type { Session } from "./session.ts";

/** One client, as others see it. */
export class Showing {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * The stream that the client hears, also where all of it was sent already;
   * null: it plays nothing.
   */
  get heardStream(): number | null {
    const { welcomed, outgoing } = this.#session;
    const { doing } = welcomed.activity;
    const hears = doing === "playing" || doing === "paused";
    return hears ? outgoing.latest?.stream ?? null : null;
  }

  /** From now on it receives, or no longer does; what plays goes on. */
  receives(on: boolean): void {
    const { hub, welcomed } = this.#session;
    const { activity } = welcomed;
    const rests = this.heardStream === null;
    hub.presence.update(welcomed, {
      receiving: on,
      ...(rests && { activity: { ...activity, ...resting(on) } }),
    }, hub.clock.now());
  }

  /** It does something else now. */
  does(activity: Activity): void {
    const { hub, welcomed, outgoing } = this.#session;
    hub.presence.update(welcomed, {
      activity,
      endsAtSeconds: outgoing.latest?.lengthSeconds,
    }, hub.clock.now());
  }

  /** It plays a song from now on, as loud as what it played before. */
  begins(song: string, position: number): void {
    const { volume } = this.#session.welcomed.activity;
    this.does({
      doing: "playing",
      song,
      position,
      ...(volume !== undefined && { volume }),
    });
  }

  /** It plays nothing, and why, where it has said so. */
  rests({ problem, volume }: { problem?: string; volume?: number }): void {
    const { receiving, activity } = this.#session.welcomed;
    this.does({
      ...resting(receiving, volume ?? activity.volume),
      ...(problem && { problem }),
    });
  }

  /** It was told a volume while it plays nothing, when it has no state to tell. */
  takesVolume(volume: number): void {
    const { problem } = this.#session.welcomed.activity;
    this.rests({ problem, volume });
  }
}
