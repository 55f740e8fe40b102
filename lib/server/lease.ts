/**
 * Leases: bytes to send that are somebody else's memory, until they are
 * released.
 *
 * @module
 */

/** What to send, lent until {@linkcode Lease.release}. */
export interface Lease {
  readonly bytes: Uint8Array;
  /** To be called once, when the bytes are written. */
  release(): void;
}

/** Whole data frames, one or more. */
export interface FramesLease extends Lease {
  /** The bytes of the song in them. */
  readonly payloadBytes: number;
}
