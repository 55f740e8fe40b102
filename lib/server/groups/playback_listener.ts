/**
 * Notified of a group's playback, which asks it about the devices.
 *
 * @module
 */

export type PlayState = "playing" | "paused" | "stopped";

export interface PlaybackListener {
  /** How long before it sounds each device needs its PCM; null: one plays alone. */
  leadsUs(): number[] | null;
  /** Those of devices whose players have been open for a while. */
  warmLeadsUs(): number[];
  /** Whether all devices play streams in a row. */
  playsRows(): boolean;
  /** The time up to which takes are over: a device alone may be late. */
  soundedUs(nowUs: number): number;
  /** Other takes or another line are due. */
  due(): void;
  /** Another entry plays, or another state. */
  stepped(): void;
  /** All of the queue was heard. */
  ended(): void;
}
