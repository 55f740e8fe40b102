/**
 * What a server keeps about a song folder from run to run.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";

/** Persistent data about a song folder. */
export interface FolderData {
  readonly db: DatabaseSync;
  /** Whether no other server is known to use the folder. */
  readonly isAlone: boolean;
  /** Where files can be kept; null or absent: nowhere for long. */
  readonly path?: string | null;
}

/** Data that is gone when the program ends. */
export function openInMemory(): Promise<FolderData> {
  return Promise.resolve({ db: new DatabaseSync(":memory:"), isAlone: true });
}
