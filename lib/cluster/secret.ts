/**
 * The secret that servers of a cluster prove to each other, without sending it.
 *
 * @module
 */

import { hmac } from "@noble/hashes/hmac";
import { sha256 } from "@noble/hashes/sha2";
import { timingSafeEqual } from "@std/crypto/timing-safe-equal";
import type { Introduction } from "../server/elsewhere.ts";

const UTF8 = new TextEncoder();

/** What both sides of a connection have said of themselves. */
export interface Meeting {
  client: Introduction;
  server: Introduction;
  /** The name of the server's clock, which is new at each start. */
  clock: string;
}

export class ClusterSecret {
  readonly #key: Uint8Array;

  constructor(secret: string, cluster: string) {
    this.#key = hmac(sha256, UTF8.encode(secret), UTF8.encode(cluster));
  }

  /** The proof of one side, which is of no use to the other, or anywhere else. */
  proof(side: "client" | "server", { client, server, clock }: Meeting): string {
    const said = ({ name, address, random }: Introduction) => [
      ...[name, address, random],
    ];
    return this.sign(["proof", side, said(client), said(server), clock]);
  }

  /** Signs a value, which is JSON. @returns 64 hexadecimal digits. */
  sign(value: unknown): string {
    const text = UTF8.encode(JSON.stringify(value));
    return hmac(sha256, this.#key, text).toHex();
  }
}

/** Compares proofs in constant time. */
export function isSameProof(a: string, b: string): boolean {
  return a.length === b.length &&
    timingSafeEqual(UTF8.encode(a), UTF8.encode(b));
}
