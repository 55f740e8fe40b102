/**
 * Scripts of sessions: actions of several clients on one server, in random
 * order. A script is plain JSON, so that a finding can be kept.
 *
 * @module
 */

import fc from "../support/fast_check.ts";

/** One action or event. */
export type Step =
  /** A message; the runner adds an `id` to requests. */
  | { peer: number; say: { type: string; [field: string]: unknown } }
  /** A message of the feature `groups`, if the peer has named it. */
  | { peer: number; group: { type: string; [field: string]: unknown } }
  /** A data frame of this length. */
  | { peer: number; data: number }
  /** A complete upload, or one with a fault. */
  | {
    peer: number;
    upload: { song: string; bytes: number; wrong: string; replace: boolean };
  }
  /** Raw bytes in hexadecimal, after which any answer is right. */
  | { peer: number; bytes: string }
  /** The connection is lost. */
  | { peer: number; cut: true }
  /** The peer stops or resumes reading. */
  | { peer: number; hold: boolean }
  /** A song is changed on the disk, or its next read fails. */
  | { change: string }
  | { failRead: string }
  /** The disk stops answering reads, or answers all pending ones. */
  | { disk: "waits" | "answers" }
  /** Milliseconds that pass. */
  | { pass: number };

/** The connection of a peer. */
export interface ScriptPeer {
  /** Whether it first sends a valid `hello`. */
  hello: boolean;
  receive: boolean;
  /** Whether it names the feature `groups`. */
  groups?: boolean;
  window: number;
  /** The most bytes that one read of the server returns. */
  readBytes: number;
  /** Bytes in flight to it before the server's writes block. */
  capacityBytes: number;
}

/** The peers of a script, and their actions. */
export interface Script {
  peers: ScriptPeer[];
  steps: Step[];
}

/** Songs of the scripts' server; `steady.wav` is the bystander's. */
export const SONGS = ["tone.wav", "hiss.wav", "empty.wav", "bad.wav"];

const peer = fc.nat({ max: 2 });
const song = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("tone", "hiss.wav", "HISS") },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...SONGS, "up.wav", "../x", "steady"),
  },
);
const wholeSong = fc.constantFrom("tone.wav", "hiss.wav", "up.wav", "new");
const receiver = fc.constantFrom("peer 0", "peer 1", "peer 2", "bystander");
const to = fc.array(receiver, { minLength: 1, maxLength: 4 });
const bytes = fc.oneof(
  fc.nat({ max: 20_000 }),
  fc.constantFrom(0, 1, 999, 1000, 1001, 2 ** 53 - 1),
);
const some = <T>(value: fc.Arbitrary<T>) =>
  fc.option(value, { nil: undefined, freq: 2 });

function message<T extends Record<string, fc.Arbitrary<unknown>>>(
  type: string,
  fields: T,
) {
  return fc.record({ type: fc.constant(type), ...fields });
}

