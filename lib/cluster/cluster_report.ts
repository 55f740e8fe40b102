/**
 * What a server says of itself among the others: numbers for metrics, and the list
 * of servers.
 *
 * @module
 */

import type { Answer } from "../wire/messages.ts";
import type { GroupNumbers, JoinedHub } from "./joined_hub.ts";
import type { Nodes } from "./nodes.ts";
import type { OwnRecords } from "./own_records.ts";
import type { OwnRows } from "./own_rows.ts";
import type { PeerNumbers } from "./peer.ts";
import type { Peers } from "./peers.ts";

/** A snapshot of this server among the others, for metrics. */
export interface ClusterNumbers {
  servers: { alive: number; dead: number; refused: number };
  isConnected: boolean;
  /** Whether records could be written a moment ago. */
  hasRecords: boolean;
  /** Why this server is alone for good; null: it is not. */
  alone: string | null;
  beats: { heard: number; lastSecondsAgo: number };
  records: { own: number; waiting: number; others: number };
  peers: PeerNumbers;
  groups: GroupNumbers;
}

/** A server, and what it knows of others. */
export interface Reported {
  readonly name: string;
  readonly address: string;
  readonly nodes: Nodes;
  readonly own: OwnRecords;
  readonly rows: OwnRows;
  readonly peers: Peers;
  /** As in {@linkcode ClusterNumbers}. */
  readonly alone: string | null;
  readonly hasRecords: boolean;
  /** Null: it has yet to begin to serve. */
  readonly joined: JoinedHub | null;
}

const NO_GROUPS: GroupNumbers = {
  ...{ owned: 0, uncopied: 0, taken: 0, given: 0, refusedTerms: 0 },
  devices: { lent: 0, borrowed: 0 },
};

export function clusterNumbers(
  { nodes, own, peers, joined, alone, hasRecords }: Reported,
): ClusterNumbers {
  const servers = { alive: 0, dead: 0, refused: 0 };
  let others = 0;
  for (const { state, record, device, group, song } of nodes.all.values()) {
    if (record === null) continue;
    servers[typeof state === "object" ? "refused" : state]++;
    others += 1 + device.size + group.size + song.size;
  }
  const { beats: heard, lastBeatSeconds: lastSecondsAgo, isConnected } = nodes;
  return {
    ...{ servers, isConnected, hasRecords, alone },
    beats: { heard, lastSecondsAgo },
    records: { own: own.size, waiting: own.waiting, others },
    peers: { ...peers.numbers },
    groups: joined?.numbers ?? NO_GROUPS,
  };
}

/** Answers `places`. */
export function clusterPlaces(
  { name, address, nodes, rows, alone }: Reported,
): Answer<"places"> {
  const here = {
    ...{ node: name, address, state: "here" as const },
    ...(alone !== null && { reason: alone }),
    ...rows.counts,
  };
  const others = nodes.all.values().filter((it) => it.record !== null)
    .map(({ name, record, state, device, song }) => ({
      ...{ node: name, address: record!.address },
      ...(typeof state === "object"
        ? { state: "refused" as const, reason: state.refused }
        : { state }),
      ...{ devices: device.size, songs: song.size },
    }));
  const places = [here, ...others].sort((a, b) => a.node < b.node ? -1 : 1);
  return { places, connected: nodes.isConnected };
}
