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
  kind: "speaker",
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
const NO_DEVICES = [null, 1, {}, [], [1], [LONG], new Array(1001).fill("k")];

const LOAN = { device: "k", group: "g", term: 1 };
const WRONG_LOANS = [
  ...each("device", [...NO_TEXTS, "", "k".repeat(65)]),
  ...each("group", [...NO_TEXTS, "", "g".repeat(65)]),
  ...each("term", NO_COUNTS),
];

const STEP = { errorUs: -42.5, grade: "exact", rttUs: 900, leadMs: 350 };
const GROUP = {
  ...{ group: "g", name: "kitchen + study", state: "playing", entry: 3 },
  ...{ song: "a.wav", title: "A", artist: "B", art: true, position: 1.5 },
  ...{ positionAt: 12, seconds: 60, songs: 2, revision: 4, repeat: "off" },
  ...{ shuffle: false, volume: 80, problem: "not-found", by: "k", was: "h" },
  devices: [
    {
      ...{
        key: "k",
        name: "kitchen",
        kind: "speaker",
        volume: 80,
        muted: false,
        delay: -20,
      },
      ...{ away: true, step: STEP, problem: "no-player" },
    },
    { key: "l", name: "study", volume: 5.5, muted: true, delay: 0 },
  ],
};
const SILENT_GROUP = {
  ...{ group: "m", name: "hall", devices: [], state: "stopped", entry: null },
  ...{ song: null, title: null, position: 0, positionAt: 12, seconds: null },
  ...{ songs: 0, revision: 0, repeat: "all", shuffle: true, volume: 100 },
};
const WRONG_GROUPS = [
  ...[null, {}, [{}], [null], [{ ...GROUP, state: "idle" }]],
  ...[[{ ...GROUP, devices: [{ key: "k" }] }], [{ ...GROUP, repeat: "two" }]],
];

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
      kind: "tv",
    },
    optional: ["features", "token", "receive", "kind"],
    wrong: [
      ...each("version", [null, "1", []]),
      ...each("name", NO_TEXTS),
      ...each("device", [...NO_TEXTS, "", "d".repeat(65)]),
      ...each("window", NO_COUNTS),
      ...each("features", [null, "a", {}, [1], new Array(65).fill("f")]),
      ...each("token", [...NO_TEXTS, LONG]),
      ...each("receive", NO_FLAGS),
      ...each("kind", [...NO_TEXTS, "", "k".repeat(33)]),
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
    message: { type: "prove", proof: "0f".repeat(32) },
    wrong: each("proof", [...NO_TEXTS, "0F".repeat(32), "0f"]),
  },
  { message: { type: "places" }, wrong: [] },
  {
    message: { type: "borrow", ...LOAN },
    wrong: WRONG_LOANS,
  },
  {
    message: {
      ...{ type: "lent-start", ...LOAN, stream: 2, song: "attic:a.wav" },
      ...{ from: 48_000, by: "k", entry: 3, follows: 1 },
      line: { stream: 1, frame: 9, at: 12.5, since: 12.5 },
    },
    optional: ["by", "entry", "follows", "line"],
    wrong: [
      ...WRONG_LOANS,
      ...each("stream", NO_COUNTS),
      ...each("song", [...NO_TEXTS, "", "s".repeat(4_201)]),
      ...each("from", NO_COUNTS),
      ...each("follows", NO_COUNTS),
      ...each("line", [1, {}, { stream: 1, frame: 1, at: "now" }]),
    ],
  },
  {
    message: {
      ...{ type: "lent-line", ...LOAN, stream: 2, frame: 9, at: null },
      since: 12.5,
    },
    optional: ["since"],
    wrong: [
      ...WRONG_LOANS,
      ...each("stream", NO_COUNTS),
      ...each("frame", NO_COUNTS),
      ...each("at", ["1", true, {}]),
      ...each("since", [null, "1"]),
    ],
  },
  {
    message: { type: "lent-drop", ...LOAN, stream: 2, reason: "over" },
    wrong: [
      ...WRONG_LOANS,
      ...each("stream", NO_COUNTS),
      ...each("reason", [...NO_TEXTS, LONG]),
    ],
  },
  {
    message: {
      ...{ type: "lent-control", ...LOAN, action: "volume", value: 40 },
      by: "k",
    },
    optional: ["value", "by"],
    wrong: [
      ...WRONG_LOANS,
      ...each("action", [...NO_TEXTS, "next"]),
      ...each("value", [null, "1", {}]),
    ],
  },
  {
    message: { type: "lent-back", device: "k" },
    wrong: each("device", [...NO_TEXTS, ""]),
  },
  {
    message: { type: "remove", song: "a.wav", etag: "v1" },
    wrong: [...each("song", NO_TEXTS), ...each("etag", [...NO_TEXTS, LONG])],
  },
  {
    message: { type: "restore", song: "a.wav" },
    wrong: each("song", NO_TEXTS),
  },
  {
    message: { type: "rename", song: "a.wav", name: "b" },
    wrong: [...each("song", NO_TEXTS), ...each("name", NO_TEXTS)],
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
      type: "live",
      name: "radio",
      format: {
        ...{ encoding: "s24le", rate: 48_000, channels: 2, bits: 24 },
        ...{ validBits: 20, channelMask: 3, dataOffset: 44 },
      },
    },
    wrong: [
      ...each("name", NO_TEXTS),
      { format: { encoding: "s24le", rate: 48_000, channels: 2, bits: 16 } },
      { format: { encoding: "s16le", rate: 1e6, channels: 2, bits: 16 } },
      { format: { encoding: "s16le", rate: 48_000, channels: 0, bits: 16 } },
    ],
  },
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
    message: {
      ...{ type: "cast", song: "a.wav", to: ["kitchen"], from: 0 },
      together: false,
    },
    optional: ["from", "together"],
    wrong: [
      ...each("together", NO_FLAGS),
      ...each("song", NO_TEXTS),
      ...each("to", [null, 1, {}, [], [1], [LONG], new Array(1001).fill("k")]),
      ...each("from", NO_SECONDS),
    ],
  },
  {
    message: {
      ...{ type: "control", to: ["kitchen"], action: "seek", value: 90 },
      ...{ group: true, relative: true, entry: 7 },
    },
    optional: ["value", "group", "relative", "entry"],
    wrong: [
      ...each("to", [null, 1, {}, [], [null]]),
      ...each("action", [...NO_TEXTS, "dance", "PAUSE", "JUMP"]),
      ...each("value", [null, "1", "two", Infinity, []]),
      ...each("group", NO_FLAGS),
      ...each("relative", NO_FLAGS),
      ...each("entry", NO_COUNTS),
    ],
  },
  {
    message: { type: "control", to: "k", action: "jump", value: 3 },
    wrong: [],
  },
  {
    message: { type: "control", to: "k", action: "repeat", value: "all" },
    wrong: [],
  },
  {
    message: { type: "control", to: "k", action: "shuffle", value: true },
    wrong: [],
  },
  {
    message: {
      ...{ type: "queue", to: ["k"], songs: ["album:Goldberg", "live/"] },
      ...{ place: "next", index: 3, from: 1.5, shuffle: true, repeat: "one" },
    },
    optional: ["place", "index", "from", "shuffle", "repeat"],
    wrong: [
      ...each("to", NO_DEVICES),
      ...each("songs", [null, "a", [], [1], [LONG], new Array(1001).fill("a")]),
      ...each("place", [...NO_TEXTS, "first"]),
      ...each("index", NO_COUNTS),
      ...each("from", NO_SECONDS),
      ...each("shuffle", NO_FLAGS),
      ...each("repeat", [...NO_TEXTS, "two"]),
    ],
  },
  {
    message: { type: "group", devices: ["k", "kitchen"] },
    wrong: each("devices", NO_DEVICES),
  },
  {
    message: { type: "ungroup", devices: "k" },
    wrong: each("devices", NO_DEVICES),
  },
  {
    message: { type: "move", group: "g", to: ["k"] },
    wrong: [
      ...each("group", [...NO_TEXTS, LONG]),
      ...each("to", NO_DEVICES),
    ],
  },
  {
    message: { type: "groups", after: "g", limit: 1, watch: true },
    optional: ["after", "limit", "watch"],
    wrong: [
      ...each("after", NO_TEXTS),
      ...each("limit", [...NO_COUNTS, 0, 1001]),
      ...each("watch", NO_FLAGS),
    ],
  },
  {
    message: { type: "entries", group: "g", after: 3, limit: 1000 },
    optional: ["after", "limit"],
    wrong: [
      ...each("group", [...NO_TEXTS, LONG]),
      ...each("after", NO_COUNTS),
      ...each("limit", [...NO_COUNTS, 0, 1001]),
    ],
  },
  {
    message: {
      ...{ type: "edit", group: "g", revision: 4, action: "move" },
      ...{ entries: [3, 1], before: 2 },
    },
    optional: ["revision", "entries", "before"],
    wrong: [
      ...each("group", [...NO_TEXTS, LONG]),
      ...each("revision", NO_COUNTS),
      ...each("action", [...NO_TEXTS, "add"]),
      ...each("entries", [null, 1, {}, ["1"], [-1], new Array(10_001).fill(1)]),
      ...each("before", NO_COUNTS),
    ],
  },
  { message: { type: "rejoin" }, wrong: [] },
  {
    message: {
      type: "state",
      stream: 1,
      position: 0.5,
      playing: true,
      volume: 100,
      underruns: 0,
      problem: "no-player",
      step: STEP,
    },
    optional: ["problem", "step"],
    wrong: [
      ...each("step", [null, {}, 1, { ...STEP, errorUs: Infinity }]),
      ...each("step", [{ ...STEP, grade: "good" }, { ...STEP, leadMs: -1 }]),
      ...each("step", [{ ...STEP, leadMs: 60_001 }, { ...STEP, rttUs: "1" }]),
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
      may: ["upload", "replace"],
    },
    optional: ["may"],
    wrong: [
      ...each("you", NO_TEXTS),
      ...each("online", [null, {}, [{}], [{ ...CLIENT, name: 1 }]]),
      ...each("services", [null, [{ key: "1" }]]),
      ...each("total", NO_COUNTS),
      ...each("may", [null, "upload", [1]]),
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
  { message: { type: "proved" }, wrong: [] },
  {
    message: {
      ...{ type: "borrowed", volume: 40, muted: false, delay: -20 },
      ...{ step: STEP, problem: "no-player" },
    },
    optional: ["step", "problem"],
    wrong: [
      ...each("volume", [null, 100.5, -1]),
      ...each("muted", NO_FLAGS),
      ...each("delay", [null, 2_001, -2_001]),
    ],
  },
  {
    message: {
      ...{ type: "lent-facts", device: "k", volume: 40 },
      ...{ step: STEP, problem: "no-player" },
    },
    optional: ["step", "problem"],
    wrong: [
      ...each("device", [...NO_TEXTS, "", "k".repeat(65)]),
      ...each("volume", [null, 100.5, -1]),
      ...each("step", [null, {}, { ...STEP, leadMs: 60_001 }]),
    ],
  },
  {
    message: {
      ...{ type: "lent-place", device: "k", stream: 2, position: 1.5 },
      playing: true,
    },
    wrong: [
      ...each("stream", NO_COUNTS),
      ...each("position", NO_SECONDS),
      ...each("playing", NO_FLAGS),
    ],
  },
  {
    message: {
      ...{ type: "lent-stream", device: "k", stream: 2, event: "failed" },
      ...{ code: "not-found", reason: "gone" },
    },
    optional: ["code", "reason"],
    wrong: [
      ...each("stream", NO_COUNTS),
      ...each("event", [...NO_TEXTS, "begun"]),
      ...each("reason", [...NO_TEXTS, LONG]),
    ],
  },
  {
    message: { type: "lent-rejoin", device: "k" },
    wrong: each("device", [...NO_TEXTS, ""]),
  },
  {
    message: { type: "lent-over", device: "k", why: "away" },
    wrong: each("why", [...NO_TEXTS, "gone"]),
  },
  {
    message: {
      type: "places",
      places: [{
        ...{ node: "attic", address: "attic:4040", state: "alive" },
        ...{ devices: 1, songs: 2 },
      }],
      connected: true,
    },
    wrong: [
      ...each("places", [null, [{ node: "attic" }]]),
      ...each("connected", [null, 1]),
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
    message: { type: "renamed", song: "b.wav", etag: "v1" },
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
      ...{ group: "g", entry: 3, follows: 7 },
    },
    optional: ["sha256", "by", "at", "group", "entry", "follows"],
    wrong: [
      ...each("group", NO_TEXTS),
      ...each("entry", NO_COUNTS),
      ...each("follows", NO_COUNTS),
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
    wrong: [
      ...each("action", [null, "jump", "repeat"]),
      ...each("value", ["1", "all", null]),
    ],
  },
  { message: { type: "control", action: "mute", value: true }, wrong: [] },
  { message: { type: "control", action: "delay", value: -20 }, wrong: [] },
  {
    message: {
      ...{ type: "queued", group: "g", entry: 1, songs: 30, revision: 4 },
      refused: [{ to: "x", code: "not-found", message: "Cannot" }],
    },
    wrong: [
      ...each("group", NO_TEXTS),
      ...each("entry", ["1", -1]),
      ...each("songs", NO_COUNTS),
      ...each("revision", NO_COUNTS),
      ...each("refused", [null, [{}]]),
    ],
  },
  {
    message: { type: "grouped", group: "g", devices: ["k"], refused: [] },
    wrong: [
      ...each("group", NO_TEXTS),
      ...each("devices", [null, "k", [1]]),
      ...each("refused", [null, [{}]]),
    ],
  },
  {
    message: {
      ...{ type: "groups", groups: [GROUP, SILENT_GROUP], more: false },
      total: 2,
    },
    optional: ["groups", "more", "total"],
    wrong: [
      ...each("groups", WRONG_GROUPS),
      ...each("more", NO_FLAGS),
      ...each("total", NO_COUNTS),
    ],
  },
  {
    message: { type: "groups", changed: [GROUP], gone: ["h"] },
    optional: ["changed", "gone"],
    wrong: [...each("changed", WRONG_GROUPS), ...each("gone", [null, [1]])],
  },
  {
    message: {
      ...{ type: "entries", group: "g", revision: 4, playing: 3, more: true },
      total: 2000,
      entries: [
        { entry: 3, song: "a.wav", title: "A", artist: "B", seconds: 60 },
        {
          ...{ entry: 1, song: "b.mp3", title: "b", seconds: null },
          problem: "not-found",
        },
      ],
    },
    wrong: [
      ...each("entries", [null, {}, [{}], [{ entry: 1, song: "a" }]]),
      ...each("revision", NO_COUNTS),
      ...each("playing", ["1", -1]),
      ...each("more", NO_FLAGS),
      ...each("total", NO_COUNTS),
    ],
  },
  {
    message: { type: "edited", revision: 5 },
    wrong: each("revision", NO_COUNTS),
  },
  {
    message: { type: "line", stream: 3, frame: 4410, at: 12.5, since: 12 },
    optional: ["since"],
    wrong: [
      ...each("stream", NO_COUNTS),
      ...each("frame", NO_COUNTS),
      ...each("at", ["1", true]),
      ...each("since", [null, "1"]),
    ],
  },
  {
    message: { type: "line", stream: 3, frame: 0, at: null },
    wrong: [],
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