const GOOD = fc.oneof(
  {
    weight: 6,
    arbitrary: message("play", {
      song,
      from: some(fc.double({ min: 0, max: 2, noNaN: true })),
    }),
  },
  {
    weight: 2,
    arbitrary: message("play", {
      song,
      offset: some(bytes),
      etag: some(fc.constantFrom("v1", "v2", "v9")),
    }),
  },
  { weight: 6, arbitrary: message("grant", { bytes }) },
  {
    weight: 3,
    arbitrary: message("stop", { stream: some(fc.nat({ max: 4 })) }),
  },
  { weight: 2, arbitrary: message("receive", { on: fc.boolean() }) },
  { weight: 3, arbitrary: message("cast", { song, to, from: some(fc.nat()) }) },
  {
    weight: 2,
    arbitrary: message("control", {
      to,
      action: fc.constantFrom("pause", "resume", "stop", "seek", "volume"),
      value: some(fc.nat({ max: 100 })),
    }),
  },
  {
    weight: 2,
    arbitrary: message("state", {
      stream: fc.nat({ max: 4 }),
      position: fc.nat({ max: 3 }),
      playing: fc.boolean(),
      volume: fc.nat({ max: 100 }),
      underruns: fc.nat(),
    }),
  },
  {
    weight: 2,
    arbitrary: message("list", {
      match: some(fc.string({ maxLength: 3 })),
      after: some(song),
      limit: some(fc.integer({ min: 1, max: 3 })),
      sort: some(fc.constantFrom("natural", "album", "added", "title", "x")),
      artist: some(fc.constantFrom("", "a")),
      selection: some(fc.constantFrom("*", "album:x", "song:tone.wav", "a/")),
    }),
  },
  {
    weight: 1,
    arbitrary: message("albums", {
      match: some(fc.string({ maxLength: 3 })),
      after: some(fc.constantFrom("x", '["a\\u0000f"]')),
      sort: some(fc.constantFrom("album", "artist", "year", "added")),
    }),
  },
  {
    weight: 1,
    arbitrary: message("artists", { after: some(fc.constant("x")) }),
  },
  { weight: 1, arbitrary: message("playlists", {}) },
  {
    weight: 1,
    arbitrary: message("remove", {
      song: wholeSong,
      etag: fc.constantFrom("v1", "v2", "v9"),
    }),
  },
  { weight: 1, arbitrary: message("restore", { song: wholeSong }) },
  {
    weight: 1,
    arbitrary: message("rename", { song: wholeSong, name: wholeSong }),
  },
  {
    weight: 2,
    arbitrary: message("online", { watch: some(fc.boolean()) }),
  },
  { weight: 1, arbitrary: message("ping", { time: some(fc.nat()) }) },
  { weight: 1, arbitrary: message("pong", {}) },
  {
    weight: 1,
    arbitrary: message("upload", {
      song: wholeSong,
      bytes: some(bytes),
      replace: fc.boolean(),
    }),
  },
);

const device = fc.oneof(
  { weight: 6, arbitrary: receiver },
  { weight: 1, arbitrary: fc.constantFrom("group-1", "group-2", "x") },
);
const devices = fc.oneof(
  device,
  fc.array(device, { minLength: 1, maxLength: 4 }),
);
/** The id of a group of several; the runner puts keys in for those of one. */
const group = fc.oneof(receiver, fc.constantFrom("group-1", "group-2", "x"));
const entry = fc.integer({ min: 1, max: 12 });
const repeat = fc.constantFrom("off", "all", "one");

