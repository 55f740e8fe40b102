/**
 * Interfaces through which both the server and the client reach the system:
 * connections, time and bytes.
 *
 * @module
 */

import type { OndacastError } from "../errors.ts";
/** A bidirectional byte stream. */
export interface Transport {
  /** The other end as `ip:port`, with IPv6 addresses in brackets. */
  readonly peer: string;
  /** Whether a proxy forwards the connection, so that `peer` is the proxy. */
  readonly isPassedOn?: boolean;
  /** When the peer last accepted written bytes, by {@linkcode Clock.now}. */
  readonly progressAtMs: number;
  /** Whether a write is waiting for the peer. */
  readonly writing: boolean;
  /** Reads at least one byte; null when the peer has closed its side. */
  read(into: Uint8Array): Promise<number | null>;
  /** Writes all bytes. Only one call at a time. */
  write(bytes: Uint8Array): Promise<void>;
  /** Closes the sending side; reading remains possible. */
  closeWrite(): Promise<void>;
  /** Closes both directions immediately. Idempotent. */
  close(): void;
  /** Adds advice to an error of a client whose server has not spoken yet. */
  explain?(error: OndacastError): OndacastError;
}

/** Opens connections to one server, any number of times. */
export interface Connector {
  /** The server as a user would write it, for messages. */
  readonly place: string;
  connect(signal?: AbortSignal): Promise<Transport>;
  /**
   * Notes that the last connection led to another server than the one wanted.
   *
   * @returns Whether the next one may lead elsewhere.
   */
  avoid?(): boolean;
  /** Notes the other servers of a cluster, which can take this one's place. */
  note?(others: Others): void;
}

/** The other servers of a cluster, as one of them names them to its clients. */
export interface Others {
  /** Their places, as `host:port`. */
  readonly also?: readonly string[];
  /** The SHA-256 of each one's certificate, as 64 hexadecimal digits, or "". */
  readonly alsoCertificates?: readonly string[];
}

/** A monotonic clock. */
export interface Clock {
  /** Milliseconds since an arbitrary origin, with fractions. */
  now(): number;
  /**
   * Resolves after `ms`, or immediately when aborted; never rejects. 0 waits for
   * the next turn of the event loop, after pending I/O.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Bytes to read sequentially, such as a file or stdin. */
export interface ByteSource {
  /** Reads at least one byte; null at the end. */
  read(into: Uint8Array): Promise<number | null>;
}

/** An incremental SHA-256. */
export interface StreamHash {
  update(bytes: Uint8Array): void;
  /** The digest as 64 hexadecimal digits. */
  hex(): string;
}

export type NewHash = () => StreamHash;
