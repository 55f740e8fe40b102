/**
 * Announces a service by multicast DNS (RFC 6762): claims its name, announces it,
 * answers questions, and says goodbye. It is pure: packets and times come in, and
 * packets to send come out.
 *
 * @module
 */

import { compareData } from "./compare_data.ts";
import {
  ANY,
  type DnsMessage,
  type DnsRecord,
  isSameName,
  nameKey,
  query,
  relevantPart,
  response,
} from "./dns_message.ts";
import { isOnLink, type Link } from "./link.ts";
import { LinkAnswers } from "./link_answers.ts";
import { MDNS_PORT, type Outgoing, type Peer } from "./packet.ts";
import { simpleAnswer } from "./simple_answer.ts";
import { SourceLimits, type SourceRates } from "../source_limits.ts";
import {
  allRecords,
  type Announced,
  numberedName,
  type ServiceRecords,
  serviceRecords,
} from "./service_records.ts";

/** Section 8.1: probes, the time between them, and the longest before the first. */
const PROBES = { count: 3, stepMs: 250, jitterMs: 250 };
/** Section 8.3: announcements, and the time between them. */
const ANNOUNCEMENTS = { count: 2, stepMs: 1_000 };
/** Section 8.2: until the loser of a tie probes again. */
const YIELD_MS = 1_000;
/** Section 8.1: beyond this rate of conflicts, each is followed by a pause. */
const CONFLICTS = { free: 15, withinMs: 10_000, waitMs: 5_000 };
/** Answers to single addresses: forged ones must not make this an amplifier. */
const ANSWERS: SourceRates = {
  perSource: { burst: 20, perSecond: 10 },
  inAll: { burst: 100, perSecond: 50 },
};

/** The progress on a link: the name is claimed, then announced. */
type Phase =
  | { kind: "probing"; sent: number; dueMs: number }
  | { kind: "announcing"; sent: number; dueMs: number }
  | { kind: "settled"; dueMs: number };

interface LinkState {
  link: Link;
  addresses: readonly string[];
  records: ServiceRecords;
  phase: Phase;
  answers: LinkAnswers;
}

/** A link, and the addresses of the service on it. */
export interface ServedLink {
  link: Link;
  addresses: readonly string[];
}

/** The responder of one service, on all links. */
export class Responder {
  readonly #announced: Announced;
  readonly #random: () => number;
  readonly #links = new Map<string, LinkState>();
  readonly #limits = new SourceLimits(ANSWERS);
  #number = 1;
  readonly #conflictsMs: number[] = [];

  /** @param random From 0 to below 1. */
  constructor(announced: Announced, random: () => number) {
    this.#announced = announced;
    this.#random = random;
  }

