/**
 * Other servers that form one household with this one, as far as requests are
 * concerned: their devices are cast to and controlled from here, and they are
 * clients of this server.
 *
 * @module
 */

import type { Answer, ToServer } from "../wire/messages.ts";

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

/** The sender of a request. */
export interface Asker {
  readonly isLocal: boolean;
  readonly isTrusted?: boolean;
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
  prove(connection: object, proof: string): void;
  places(): Answer<"places">;
}
