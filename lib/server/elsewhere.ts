/**
 * Other servers that form one household with this one, as far as requests are
 * concerned: their devices are cast to and controlled from here, and they are
 * clients of this server.
 *
 * @module
 */

import type { RateLimit } from "../model/rate_limit.ts";
import type { Answer, ToClient, ToServer } from "../wire/messages.ts";

/** Requests about devices or groups, which may be elsewhere. */
export type PassedType =
  | "cast"
  | "control"
  | "queue"
  | "group"
  | "ungroup"
  | "move"
  | "entries"
  | "edit";

/** How a server introduces itself, or answers that. */
export type Introduction = NonNullable<ToServer<"hello">["peer"]>;

/** What another server asks of a device that it has borrowed. */
export type LoanCommand = Extract<ToServer, { type: `lent-${string}` }>;

/** A connection of another server. */
export interface PeerConnection {
  readonly channel: { send(message: ToClient): void };
}

/** The sender of a request. */
export interface Asker {
  readonly isLocal: boolean;
  readonly isTrusted?: boolean;
  readonly isInStep: boolean;
  readonly isEnding: boolean;
  readonly rateLimit: RateLimit;
}

export interface Elsewhere {
  /** The name of this server among them. */
  readonly place: string;
  /** What `welcome` says of others, for clients that lose this server. */
  readonly others: Pick<
    Answer<"hello">,
    "also" | "alsoCertificates" | "cluster"
  >;
  /**
   * Carries out a request whose devices are, at least partly, elsewhere.
   *
   * @param here Carries out what is left for this server.
   * @returns Null: all of it is for this server.
   * @throws {OndacastError} As `here` does; `lost`, if the other server is gone.
   */
  pass<K extends PassedType>(
    asker: Asker,
    message: ToServer<K>,
    here: (message: ToServer<K>) => Answer<K> | Promise<Answer<K>>,
  ): Promise<Answer<K>> | null;
  /**
   * Answers the introduction of a server, which has to prove itself next.
   *
   * @param connection Identifies it.
   */
  meet(
    connection: object,
    peer: Introduction,
  ): NonNullable<Answer<"hello">["peer"]>;
  /** Checks its proof. @throws {OndacastError} `unauthorized`. */
  prove(connection: PeerConnection, proof: string): void;
  places(): Answer<"places">;
  /**
   * Lends a device of this server, which another one has play in a group.
   *
   * @throws {OndacastError} `not-receiving`, `unsupported`, `stale`.
   */
  borrow(
    connection: PeerConnection,
    message: ToServer<"borrow">,
  ): Answer<"borrow">;
  /** Does what the borrower of a device asks for. @throws {OndacastError} `stale`. */
  command(connection: PeerConnection, message: LoanCommand): void;
  /** A server's connection is over. */
  parted(connection: PeerConnection): void;
}
