/**
 * A message of every type, with fields that make it wrong.
 *
 * @module
 */

/** One type's sample. */
export interface Sample {
  message: { type: string; [field: string]: unknown };
  /** Fields that may be left out. */
  optional?: string[];
  /** Each with the sample makes a `bad-message`. */
  wrong: Record<string, unknown>[];
}

const SHA256 = "0123456789abcdef".repeat(4);
const FORMAT = {
  encoding: "s24le",
  rate: 48000,
  channels: 2,
  bits: 24,
  validBits: 20,
  channelMask: 0x3,
  dataOffset: 44,
  dataBytes: 288000,
};
const CLIENT = {
  key: "k",
  id: "192.0.2.7:4711",
  name: "kitchen",
  receiving: true,
  state: {
    doing: "playing",
    song: "a.wav",
    position: 1.5,
    volume: 80,
    underruns: 0,
    problem: "no-player",
  },
};

/** What is no whole number of at least 0. */
const NO_COUNTS = [null, "1", -1, 1.5, 2 ** 60, true, [1]];
const NO_SECONDS = [null, "1", -0.001, true, {}];
const NO_TEXTS = [null, 1, true, ["a"], {}];
const NO_FLAGS = [null, 0, "true", []];
const LONG = "x".repeat(1025);

function each(field: string, values: unknown[]): Record<string, unknown>[] {
  return values.map((value) => ({ [field]: value }));
}

/** One of each message to the server. */
export const SAMPLES_TO_SERVER: Sample[] = [
  {
    message: {
      type: "hello",
      version: 1,
      name: "kitchen",
      device: "6f2d6c4e-93a1-4d8e-9a53-0d2f7f0c9b11",
      window: 1048576,
      features: ["later"],
      token: "secret",
      receive: true,
    },
    optional: ["features", "token", "receive"],
    wrong: [
      ...each("version", [null, "1", []]),
      ...each("name", NO_TEXTS),
      ...each("device", [...NO_TEXTS, "", "d".repeat(65)]),
      ...each("window", NO_COUNTS),
      ...each("features", [null, "a", {}, [1], new Array(65).fill("f")]),
      ...each("token", [...NO_TEXTS, LONG]),
      ...each("receive", NO_FLAGS),
    ],
  },
  {
    message: {
      ...{ type: "list", match: "ode", after: "a.wav", limit: 1000 },
      ...{ album: "k", artist: "A", genre: "Folk", folder: "live/" },
      ...{ sort: "album", selection: "artist:A" },
    },
    optional: [
      ...["match", "after", "limit", "album", "artist", "genre", "folder"],
      ...["sort", "selection"],
    ],
    wrong: [
      ...each("match", [...NO_TEXTS, LONG]),
      ...each("after", NO_TEXTS),
      ...each("limit", [...NO_COUNTS, 0, 1001]),
      ...each("album", [...NO_TEXTS, LONG]),
      ...each("artist", [...NO_TEXTS, LONG]),
      ...each("genre", [...NO_TEXTS, LONG]),
      ...each("folder", NO_TEXTS),
      ...each("selection", NO_TEXTS),
    ],
  },
  {
    message: {
      ...{ type: "albums", match: "ode", artist: "A", after: "x", limit: 1 },
      sort: "year",
    },
    optional: ["match", "artist", "after", "limit", "sort"],
    wrong: [
      ...each("match", [...NO_TEXTS, LONG]),
      ...each("artist", [...NO_TEXTS, LONG]),
      ...each("after", NO_TEXTS),
      ...each("limit", [...NO_COUNTS, 0, 1001]),
    ],
  },
  {
    message: { type: "artists", match: "ode", after: "x", limit: 1 },
    optional: ["match", "after", "limit"],
    wrong: [
      ...each("match", [...NO_TEXTS, LONG]),
      ...each("after", NO_TEXTS),
      ...each("limit", [...NO_COUNTS, 0, 1001]),
    ],
  },
  { message: { type: "playlists" }, wrong: [] },
  {
    message: { type: "remove", song: "a.wav", etag: "v1" },
    wrong: [...each("song", NO_TEXTS), ...each("etag", [...NO_TEXTS, LONG])],
  },
  {
    message: { type: "restore", song: "a.wav" },
    wrong: each("song", NO_TEXTS),
  },
  {
    message: { type: "play", song: "a", from: 1.5, offset: 44, etag: "v1" },
    optional: ["from", "offset", "etag"],
    wrong: [
      ...each("song", NO_TEXTS),
      ...each("from", NO_SECONDS),
      ...each("offset", NO_COUNTS),
      ...each("etag", [...NO_TEXTS, LONG]),
    ],
  },
  {
    message: { type: "stop", stream: 1 },
    optional: ["stream"],
    wrong: each("stream", NO_COUNTS),
  },
  { message: { type: "grant", bytes: 1 }, wrong: each("bytes", NO_COUNTS) },
  {
    message: {
      type: "upload",
      song: "a.wav",
      bytes: 44,
      sha256: SHA256,
      replace: true,
    },
    optional: ["bytes", "sha256", "replace"],
    wrong: [
      ...each("song", NO_TEXTS),
      ...each("bytes", NO_COUNTS),
      ...each("sha256", [...NO_TEXTS, "", SHA256 + "0", "g".repeat(64)]),
      ...each("replace", NO_FLAGS),
    ],
  },
  {
    message: { type: "end", bytes: 44, sha256: SHA256.toUpperCase() },
    wrong: [
      ...each("bytes", NO_COUNTS),
      ...each("sha256", [...NO_TEXTS, SHA256.slice(1)]),
    ],
  },
  { message: { type: "receive", on: false }, wrong: each("on", NO_FLAGS) },
  {
    message: { type: "cast", song: "a.wav", to: ["kitchen"], from: 0 },
    optional: ["from"],
    wrong: [
      ...each("song", NO_TEXTS),
      ...each("to", [null, 1, {}, [], [1], [LONG], new Array(1001).fill("k")]),
      ...each("from", NO_SECONDS),
    ],
  },
  {
    message: { type: "control", to: ["kitchen"], action: "seek", value: 90 },
    optional: ["value"],
    wrong: [
      ...each("to", [null, 1, {}, [], [null]]),
      ...each("action", [...NO_TEXTS, "jump", "PAUSE"]),
      ...each("value", [null, "1", true]),
    ],
  },
  {
    message: {
      type: "state",
      stream: 1,
      position: 0.5,
      playing: true,
      volume: 100,
      underruns: 0,
      problem: "no-player",
    },
    optional: ["problem"],
    wrong: [
      ...each("stream", NO_COUNTS),
      ...each("position", NO_SECONDS),
      ...each("playing", NO_FLAGS),
      ...each("volume", [null, "1", -1, 100.5]),
      ...each("underruns", NO_COUNTS),
      ...each("problem", [...NO_TEXTS, LONG]),
    ],
  },
  {
    message: { type: "online", after: "k", limit: 1, watch: true },
    optional: ["after", "limit", "watch"],
    wrong: [
      ...each("after", NO_TEXTS),
      ...each("limit", [...NO_COUNTS, 0, 1001]),
      ...each("watch", NO_FLAGS),
    ],
  },
  {
    message: { type: "ping", time: 12 },
    optional: ["time"],
    wrong: each("time", [null, "1", []]),
  },
  {
    message: { type: "pong", time: 12 },
    optional: ["time"],
    wrong: each("time", [null, "1", []]),
  },
  { message: { type: "bye" }, wrong: [] },
];

