import assert from "node:assert/strict";
import { readRecord, type RecordKind } from "../../lib/cluster/records.ts";

const node = (address: string) => ({
  ...{ address, admission: "all", clock: "this run", mark: "0".repeat(64) },
});
const device = (fields: object, state: object = {}) => ({
  ...{ key: "k", id: "192.0.2.1:5", name: "kitchen", receiving: true },
  ...fields,
  state: { doing: "playing", ...state },
});
const group = (fields: object) => ({
  ...{ group: "k", name: "kitchen", devices: [], state: "playing", entry: 1 },
  ...{ song: "a.wav", title: "a", position: 0, positionAt: 0, seconds: 9 },
  ...{ songs: 1, revision: 1, repeat: "off", shuffle: false, volume: 50 },
  atWallMs: 1,
  ...fields,
});
const song = (fields: object) => ({
  ...{ name: "a.wav", bytes: 9, seconds: 1, etag: "e", format: null },
  ...fields,
});
/** A name with an invisible character, as a file of the folder may have. */
const FAMILY = "\u{1F468}\u200d\u{1F469}.wav";
const LONG = "x".repeat(5000);

const GOOD: [what: string, kind: RecordKind, record: unknown][] = [
  ["an address", "node", node("pi.lan:4040")],
  ["an address of IPv6", "node", node("[fe80::1]:4040")],
  ["a device", "device", device({}, { song: "a.wav" })],
  ["a song of a server", "device", device({}, { song: `attic:${FAMILY}` })],
  [
    "a song of a long name at a server",
    "device",
    device({}, { song: `attic:${"x".repeat(251)}.wav` }),
  ],
  ["a program's own words", "device", device({}, { problem: "no\nsound" })],
  ["a group", "group", group({ song: `a: b/c: ${FAMILY}` })],
  ["a song", "song", song({ name: FAMILY })],
];

const BAD: [what: string, kind: RecordKind, record: unknown][] = [
  ["no port", "node", node("pi.lan:0")],
  ["a port that is too large", "node", node("pi.lan:70000")],
  ["no host", "node", node("[")],
  ["control characters in an address", "node", node("\x1b[31m:4040")],
  ["a long id", "device", device({ id: LONG })],
  ["a long problem", "device", device({}, { problem: LONG })],
  ["control characters in an id", "device", device({ id: "\x1b]0;a\x07" })],
  ["control characters in a song", "device", device({}, { song: "\x1b[2J" })],
  ["a long song", "device", device({}, { song: LONG })],
  ["control characters in a group", "group", group({ name: "\x1b[31m" })],
  ["a long title of a group", "group", group({ title: LONG })],
  [
    "control characters in a device of a group",
    "group",
    group({
      devices: [{
        key: "k",
        name: "\u202e",
        volume: 1,
        muted: false,
        delay: 0,
      }],
    }),
  ],
  [
    "too many devices",
    "group",
    group({
      devices: Array(257).fill({
        ...{ key: "k", name: "n", volume: 1, muted: false, delay: 0 },
      }),
    }),
  ],
  ["a long etag", "song", song({ etag: LONG })],
  ["control characters in a title", "song", song({ title: "\x07" })],
];

const read = (kind: RecordKind, record: unknown) =>
  readRecord(kind, new TextEncoder().encode(JSON.stringify(record)));

for (const [what, kind, record] of GOOD) {
  Deno.test(`a record of a ${kind} may have ${what}`, () => {
    assert.deepEqual(read(kind, record), record);
  });
}

for (const [what, kind, record] of BAD) {
  Deno.test(`a record of a ${kind} with ${what} is none`, () => {
    assert.equal(read(kind, record), null);
  });
}
