/**
 * The records that announce a server (DNS-SD, RFC 6763): its name, port and
 * addresses, and what clients need to know before they connect.
 *
 * @module
 */

import type { DnsName, DnsRecord, RecordData } from "./dns_message.ts";
import { MAX_LABEL_BYTES } from "./dns_writer.ts";

/** The type of service of Ondacast servers. */
export const SERVICE: DnsName = ["_ondacast", "_tcp", "local"];
/** The name that lists all types of services (RFC 6763, section 9). */
export const ALL_SERVICES: DnsName = ["_services", "_dns-sd", "_udp", "local"];

/** The version of the texts. */
const VERSION = "1";

/** Times to live in seconds: what has a host's name or address, and the rest (RFC 6762, section 10). */
const TTL_SECONDS = { host: 120, other: 4_500 };

/** A service, as it is announced. */
export interface Announced {
  /** The name of its type. */
  type: DnsName;
  /** Its own name, for people. */
  name: string;
  /**
   * A label that names this server's addresses and nothing else: the name of the
   * machine belongs to the machine's responder.
   */
  host: string;
  port: number;
  /** The strings of its TXT record (RFC 6763, section 6). */
  texts: readonly string[];
}

/** The description of a server. */
export interface AnnouncedServer {
  name: string;
  /** Random, and kept. */
  id: string;
  /** The port of sessions. */
  port: number;
  /** The HTTP port; null: it has none. */
  http: number | null;
  /** Whether its ports speak TLS. */
  tls: boolean;
  /** Whether a client needs its token. */
  token: boolean;
}

/** An Ondacast server as a service. */
export function announcedServer(
  { name, id, port, http, tls, token }: AnnouncedServer,
): Announced {
  const texts = [
    `v=${VERSION}`,
    `http=${http ?? 0}`,
    `tls=${tls ? 1 : 0}`,
    `token=${token ? 1 : 0}`,
    `id=${id}`,
  ];
  return { type: SERVICE, name, host: `ondacast-${id}`, port, texts };
}

/** The records of a service on one link. */
export interface ServiceRecords {
  /** The name of the service. */
  instance: DnsName;
  pointer: DnsRecord;
  kind: DnsRecord;
  service: DnsRecord;
  text: DnsRecord;
  addresses: DnsRecord[];
}

/**
 * The records of a service.
 *
 * @param name Its current name, as a label.
 * @param addresses Its addresses on this link.
 */
export function serviceRecords(
  { type, host: hostLabel, port, texts }: Announced,
  name: string,
  addresses: readonly string[],
): ServiceRecords {
  const instance = [name, ...type];
  const host = [hostLabel, "local"];
  const record = (
    name: DnsName,
    data: RecordData,
    ttlSeconds: number,
    flush = true,
  ): DnsRecord => ({ name, flush, ttlSeconds, data });
  const { host: short, other: long } = TTL_SECONDS;
  return {
    instance,
    // These names are shared with other services, whose records must stay.
    pointer: record(type, { type: "PTR", target: instance }, long, false),
    kind: record(ALL_SERVICES, { type: "PTR", target: type }, long, false),
    service: record(instance, {
      type: "SRV",
      priority: 0,
      weight: 0,
      port,
      target: host,
    }, short),
    text: record(instance, { type: "TXT", texts }, long),
    addresses: addresses.map((address) =>
      record(
        host,
        { type: address.includes(":") ? "AAAA" : "A", address },
        short,
      )
    ),
  };
}

/** All records of a service. */
export function allRecords(
  { pointer, service, text, addresses, kind }: ServiceRecords,
): DnsRecord[] {
  return [pointer, service, text, ...addresses, kind];
}

/** The facts in the texts of a server. */
export type ServerFacts = Pick<AnnouncedServer, "http" | "tls" | "token"> & {
  /** Null: missing or malformed. */
  id: string | null;
};

/**
 * Reads the texts of a server. The first of several with a key counts.
 *
 * @returns Null if they are of another version.
 *
 * @example
 * ```ts
 * import { readTexts } from "./service_records.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(readTexts(["v=1", "http=4042", "tls=1", "id=7f"]), {
 *   http: 4042,
 *   tls: true,
 *   token: false,
 *   id: "7f",
 * });
 * ```
 */
export function readTexts(texts: readonly string[]): ServerFacts | null {
  const values = new Map<string, string>();
  for (const text of texts) {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    const folded = key?.toLowerCase();
    if (folded !== undefined && !values.has(folded)) values.set(folded, value);
  }
  if ((values.get("v") ?? VERSION) !== VERSION) return null;
  const http = values.get("http") ?? "";
  const id = values.get("id") ?? "";
  return {
    http: /^[1-9]\d{0,4}$/.test(http) && Number(http) <= 65535
      ? Number(http)
      : null,
    tls: values.get("tls") === "1",
    token: values.get("token") === "1",
    id: isServerId(id) ? id : null,
  };
}

/** Whether a text can be the id of a server. */
export function isServerId(text: string): boolean {
  return /^[0-9A-Za-z-]{1,64}$/.test(text);
}

/**
 * A name as a label: cut to 63 bytes of UTF-8, and numbered if it is not the
 * first of that name.
 *
 * @example
 * ```ts
 * import { numberedName } from "./service_records.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(numberedName("Living room", 1), "Living room");
 * assert.equal(numberedName("Living room", 2), "Living room (2)");
 * ```
 */
export function numberedName(name: string, number: number): string {
  const end = number === 1 ? "" : ` (${number})`;
  const bytes = new TextEncoder().encode(name);
  const room = MAX_LABEL_BYTES - end.length;
  if (bytes.length <= room) return name + end;
  // The decoder holds back a character that is cut.
  const cut = new TextDecoder().decode(bytes.subarray(0, room), {
    stream: true,
  });
  return cut.trimEnd() + end;
}
