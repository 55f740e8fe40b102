/**
 * Which servers are one with this: those that know the secret and admit the same
 * clients. They say so in their records, and prove it on each connection.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import type { Elsewhere, Introduction } from "../server/elsewhere.ts";
import type { Answer } from "../wire/messages.ts";
import { certificateDigest } from "./certificate_digest.ts";
import type { DeviceRecord, NodeRecord } from "./records.ts";
import { type ClusterSecret, isSameProof, type Meeting } from "./secret.ts";

/** Addresses of others that a client is given. */
const MOST_ALSO = 8;

export interface AdmissionOptions {
  /** The name of this server among them. */
  name: string;
  /** `host:port` where the others reach it. */
  address: string;
  /** The name of its clock, new at each start. */
  clockName: string;
  /** What decides whom it admits: servers that differ in it are not one. */
  admission: unknown;
  /** PEM; absent: sessions are not encrypted. */
  certificate?: string;
  secret: ClusterSecret;
  /** 64 random hexadecimal digits. */
  random(): string;
}

export class Admission {
  readonly #options: AdmissionOptions;
  /** When the table first got the record of this server. */
  since: number | undefined;
  /** Servers that have introduced themselves, and have yet to prove it. */
  readonly #meetings = new WeakMap<object, Meeting>();

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** The record of this server. */
  get record(): NodeRecord {
    const { name, address, clockName: clock, certificate } = this.#options;
    const said = {
      ...{ address, admission: this.#admission, clock },
      ...(certificate !== undefined && { certificate }),
      ...(this.since !== undefined && { since: this.since }),
    };
    return { ...said, mark: this.#mark(name, said) };
  }

  /** What clients need to go on at another server. @param alive Their records. */
  others(alive: IteratorObject<NodeRecord>): Elsewhere["others"] {
    const { secret, certificate } = this.#options;
    const some = alive.take(MOST_ALSO).toArray();
    return {
      cluster: secret.sign(["cluster"]).slice(0, 32),
      also: some.map(({ address }) => address),
      ...(certificate !== undefined && {
        alsoCertificates: some.map((it) => certificateDigest(it.certificate)),
      }),
    };
  }

  /** Why another server may not join; null: it may. */
  refusal(name: string, record: NodeRecord): string | null {
    if (!isSameProof(record.mark, this.#mark(name, record))) {
      return "it does not know the secret of the cluster";
    }
    return record.admission === this.#admission
      ? null
      : "it admits other clients: the token and --open have to be the same everywhere";
  }

  /** What a server's record of a client proves with that it knows the secret. */
  deviceMark(key: string, server = this.#options.name): string {
    return this.#options.secret.sign(["device", server, key]).slice(0, 32);
  }

  /** Whether a server that knows the secret has written a record of a client. */
  isMarked(server: string, { key, mark }: DeviceRecord): boolean {
    return mark !== undefined &&
      isSameProof(mark, this.deviceMark(key, server));
  }

  /** As `Elsewhere.meet()`. */
  meet(
    connection: object,
    client: Introduction,
  ): NonNullable<Answer<"hello">["peer"]> {
    const { name, address, random, clockName: clock, secret } = this.#options;
    const server = { name, address, random: random() };
    const meeting = { client, server, clock };
    this.#meetings.set(connection, meeting);
    return { ...server, proof: secret.proof("server", meeting) };
  }

  /** As `Elsewhere.prove()`. @returns The name of the server. */
  prove(connection: object, proof: string): string {
    const meeting = this.#meetings.get(connection);
    const isRight = meeting !== undefined &&
      isSameProof(proof, this.#options.secret.proof("client", meeting));
    this.#meetings.delete(connection);
    if (isRight) return meeting.client.name;
    throw new OndacastError(
      "unauthorized",
      "Cannot accept the server: it does not prove that it knows the secret",
    );
  }

  get #admission(): string {
    const { secret, admission } = this.#options;
    return secret.sign(["admission", admission]);
  }

  #mark(
    name: string,
    { address, admission, clock, certificate, since }: Omit<NodeRecord, "mark">,
  ): string {
    return this.#options.secret.sign([
      ...["node", name, address, admission, clock, certificate ?? null],
      ...(since === undefined ? [] : [since]),
    ]);
  }
}
