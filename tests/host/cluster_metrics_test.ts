import assert from "node:assert/strict";
import {
  clusterFamilies,
  clusterStatus,
} from "../../lib/host/cluster_metrics.ts";

const NUMBERS = {
  servers: { alive: 2, dead: 1, refused: 0 },
  ...{ isConnected: true, hasRecords: true, alone: null },
  beats: { heard: 30, lastSecondsAgo: 0.25 },
  records: { own: 5, waiting: 1, others: 70 },
  peers: { sessions: 3, requests: 4, readBytes: 1000 },
  groups: {
    ...{ owned: 7, uncopied: 2, taken: 8, given: 9, refusedTerms: 6 },
    devices: { lent: 11, borrowed: 12 },
  },
};

Deno.test("clusterFamilies() has each number once, in a family of its own", () => {
  const samples = clusterFamilies(NUMBERS).flatMap(({ name, samples }) =>
    samples.map(([, labels, value]) =>
      `${name} ${Object.values(labels).join()} ${value}`
    )
  );
  assert.deepEqual(samples, [
    "ondacast_cluster_servers alive 2",
    "ondacast_cluster_servers dead 1",
    "ondacast_cluster_servers refused 0",
    "ondacast_cluster_connected  1",
    "ondacast_cluster_writable  1",
    "ondacast_cluster_beats_total  30",
    "ondacast_cluster_last_beat_seconds  0.25",
    "ondacast_cluster_records own 5",
    "ondacast_cluster_records waiting 1",
    "ondacast_cluster_records others 70",
    "ondacast_cluster_sessions  3",
    "ondacast_cluster_requests_total  4",
    "ondacast_cluster_read_bytes_total  1000",
    "ondacast_cluster_groups owned 7",
    "ondacast_cluster_groups uncopied 2",
    "ondacast_cluster_devices lent 11",
    "ondacast_cluster_devices borrowed 12",
    "ondacast_cluster_taken_groups_total  8",
    "ondacast_cluster_given_groups_total  9",
    "ondacast_cluster_refused_terms_total  6",
  ]);
});

Deno.test("clusterStatus() tells whether beats come through", () => {
  assert.match(clusterStatus(NUMBERS)[0], /come through$/);
  const away = clusterStatus({ ...NUMBERS, isConnected: false });
  assert.match(away[0], /nothing is heard over NATS: this server is cut off/);
  const lone = clusterStatus({ ...NUMBERS, hasRecords: false });
  assert.match(lone[0], /but JetStream takes no records/);
  const twin = { ...NUMBERS, isConnected: false, alone: "it is another's" };
  assert.equal(clusterStatus(twin)[0], "cluster: it is another's");
  assert.equal(
    away[3],
    "groups: 7 run here, 2 of them have yet to be copied to the others",
  );
  assert.equal(away[1], "other servers: 2 alive, 1 dead, 0 refused");
});