  /** The current name, with a number if another service owns the original one. */
  get name(): string {
    return numberedName(this.#announced.name, this.#number);
  }

  /** When to call {@linkcode due} next; Infinity: only after another packet. */
  get nextMs(): number {
    return [...this.#links.values()].reduce(
      (next, { phase, answers }) => Math.min(next, phase.dueMs, answers.nextMs),
      Infinity,
    );
  }

  /** Replaces the links. The name is probed on new ones. */
  setLinks(served: readonly ServedLink[], nowMs: number): void {
    const keys = new Set(served.map(({ link }) => link.key));
    for (const key of this.#links.keys()) {
      if (!keys.has(key)) this.#links.delete(key);
    }
    for (const { link, addresses } of served) {
      const before = this.#links.get(link.key);
      if (before && before.addresses.join() === addresses.join()) continue;
      this.#begin(link, addresses, this.#firstProbeMs(nowMs));
    }
  }

  /**
   * Handles a packet that arrived over one of the links of a family.
   *
   * @returns Answers to its sender alone, to be sent at once.
   */
  receive(
    family: Link["family"],
    message: DnsMessage,
    from: Peer,
    nowMs: number,
  ): Outgoing[] {
    const states = [...this.#links.values()].filter(({ link }) =>
      link.family === family && isOnLink(link, from.ip)
    );
    if (states.length === 0) return [];
    const part = relevantPart(message, keysOf(states[0].records));
    if (message.isResponse) {
      // Section 6: a response comes from this port.
      if (from.port === MDNS_PORT) this.#hear(part, states, nowMs);
      return [];
    }
    if (from.port !== MDNS_PORT) {
      // The receiving link is unknown over IPv6, so all of them answer.
      return states.flatMap((state) =>
        this.#answerOne(message, state, from, nowMs)
      );
    }
    for (const state of states) {
      this.#breakTie(state, part, nowMs);
      if (state.phase.kind === "probing") continue;
      state.answers.ask(part, state.records, from.ip, nowMs);
    }
    return [];
  }

  /** The packets due by now. */
  due(nowMs: number): Outgoing[] {
    return [...this.#links.values()].flatMap((state) =>
      this.#dueOn(state, nowMs).map((message) => ({
        link: state.link,
        message,
      }))
    );
  }

  /** The packets that withdraw the service from each link (section 10.1). */
  goodbye(): Outgoing[] {
    const claimed = [...this.#links.values()]
      .filter(({ phase }) => phase.kind !== "probing");
    this.#links.clear();
    return claimed.map(({ link, records }) => {
      const { pointer, service, text, addresses } = records;
      // The service type stays, since others may offer it too.
      const answers = [pointer, service, text, ...addresses]
        .map((record) => ({ ...record, ttlSeconds: 0 }));
      return { link, message: response({ answers }) };
    });
  }

  #begin(link: Link, addresses: readonly string[], dueMs: number): void {
    this.#links.set(link.key, {
      link,
      addresses,
      records: serviceRecords(this.#announced, this.name, addresses),
      phase: { kind: "probing", sent: 0, dueMs },
      answers: new LinkAnswers(this.#random),
    });
  }

  #firstProbeMs(nowMs: number): number {
    return nowMs + this.#random() * PROBES.jitterMs;
  }

  #dueOn(state: LinkState, nowMs: number): DnsMessage[] {
    const { phase, records, answers } = state;
    if (phase.kind === "probing" && phase.dueMs <= nowMs) {
      if (phase.sent === PROBES.count) {
        state.phase = { kind: "announcing", sent: 0, dueMs: nowMs };
        return this.#dueOn(state, nowMs);
      }
      phase.sent++;
      phase.dueMs = nowMs + PROBES.stepMs;
      return [probe(records)];
    }
    if (phase.kind === "announcing" && phase.dueMs <= nowMs) {
      state.phase = ++phase.sent === ANNOUNCEMENTS.count
        ? { kind: "settled", dueMs: Infinity }
        : { ...phase, dueMs: nowMs + ANNOUNCEMENTS.stepMs };
      const all = allRecords(records);
      answers.sent(all, nowMs);
      return [response({ answers: all })];
    }
    return answers.due(records, nowMs);
  }

  /** Detects that another service claims the same name (section 9). */
  #hear(
    { answers, additionals }: DnsMessage,
    states: LinkState[],
    nowMs: number,
  ): void {
    for (const state of states) {
      const isDenied = [...answers, ...additionals].some((record) =>
        record.ttlSeconds > 0 && isOther(record, state.records)
      );
      if (!isDenied) continue;
      const isNew = state.phase.kind === "probing";
      // An established name is probed again; its owner, if any, will answer.
      return this.#claimAgain(isNew, nowMs);
    }
  }

  /**
   * Of two that probe for a name at the same time, the one with the lesser
   * records yields (section 8.2).
   */
  #breakTie(
    { phase, records }: LinkState,
    { authorities }: DnsMessage,
    nowMs: number,
  ): void {
    if (phase.kind !== "probing") return;
    const theirs = authorities
      .filter(({ name }) => isSameName(name, records.instance));
    if (theirs.length === 0) return;
    const ours = [records.service, records.text];
    if (compareData(dataOf(ours), dataOf(theirs)) >= 0) return;
    phase.sent = 0;
    phase.dueMs = nowMs + YIELD_MS;
  }

  /** Starts over on all links, under the next name if this one is taken. */
  #claimAgain(isTaken: boolean, nowMs: number): void {
    if (isTaken) this.#number++;
    const dueMs = this.#firstProbeMs(nowMs) + this.#penaltyMs(nowMs);
    for (const { link, addresses } of [...this.#links.values()]) {
      this.#begin(link, addresses, dueMs);
    }
  }

  #penaltyMs(nowMs: number): number {
    const { free, withinMs, waitMs } = CONFLICTS;
    this.#conflictsMs.push(nowMs);
    if (this.#conflictsMs.length <= free) return 0;
    return nowMs - this.#conflictsMs.shift()! < withinMs ? waitMs : 0;
  }

  #answerOne(
    message: DnsMessage,
    { link, phase, records }: LinkState,
    to: Peer,
    nowMs: number,
  ): Outgoing[] {
    const answer = phase.kind === "probing"
      ? null
      : simpleAnswer(message, records);
    return answer !== null && this.#limits.admits(to.ip, nowMs)
      ? [{ link, to, message: answer }]
      : [];
  }
}

/** The names of a service's records, which are the same on each link. */
function keysOf(records: ServiceRecords): ReadonlySet<string> {
  return new Set(allRecords(records).map(({ name }) => nameKey(name)));
}

function probe({ instance, service, text }: ServiceRecords): DnsMessage {
  return query({
    questions: [{ name: instance, type: ANY }],
    authorities: [service, text],
  });
}

function dataOf(records: readonly DnsRecord[]) {
  return records.map(({ data }) => data);
}

/** Whether a record contradicts ours of the same name and type. */
function isOther(record: DnsRecord, records: ServiceRecords): boolean {
  if (!isSameName(record.name, records.instance)) return false;
  const ours = [records.service, records.text]
    .find(({ data }) => data.type === record.data.type);
  return ours !== undefined && compareData([ours.data], [record.data]) !== 0;
}