/** Messages of the feature `groups`. */
const GROUPS = fc.oneof(
  {
    weight: 6,
    arbitrary: message("queue", {
      to: devices,
      songs: fc.array(
        fc.constantFrom("tone", "hiss", "*", "song:tone.wav", "up", "album:x"),
        { minLength: 1, maxLength: 4 },
      ),
      place: some(fc.constantFrom("now", "next", "end")),
      index: some(fc.nat({ max: 2 })),
      from: some(fc.double({ min: 0, max: 2, noNaN: true })),
      shuffle: some(fc.boolean()),
      repeat: some(repeat),
    }),
  },
  { weight: 3, arbitrary: message("group", { devices }) },
  { weight: 2, arbitrary: message("ungroup", { devices }) },
  { weight: 2, arbitrary: message("move", { group, to: devices }) },
  {
    weight: 2,
    arbitrary: message("groups", {
      watch: some(fc.boolean()),
      after: some(group),
      limit: some(fc.integer({ min: 1, max: 2 })),
    }),
  },
  {
    weight: 2,
    arbitrary: message("entries", {
      group,
      after: some(entry),
      limit: some(fc.integer({ min: 1, max: 3 })),
    }),
  },
  {
    weight: 4,
    arbitrary: message("edit", {
      group,
      action: fc.constantFrom("remove", "move"),
      entries: fc.array(entry, { minLength: 1, maxLength: 4 }),
      before: some(entry),
      revision: some(fc.nat({ max: 9 })),
    }),
  },
  {
    weight: 1,
    arbitrary: message("edit", { group, action: fc.constant("clear") }),
  },
  { weight: 1, arbitrary: message("rejoin", {}) },
  {
    weight: 4,
    arbitrary: message("control", {
      to: devices,
      action: fc.constantFrom("next", "previous", "pause", "resume", "stop"),
      entry: some(entry),
    }),
  },
  {
    weight: 2,
    arbitrary: message("control", {
      to: devices,
      action: fc.constantFrom("seek", "volume", "delay", "jump"),
      value: fc.nat({ max: 12 }),
      group: some(fc.boolean()),
      relative: some(fc.boolean()),
    }),
  },
  {
    weight: 1,
    arbitrary: message("control", {
      to: devices,
      action: fc.constantFrom("mute", "shuffle"),
      value: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: message("control", {
      to: devices,
      action: fc.constant("repeat"),
      value: repeat,
    }),
  },
  {
    weight: 2,
    arbitrary: message("state", {
      stream: fc.nat({ max: 9 }),
      position: fc.double({ min: 0, max: 2, noNaN: true }),
      playing: fc.boolean(),
      volume: fc.nat({ max: 100 }),
      underruns: fc.nat(),
      step: some(fc.constant({
        ...{ errorUs: 20, grade: "exact", rttUs: 300, leadMs: 400 },
      })),
    }),
  },
);

/** Messages that a server must refuse, most of them fatally. */
const BAD = fc.oneof(
  message("hello", {
    version: fc.nat({ max: 2 }),
    name: fc.string({ maxLength: 4 }),
    device: fc.constantFrom("d", "peer 0", "peer 1"),
    window: bytes,
  }),
  message("bye", {}),
  message("end", { bytes, sha256: fc.constant("0".repeat(64)) }),
  message(fc.sample(fc.constantFrom("x", "welcome"), 1)[0], {}),
  fc.record({
    type: fc.constantFrom("play", "grant", "cast", "state", "list", "online"),
    song: fc.anything({ maxDepth: 1 }),
    bytes: fc.anything({ maxDepth: 1 }),
    to: fc.anything({ maxDepth: 1 }),
  }),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 30, arbitrary: fc.record({ peer, say: GOOD }) },
  { weight: 15, arbitrary: fc.record({ peer, group: GROUPS }) },
  { weight: 1, arbitrary: fc.record({ peer, say: BAD }) },
  { weight: 1, arbitrary: fc.record({ peer, data: fc.nat({ max: 2000 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      peer,
      upload: fc.record({
        song: wholeSong,
        bytes: fc.nat({ max: 3000 }),
        wrong: fc.constantFrom("", "", "", "hash", "length", "silent", "open"),
        replace: fc.boolean(),
      }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ peer, cut: fc.constant(true as const) }),
  },
  { weight: 2, arbitrary: fc.record({ peer, hold: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ change: fc.constantFrom("tone.wav", "hiss.wav") }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ failRead: fc.constantFrom("tone.wav", "hiss.wav") }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      disk: fc.constantFrom("waits" as const, "answers" as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ pass: fc.constantFrom(1, 250, 3000, 11_000) }),
  },
) as fc.Arbitrary<Step>;

const scriptPeer: fc.Arbitrary<ScriptPeer> = fc.record({
  hello: fc.integer({ min: 0, max: 15 }).map((chance) => chance < 15),
  receive: fc.boolean(),
  groups: fc.integer({ min: 0, max: 3 }).map((chance) => chance < 3),
  window: fc.constantFrom(0, 1, 1500, 1 << 20),
  readBytes: fc.constantFrom(1, 7, 300, 1 << 16),
  capacityBytes: fc.constantFrom(1, 500, 1 << 20),
});

export const SCRIPT: fc.Arbitrary<Script> = fc.record({
  peers: fc.array(scriptPeer, { minLength: 3, maxLength: 3 }),
  steps: fc.array(step, { maxLength: 30, size: "max" }),
});
