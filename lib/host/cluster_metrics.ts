/**
 * The metrics of a server's part in a cluster, and what `/readyz` says of it.
 *
 * @module
 */

import { counter, type Family, gauge } from "./metric_family.ts";

/** A snapshot of a server that is one of several. */
export interface ClusterNumbers {
  /** The other servers, by their state. */
  readonly servers: { alive: number; dead: number; refused: number };
  /** Whether beats come through. */
  readonly isConnected: boolean;
  /** Whether records could be written a moment ago. */
  readonly hasRecords: boolean;
  /** Why this server is alone for good; null: it is not. */
  readonly alone: string | null;
  readonly beats: { heard: number; lastSecondsAgo: number };
  /** Records of this server, those that have yet to be written, and those of others. */
  readonly records: { own: number; waiting: number; others: number };
  readonly peers: PeerNumbers;
  readonly groups: GroupNumbers;
}

/** Groups, which one server at a time runs for devices of all. */
export interface GroupNumbers {
  /** Those that this server runs, and of which the others lack the latest state. */
  readonly owned: number;
  readonly uncopied: number;
  /** Those that it has taken over from others, and given to others. */
  readonly taken: number;
  readonly given: number;
  /** Messages about groups from a server that ran them before. */
  readonly refusedTerms: number;
  /** Devices that play in groups of others, and those of others in groups here. */
  readonly devices: { readonly lent: number; readonly borrowed: number };
}

/** What goes on between this server and the others, whose client it is. */
export interface PeerNumbers {
  /** Connections now. */
  readonly sessions: number;
  /** Requests that others carried out for this one. */
  readonly requests: number;
  /** Read of songs, files and pictures. */
  readonly readBytes: number;
}

export function clusterFamilies(
  { servers, isConnected, hasRecords, beats, records, peers, groups }:
    ClusterNumbers,
): Family[] {
  return [
    gauge(
      "ondacast_cluster_servers",
      "Other servers of the cluster.",
      "state",
      { ...servers },
    ),
    gauge(
      "ondacast_cluster_connected",
      "Whether beats come through NATS (1), or not (0).",
      Number(isConnected),
    ),
    gauge(
      "ondacast_cluster_writable",
      "Whether JetStream takes records (1), or not (0).",
      Number(hasRecords),
    ),
    counter(
      "ondacast_cluster_beats_total",
      "Beats that were heard, those of this server included.",
      beats.heard,
    ),
    gauge(
      "ondacast_cluster_last_beat_seconds",
      "Time since a beat was heard.",
      beats.lastSecondsAgo,
    ),
    gauge(
      "ondacast_cluster_records",
      "Records of this server, of others, and those that have yet to be written.",
      "of",
      { ...records },
    ),
    gauge(
      "ondacast_cluster_sessions",
      "Connections to other servers now.",
      peers.sessions,
    ),
    counter(
      "ondacast_cluster_requests_total",
      "Requests that other servers carried out for this one.",
      peers.requests,
    ),
    counter(
      "ondacast_cluster_read_bytes_total",
      "Bytes of songs, files and pictures read from other servers.",
      peers.readBytes,
    ),
    gauge(
      "ondacast_cluster_groups",
      "Groups that this server runs, and those of which others lack the latest state.",
      "of",
      { owned: groups.owned, uncopied: groups.uncopied },
    ),
    gauge(
      "ondacast_cluster_devices",
      "Devices that are lent to groups of other servers, and borrowed from them.",
      "of",
      { ...groups.devices },
    ),
    counter(
      "ondacast_cluster_taken_groups_total",
      "Groups that were taken over from servers that had died or left.",
      groups.taken,
    ),
    counter(
      "ondacast_cluster_given_groups_total",
      "Groups that were given to the server of their devices.",
      groups.given,
    ),
    counter(
      "ondacast_cluster_refused_terms_total",
      "Messages that were refused since another server runs the group.",
      groups.refusedTerms,
    ),
  ];
}

/** Lines for `/readyz`. */
export function clusterStatus(
  { servers, isConnected, hasRecords, alone, records, groups }: ClusterNumbers,
): string[] {
  const { alive, dead, refused } = servers;
  const cutOff = alone ??
    "nothing is heard over NATS: this server is cut off, and serves its own clients and groups alone";
  const heard = hasRecords
    ? "beats come through"
    : "beats come through, but JetStream takes no records: the others get no changes of this server";
  return [
    `cluster: ${isConnected ? heard : cutOff}`,
    `other servers: ${alive} alive, ${dead} dead, ${refused} refused`,
    `records that have yet to be written: ${records.waiting}`,
    `groups: ${groups.owned} run here, ${groups.uncopied} of them have yet to be copied to the others`,
  ];
}
