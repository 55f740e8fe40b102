/**
 * The interface of a player that takes a song's PCM in place of its pump.
 *
 * @module
 */

import type { ToServer } from "../wire/messages.ts";

/** Another player of a song. */
export interface Borrower {
  /** The player program. */
  readonly label: string;
  /** Whether the song stands still. */
  readonly paused: boolean;
  /** The byte of the song's PCM that is heard. */
  heardByte(): number;
  /** How long what was taken but not heard yet lasts, in milliseconds. */
  unheardMs(): number;
  /** How exactly it follows the line of its group. */
  step(): NonNullable<ToServer<"state">["step"]>;
}
