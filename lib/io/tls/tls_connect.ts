/**
 * TLS connections to verified servers: signed by an authority, or with the
 * certificate that was trusted on first use.
 *
 * @module
 */

import { errorText } from "../../errors.ts";
import type {
  KnownServer,
  PinnedCertificate,
} from "../../model/known_servers.ts";
import { formatHostPort } from "../../model/address.ts";
import { pinName } from "../../model/pin_name.ts";
import type { Connector, Transport } from "../../ports/common.ts";
import { fingerprint, readCertificate, toPem } from "./certificate.ts";
import { openTls, refusal } from "./open_tls.ts";
import { readPeerCertificate } from "./peer_certificate.ts";
import {
  bad,
  type Expected,
  expectedOf,
  problemOf,
  readCertificates,
} from "./trusted_certificate.ts";
import { unreachable } from "../net/tcp.ts";
import type { FirstUse, Trust } from "./trust.ts";

/** What is known of a server besides its address. */
export interface TlsPeer {
  /** How the list of known servers names it, if not by its place. */
  knownAs?: string;
  /** The name that an authority certifies; the host by default. */
  name?: string;
  /** How long connecting may take, without the handshake. */
  patienceMs?: number;
}

/** Connects to a session port over TLS. */
export class TlsConnector implements Connector {
  readonly place: string;
  readonly #host: string;
  readonly #port: number;
  /** The host as a certificate names it. */
  readonly #name: string;
  readonly #trust: Trust;
  readonly #peer: TlsPeer;
  #expected: Expected | null = null;

  constructor(host: string, port: number, trust: Trust, peer: TlsPeer = {}) {
    this.#host = host;
    this.#port = port;
    // Without the zone of an IPv6 address.
    this.#name = (peer.name ?? host).split("%", 1)[0];
    this.#trust = trust;
    this.#peer = peer;
    this.place = formatHostPort(host, port);
  }

  /**
   * Connects. The first call determines what to expect, and asks the user if
   * necessary.
   *
   * @throws {OndacastError} `unreachable`, `bad-certificate`, `tls-mismatch`.
   */
  async connect(signal?: AbortSignal): Promise<Transport> {
    const trust = this.#trust;
    if (this.#expected) return await this.#open(this.#expected, signal);
    if ("caFile" in trust) {
      return await this.#connectByFile(trust.caFile, signal);
    }
    if ("certificate" in trust) return await this.#connectTo(trust, signal);
    const found = await trust.known.find(this.#key);
    return found === null
      ? await this.#meet(trust, signal)
      : await this.#connectToKnown(trust, found, signal);
  }

  /** Whether connecting may have to ask the user about an unknown server. */
  async isNew(): Promise<boolean> {
    return "known" in this.#trust &&
      await this.#trust.known.find(this.#key) === null;
  }

  get #key(): string {
    return this.#peer.knownAs ?? this.place;
  }

  /** Connects to the one server that has this certificate, whatever it names. */
  async #connectTo(
    { certificate }: { certificate: string },
    signal?: AbortSignal,
  ): Promise<Transport> {
    const { names } = await readCertificate(certificate);
    const name = pinName(names, this.#name) ?? this.#name;
    return await this.#open({ name, caCerts: [certificate] }, signal);
  }

  async #connectByFile(
    path: string,
    signal?: AbortSignal,
  ): Promise<Transport> {
    const caCerts = await readCertificates(path);
    try {
      return await this.#open({ name: this.#name, caCerts }, signal);
    } catch (error) {
      const refused = refusal(error);
      if (refused === null) throw error;
      // A copy of the server's own certificate identifies it without the name.
      const own = caCerts.length === 1
        ? await readCertificate(caCerts[0])
        : null;
      const name = own?.isSelfSigned && !own.isAuthority
        ? pinName(own.names, this.#name)
        : null;
      try {
        if (name !== null) return await this.#open({ name, caCerts }, signal);
      } catch (thrown) {
        if (refusal(thrown) === null) throw thrown;
      }
      throw bad(
        `Cannot trust ${this.place}: its certificate ${await this
          .#shown()} does not hold by ${path} (${refused})`,
        error,
      );
    }
  }

  async #connectToKnown(
    trust: FirstUse,
    { known, line }: { known: KnownServer; line: number },
    signal?: AbortSignal,
  ): Promise<Transport> {
    try {
      return await this.#open(
        known.by === "authority"
          ? { name: this.#name, caCerts: [] }
          : await expectedOf(known.pinned),
        signal,
      );
    } catch (error) {
      const refused = refusal(error);
      if (refused === null) throw error;
      const { path } = trust.known;
      const shown = await this.#shown();
      const was = known.by === "authority"
        ? "an authority had signed it before"
        : `it was ${known.pinned.fingerprint}`;
      if (known.by === "certificate" && shown === known.pinned.fingerprint) {
        throw bad(
          `Cannot trust ${this.place}: its certificate ${shown} is the known one, but is not valid now (${refused}). Is this machine's clock right?`,
          error,
        );
      }
      throw bad(
        `THE CERTIFICATE OF ${this.place} HAS CHANGED: it is ${shown} now, and ${was}. Either someone is intercepting the connection, or the server has a new certificate. If you know that it has: \`ondacast trust --forget ${this.#key}\` (line ${line} of ${path})`,
        error,
      );
    }
  }

