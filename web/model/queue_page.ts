/**
 * What the page knows of a queue.
 *
 * @module
 */

import type { EntryRow } from "../../lib/client/group_list.ts";

export interface QueuePage {
  /**
   * Entries in playing order: from the first one, or, of a queue whose playing
   * entry lies beyond the first page, from that one.
   */
  entries: readonly EntryRow[];
  playing: number | null;
  revision: number;
  /** Whether more follow; see `GroupQueue.more()`. */
  hasMore: boolean;
  /** All entries, those that are not here included. */
  total: number;
}

/** Whether the playing entry lies beyond a page. */
export function isFar({ entries, playing, hasMore }: QueuePage): boolean {
  return hasMore && playing !== null &&
    !entries.some(({ entry }) => entry === playing);
}
