/**
 * What servers that are one need of the system that carries their records: beats,
 * which may be lost, and a table of records that outlives them.
 *
 * @module
 */

/** Notified of the records of all servers, those of this one included. */
export interface RecordListener {
  /** All records that there are follow, also those that are known. */
  begin(): void;
  /** A record was put; null: it was deleted. Revisions rise over all records. */
  record(key: string, value: Uint8Array | null, revision: number): void;
  /** All records that there were have come. */
  complete(): void;
}

export interface Bus {
  /** Sends a beat to all servers, this one included. */
  beat(payload: Uint8Array): void;
  /** Calls `heard` with each server's name and beat. */
  hear(heard: (from: string, payload: Uint8Array) => void): void;
  /**
   * Puts a record, or deletes it.
   *
   * @param key `kind.server.id`.
   * @returns Its revision; 0 of one that was deleted.
   * @throws If the table cannot be written now.
   */
  put(key: string, value: Uint8Array | null): Promise<number>;
  /** Follows all records, for as long as the bus is open. */
  watch(listener: RecordListener): void;
  /** Whether records can be written, so that silence means something. */
  isWritable(): Promise<boolean>;
  close(): Promise<void>;
}