  /** Connects to an unknown server. */
  async #meet(trust: FirstUse, signal?: AbortSignal): Promise<Transport> {
    const byAuthority = { name: this.#name, caCerts: [] };
    try {
      const transport = await this.#open(byAuthority, signal);
      await this.#remember(trust, { by: "authority" });
      return transport;
    } catch (error) {
      if (refusal(error) === null) throw error;
    }
    const pinned = await this.#choosePin();
    if (!await trust.accept(this.place, pinned.fingerprint)) {
      throw bad(
        `Cannot trust ${this.place}: its certificate ${pinned.fingerprint} was not accepted`,
      );
    }
    const transport = await this.#open(await expectedOf(pinned), signal);
    await this.#remember(trust, { by: "certificate", pinned });
    return transport;
  }

  /** What to pin of the server's certificate, if it can be pinned. */
  async #choosePin(): Promise<PinnedCertificate> {
    const der = await this.#readCertificate();
    const certificate = await readCertificate(toPem(der));
    const name = pinName(certificate.names, this.#name);
    const problem = problemOf(certificate, name);
    if (problem === null) {
      return {
        fingerprint: certificate.fingerprint,
        name: name!,
        certificate: der.toBase64(),
      };
    }
    throw bad(
      `Cannot trust ${this.place}: its certificate ${certificate.fingerprint} ${problem}`,
    );
  }

  async #remember(trust: FirstUse, known: KnownServer): Promise<void> {
    try {
      await trust.known.add(this.#key, known);
    } catch (error) {
      trust.note(
        `warning: cannot remember ${this.place} in ${trust.known.path}: ${
          errorText(error)
        }`,
      );
    }
  }

  /** The fingerprint that the server presents, for messages. */
  async #shown(): Promise<string> {
    try {
      return await fingerprint(await this.#readCertificate());
    } catch {
      return "(not to be read)";
    }
  }

  async #readCertificate(): Promise<Uint8Array<ArrayBuffer>> {
    try {
      return await readPeerCertificate(this.#host, this.#port);
    } catch (cause) {
      throw unreachable(this.place, cause);
    }
  }

  async #open(expected: Expected, signal?: AbortSignal): Promise<Transport> {
    const { patienceMs } = this.#peer;
    const place = { host: this.#host, port: this.#port, patienceMs };
    const transport = await openTls(place, expected, signal);
    this.#expected = expected;
    return transport;
  }
}
