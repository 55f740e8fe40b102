import assert from "node:assert/strict";
import {
  checkHeartbeat,
  SuspensionDetector,
} from "../../lib/wire/heartbeat.ts";

const NOW_MS = 100_000;

/** Times before now, in milliseconds; null: this side's own silence is no matter. */
const PEERS: [
  what: string,
  ago: { heard: number; spoke: number | null; pinged: number; awake: number },
  expected: "alive" | "ping" | "gone",
][] = [
  ["was heard just now", ago(0, 0), "alive"],
  ["is silent for almost 10 s", ago(9_999, 0), "alive"],
  ["is silent for 10 s", ago(10_000, 0), "ping"],
  ["was pinged less than 10 s ago", ago(19_999, 0, 9_999), "alive"],
  ["was pinged 10 s ago", ago(19_999, 0, 10_000), "ping"],
  ["is silent for 20 s", ago(20_000, 0), "gone"],
  ["is silent since a suspension", ago(60_000, 0, 60_000, 9_999), "alive"],
  ["is silent for 10 s after it", ago(60_000, 0, 60_000, 10_000), "ping"],
  ["is silent for 20 s after it", ago(60_000, 0, 60_000, 20_000), "gone"],
  ["heard nothing from this side for 10 s", ago(0, 10_000), "ping"],
  ["does not depend on this side", ago(0, null), "alive"],
  ["heard nothing from this side for 20 s", ago(0, 20_000, 5_000), "alive"],
  ["heard nothing, in a suspension", ago(9_000, 60_000, 60_000, 0), "ping"],
];

function ago(
  heard: number,
  spoke: number | null,
  pinged = Infinity,
  awake = Infinity,
) {
  return { heard, spoke, pinged, awake };
}

Deno.test("checkHeartbeat() pings a silent peer, and gives up one that stays silent", () => {
  for (const [what, { heard, spoke, pinged, awake }, expected] of PEERS) {
    const signs = {
      heardAtMs: NOW_MS - heard,
      pingedAtMs: NOW_MS - pinged,
      ...(spoke !== null && { spokeAtMs: NOW_MS - spoke }),
    };
    const found = checkHeartbeat(signs, NOW_MS, NOW_MS - awake);
    assert.equal(found, expected, `a peer that ${what}`);
  }
});

const CHECKS: [what: string, atMs: number, awakeSinceMs: number][] = [
  ["a check in time", 600, 100],
  ["a check that is late by less than a second", 2_099, 100],
  ["the next, again in time", 2_599, 100],
  ["a check that is late by a second", 4_099, 4_099],
  ["the next one", 4_599, 4_099],
  ["a check after a night", 30_000_000, 30_000_000],
];

Deno.test("SuspensionDetector.check() returns when the process last resumed", () => {
  const detector = new SuspensionDetector(500, 100);
  for (const [what, atMs, awakeSinceMs] of CHECKS) {
    assert.equal(detector.check(atMs), awakeSinceMs, what);
  }
});
