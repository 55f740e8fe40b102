/**
 * What a queue consists of.
 *
 * @module
 */

/** A song in a queue. It is named, so that its content may change meanwhile. */
export interface QueueEntry {
  /** Unique in its queue for ever, and rising from 1. */
  readonly entry: number;
  readonly song: string;
  /** Why it cannot be played; it is passed over then. */
  readonly problem?: string;
}
