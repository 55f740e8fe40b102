/**
 * What servers that are one need of the system that carries their records: beats,
 * which may be lost, and tables of records that outlive them.
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

/** A value of a {@linkcode Table}. */
export interface TableEntry {
  /** Null: there is none. */
  value: Uint8Array | null;
  /** Of a key that never had a value: 0. */
  revision: number;
}

/** Values that servers share and change by compare-and-set. All methods throw if it is away. */
export interface Table {
  get(key: string): Promise<TableEntry>;
  put(key: string, value: Uint8Array): Promise<void>;
  /**
   * Puts a value, or deletes it, if the present one has this revision.
   *
   * @returns Its revision, 0 of one that was deleted; null: another one was put
   * meanwhile.
   */
  swap(
    key: string,
    value: Uint8Array | null,
    revision: number,
  ): Promise<number | null>;
  drop(key: string): Promise<void>;
  /** The keys with values that begin with `prefix` and a dot. */
  keys(prefix: string): Promise<string[]>;
}

export interface Bus {
  /** The queues of all servers. */
  readonly queues: Table;
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
  /** Puts a record, as {@linkcode Table.swap} does. @throws As {@linkcode put}. */
  swap(
    key: string,
    value: Uint8Array,
    revision: number,
  ): Promise<number | null>;
  /** Follows all records, for as long as the bus is open. */
  watch(listener: RecordListener): void;
  /** Whether records could be written a moment ago. */
  readonly hasRecords: boolean;
  /** Whether records can be written, so that silence means something. */
  isWritable(): Promise<boolean>;
  close(): Promise<void>;
}
