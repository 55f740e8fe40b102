/**
 * Interfaces through which both the server and the client reach the system:
 * connections, time and bytes.
 *
 * @module
 */

/** Both directions of one connection, as bytes. */
export interface Transport {
  /** The other end as `ip:port`, an IPv6 address in brackets. */
  readonly peer: string;
  /** Whether a proxy says that it passes this on, so that `peer` is the proxy. */
  readonly isPassedOn?: boolean;
  /** When the peer last took bytes of a write, by {@linkcode Clock.now}. */
  readonly progressAtMs: number;
  /** Whether a write waits for the peer to take more. */
  readonly writing: boolean;
  /** Reads at least a byte into the buffer; null: the peer says no more. */
  read(into: Uint8Array): Promise<number | null>;
  /** Writes all of it. One call at a time. */
  write(bytes: Uint8Array): Promise<void>;
  /** Says that no more will be written, and keeps reading possible. */
  closeWrite(): Promise<void>;
  /** Ends both directions at once. Any number of calls. */
  close(): void;
}

/** Opens connections, again and again to the same place. */
export interface Connector {
  /** The place as a person would write it, for messages. */
  readonly place: string;
  connect(signal?: AbortSignal): Promise<Transport>;
}

/** Time that never jumps. */
export interface Clock {
  /** Milliseconds since some start, with fractions. */
  now(): number;
  /**
   * Resolves after so long, or at once when aborted; never rejects. 0 is the
   * event loop's next turn: what else has come in is done before.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Bytes to be read from front to back, such as a file or stdin. */
export interface ByteSource {
  /** Reads at least a byte into the buffer; null: there is no more. */
  read(into: Uint8Array): Promise<number | null>;
}

/** A SHA-256 of bytes that come piece by piece. */
export interface StreamHash {
  update(bytes: Uint8Array): void;
  /** The digest of all of them, 64 hexadecimal digits. */
  hex(): string;
}

/** Begins a {@linkcode StreamHash}. */
export type NewHash = () => StreamHash;
