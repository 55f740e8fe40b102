/**
 * Finds the servers of a link by multicast DNS, by combining the records of their
 * answers. It is pure: packets come in, and the next question comes out.
 *
 * @module
 */

import { isHomeAddress, isLoopback } from "../address.ts";
import {
  type DnsMessage,
  type DnsName,
  type DnsQuestion,
  type DnsRecord,
  isSameName,
  nameKey,
  query,
  type RecordData,
  TYPE_NUMBERS,
} from "./dns_message.ts";
import { sortNaturally } from "../natural_order.ts";
import { isOnLink, type Link } from "./link.ts";
import { readTexts, type ServerFacts, SERVICE } from "./service_records.ts";

/** Most servers, and addresses of one, that are remembered. */
export const MAX_FOUND = 64;
export const MAX_ADDRESSES = 8;
/** Most questions of a packet. */
const MAX_QUESTIONS = 32;

/** A server that was found. */
export interface FoundServer extends ServerFacts {
  name: string;
  port: number;
  /** Its addresses, the best first; link-local ones with their zone. */
  addresses: string[];
}

interface Instance {
  label: string;
  name: DnsName;
  service: Extract<RecordData, { type: "SRV" }> | null;
  texts: readonly string[] | null;
}

interface Host {
  name: DnsName;
  addresses: Set<string>;
}

/** A search on one link. */
export class Browser {
  readonly #link: Link;
  /** By the key of their names. */
  readonly #instances = new Map<string, Instance>();
  readonly #hosts = new Map<string, Host>();

  constructor(link: Link) {
    this.#link = link;
  }

  /** The servers whose records are complete. */
  get found(): FoundServer[] {
    return [...this.#instances.values()]
      .flatMap((instance) => this.#found(instance) ?? []);
  }

  /** Whether records of a server are still missing. */
  get lacks(): boolean {
    return this.#missing().length > 0;
  }

  /** The next question: for servers, and for missing records of known ones. */
  question(id: number): DnsMessage {
    const type = TYPE_NUMBERS.PTR;
    const questions = [{ name: SERVICE, type }, ...this.#missing()];
    return query({ id, questions: questions.slice(0, MAX_QUESTIONS) });
  }

  /** Takes a packet that arrived over the link. @param fromIp Without a zone. */
  receive(message: DnsMessage, fromIp: string): void {
    if (!message.isResponse) return;
    const records = [...message.answers, ...message.additionals];
    // In this order, because each leads to the next.
    for (const record of records) this.#takePointer(record);
    for (const record of records) this.#takeInstance(record);
    for (const record of records) this.#takeAddress(record, fromIp);
  }

  #takePointer({ name, data, ttlSeconds }: DnsRecord): void {
    if (data.type !== "PTR" || !isSameName(name, SERVICE)) return;
    const [label, ...type] = data.target;
    if (label === undefined || !isSameName(type, SERVICE)) return;
    const key = nameKey(data.target);
    if (ttlSeconds === 0) {
      this.#instances.delete(key);
    } else if (
      !this.#instances.has(key) && this.#instances.size < MAX_FOUND
    ) {
      const name = data.target;
      this.#instances.set(key, { label, name, service: null, texts: null });
    }
  }

  #takeInstance({ name, data, ttlSeconds }: DnsRecord): void {
    const instance = this.#instances.get(nameKey(name));
    if (instance === undefined || ttlSeconds === 0) return;
    if (data.type === "TXT") instance.texts = data.texts;
    if (data.type !== "SRV" || data.port === 0) return;
    instance.service = data;
    const key = nameKey(data.target);
    if (!this.#hosts.has(key) && this.#hosts.size < MAX_FOUND) {
      this.#hosts.set(key, { name: data.target, addresses: new Set() });
    }
  }

  #takeAddress(
    { name, data, ttlSeconds }: DnsRecord,
    fromIp: string,
  ): void {
    if (data.type !== "A" && data.type !== "AAAA") return;
    const addresses = this.#hosts.get(nameKey(name))?.addresses;
    if (addresses === undefined || addresses.size >= MAX_ADDRESSES) return;
    const { address } = data;
    if (ttlSeconds === 0 || !mayBeThere(this.#link, address, fromIp)) return;
    addresses.add(
      isLinkLocal(address) ? `${address}%${this.#link.zone}` : address,
    );
  }

  #found({ label, service, texts }: Instance): FoundServer | null {
    const facts = texts && readTexts(texts);
    if (service === null || !facts) return null;
    const host = this.#hosts.get(nameKey(service.target));
    if (host === undefined || host.addresses.size === 0) return null;
    const all = [...host.addresses];
    // Other addresses need a router, which may not exist.
    const near = all.filter((ip) => isOnLink(this.#link, ip));
    const addresses = near.length > 0 ? near : all;
    return { ...facts, name: label, port: service.port, addresses };
  }

  #missing(): DnsQuestion[] {
    const { SRV, TXT, A, AAAA } = TYPE_NUMBERS;
    return [...this.#instances.values()].flatMap(
      ({ name, service, texts }) => {
        const host = service && this.#hosts.get(nameKey(service.target));
        return [
          ...(service === null ? [{ name, type: SRV }] : []),
          ...(texts === null ? [{ name, type: TXT }] : []),
          ...(host && host.addresses.size === 0
            ? [A, AAAA].map((type) => ({ name: host.name, type }))
            : []),
        ];
      },
    );
  }
}

/**
 * The servers that were found on all links, each once, in the order of their
 * names.
 */
export function mergeFound(found: readonly FoundServer[]): FoundServer[] {
  const servers = new Map<string, FoundServer>();
  for (const server of found) {
    const { id, name, port, addresses } = server;
    const key = id === null ? `${port} ${name}` : `${port} ${id}`;
    const before = servers.get(key)?.addresses ?? [];
    const all = [...new Set([...before, ...addresses])]
      .sort((a, b) => rank(a) - rank(b))
      .slice(0, MAX_ADDRESSES);
    servers.set(key, { ...servers.get(key) ?? server, addresses: all });
  }
  return sortNaturally([...servers.values()], ({ name }) => name);
}

/**
 * Whether an address is plausible for a server. A forged answer must not direct a
 * client beyond the home network, or to other programs on this machine.
 */
function mayBeThere(link: Link, address: string, fromIp: string): boolean {
  if (isLoopback(address)) {
    return link.addresses.some((own) => own.address === fromIp);
  }
  if (isLinkLocal(address)) return link.zone !== null;
  return isHomeAddress(address) || isOnLink(link, address);
}

function isLinkLocal(address: string): boolean {
  return /^fe[89ab]/i.test(address);
}

/** This machine first, then IPv4, then IPv6 without a zone. */
function rank(address: string): number {
  const version = address.includes("%") ? 2 : address.includes(":") ? 1 : 0;
  return isLoopback(address) ? version : 3 + version;
}