/** One of each message to the client. */
export const SAMPLES_TO_CLIENT: Sample[] = [
  {
    message: {
      type: "welcome",
      version: 1,
      you: "192.0.2.7:4711",
      key: "k",
      server: "studio",
      clock: "c",
      features: [],
      services: [{ key: "1", title: "Play", type: "play" }],
      online: [CLIENT],
      total: 1,
    },
    wrong: [
      ...each("you", NO_TEXTS),
      ...each("online", [null, {}, [{}], [{ ...CLIENT, name: 1 }]]),
      ...each("services", [null, [{ key: "1" }]]),
      ...each("total", NO_COUNTS),
    ],
  },
  {
    message: {
      type: "songs",
      songs: [
        {
          name: "a.wav",
          bytes: 288044,
          seconds: 1,
          etag: "v1",
          sha256: SHA256,
          format: FORMAT,
          ...{ codec: "flac", title: "T", artist: "A", album: "L" },
          ...{ albumArtist: "AA", track: 1, disc: 2, year: 1999 },
          ...{ genre: "Folk", added: 1_700_000_000, art: true },
          ...{ estimated: true, file: { bytes: 9, sha256: SHA256 } },
          gain: { track: -6.5, album: -7, peak: 0.9 },
        },
        {
          name: "b.wav",
          bytes: 3,
          seconds: null,
          etag: "v1",
          format: null,
          problem: "not-wav",
        },
      ],
      more: false,
      next: "x",
    },
    optional: ["next"],
    wrong: [
      ...each("songs", [null, {}, [{}], [null]]),
      ...each("more", NO_FLAGS),
      ...each("next", NO_TEXTS),
    ],
  },
  {
    message: {
      type: "albums",
      albums: [{
        ...{ key: "k", album: "L", artist: "A", year: 1999, songs: 12 },
        ...{ seconds: 2400.5, art: true, added: 1_700_000_000 },
      }],
      next: "x",
      total: 30,
    },
    optional: ["next"],
    wrong: [
      ...each("albums", [null, {}, [{}], [null]]),
      ...each("next", NO_TEXTS),
      ...each("total", NO_COUNTS),
    ],
  },
  {
    message: {
      type: "artists",
      artists: [{ artist: "A", albums: 2, songs: 12 }],
      next: "x",
      total: 30,
    },
    optional: ["next"],
    wrong: [
      ...each("artists", [null, {}, [{}], [null]]),
      ...each("next", NO_TEXTS),
      ...each("total", NO_COUNTS),
    ],
  },
  {
    message: { type: "removed", song: "a.wav" },
    wrong: each("song", NO_TEXTS),
  },
  {
    message: { type: "restored", song: "a.wav", etag: "v1" },
    wrong: [...each("song", NO_TEXTS), ...each("etag", NO_TEXTS)],
  },
  {
    message: {
      type: "playlists",
      playlists: [{ name: "a.m3u8", songs: 9, missing: 1 }],
    },
    wrong: each("playlists", [null, {}, [{}], [{ name: "a", songs: -1 }]]),
  },
  {
    message: { type: "online", clients: [CLIENT], more: false, total: 1 },
    wrong: [
      ...each("clients", [null, [{ ...CLIENT, state: { doing: "flying" } }]]),
      ...each("total", NO_COUNTS),
    ],
  },
  {
    message: {
      type: "start",
      stream: 1,
      song: "a.wav",
      etag: "v1",
      offset: 0,
      bytes: 288044,
      format: FORMAT,
      from: 0,
      sha256: SHA256,
      by: "k",
      at: 12,
    },
    optional: ["sha256", "by", "at"],
    wrong: [
      ...each("stream", NO_COUNTS),
      ...each("etag", [1, []]),
      ...each("offset", NO_COUNTS),
      ...each("bytes", ["1", -1, 0.5]),
      ...each("from", NO_SECONDS),
      ...each("format", [
        null,
        { ...FORMAT, encoding: "mp3" },
        { ...FORMAT, bits: 16 },
        { ...FORMAT, rate: 0 },
        { ...FORMAT, channels: 0 },
        { ...FORMAT, channels: 1.5 },
        { ...FORMAT, dataOffset: -1 },
      ]),
    ],
  },
  {
    message: { type: "end", stream: 1, sha256: SHA256 },
    optional: ["sha256"],
    wrong: [...each("stream", NO_COUNTS), ...each("sha256", NO_TEXTS)],
  },
  {
    message: { type: "stopped", stream: 1, reason: "asked", code: "changed" },
    optional: ["code"],
    wrong: [...each("stream", NO_COUNTS), ...each("reason", NO_TEXTS)],
  },
  {
    message: { type: "ready", window: 1 << 20 },
    wrong: each("window", NO_COUNTS),
  },
  {
    message: { type: "stored", song: "a.wav", etag: "v1" },
    wrong: each("song", NO_TEXTS),
  },
  {
    message: {
      type: "casting",
      to: ["k"],
      refused: [{ to: "x", code: "not-found", message: "Cannot" }],
    },
    wrong: [...each("to", [null, [1]]), ...each("refused", [null, [{}]])],
  },
  { message: { type: "receiving", on: true }, wrong: each("on", NO_FLAGS) },
  { message: { type: "controlled" }, wrong: [] },
  {
    message: { type: "control", action: "volume", value: 50, by: "k" },
    optional: ["value", "by"],
    wrong: [...each("action", [null, "jump"]), ...each("value", ["1"])],
  },
  { message: { type: "grant", bytes: 9 }, wrong: each("bytes", NO_COUNTS) },
  {
    message: { type: "ping", time: 1 },
    optional: ["time"],
    wrong: each("time", ["1"]),
  },
  {
    message: { type: "pong", time: 1, received: 2, sent: 3 },
    optional: ["time", "received", "sent"],
    wrong: each("sent", ["1", null]),
  },
  {
    message: { type: "error", code: "x", message: "Cannot", fatal: true },
    optional: ["fatal"],
    wrong: [...each("code", NO_TEXTS), ...each("fatal", NO_FLAGS)],
  },
];
