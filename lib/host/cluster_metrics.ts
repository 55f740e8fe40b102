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
  readonly beats: { heard: number; lastSecondsAgo: number };
  /** Records of this server, those that have yet to be written, and those of others. */
  readonly records: { own: number; waiting: number; others: number };
  readonly peers: PeerNumbers;
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
  { servers, isConnected, beats, records, peers }: ClusterNumbers,
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
  ];
}

/** Lines for `/readyz`. */
export function clusterStatus(
  { servers, isConnected, records }: ClusterNumbers,
): string[] {
  const { alive, dead, refused } = servers;
  return [
    isConnected
      ? "cluster: beats come through"
      : "cluster: nothing is heard over NATS",
    `other servers: ${alive} alive, ${dead} dead, ${refused} refused`,
    `records that have yet to be written: ${records.waiting}`,
  ];
}
