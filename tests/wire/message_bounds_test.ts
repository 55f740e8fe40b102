import assert from "node:assert/strict";
import { MAX_DEPTH, openRequest } from "../../lib/wire/request_codec.ts";
import { TO_SERVER } from "../../lib/wire/to_server.ts";
import fc from "../support/fast_check.ts";
import { read, readObject } from "../support/read_message.ts";
import { SAMPLES_TO_SERVER } from "./message_samples.ts";

const utf8 = new TextEncoder();

Deno.test("characters are code points, in every field with a limit of them", () => {
  const note = "\u{1F3B5}"; // two UTF-16 units, four bytes of UTF-8
  const table: [most: number, take: (text: string) => unknown][] = [
    [
      64,
      (id) => read(TO_SERVER, utf8.encode(JSON.stringify({ type: "bye", id }))),
    ],
    ...BOUNDS_OF_CHARACTERS.map(([type, field, most]) =>
      [most, (text: string) => {
        const { message } = SAMPLES_TO_SERVER.find((sample) =>
          sample.message.type === type
        )!;
        const isList = Array.isArray(message[field]);
        const value = isList ? [text] : text;
        return readObject(TO_SERVER, { ...message, [field]: value });
      }] as [number, (text: string) => unknown]
    ),
  ];
  for (const [most, take] of table) {
    take(note.repeat(most));
    take("é".repeat(most));
    assert.throws(() => take(note.repeat(most) + "x"), { code: "bad-message" });
    assert.throws(() => take("é".repeat(most + 1)), { code: "bad-message" });
  }
});

/** A message with so many lists and objects in each other, itself among them. */
function nested(depth: number, open: string, close: string): Uint8Array {
  const inside = depth - 1;
  return utf8.encode(
    `{"type":"ping","x":${open.repeat(inside)}1${close.repeat(inside)}}`,
  );
}

for (const [open, close] of [["[", "]"], ['{"a":', "}"], ['[{"]":', "}]"]]) {
  Deno.test(`openRequest() accepts JSON as deep as allowed, and no deeper, of ${open}`, () => {
    const each = open === '[{"]":' ? 2 : 1;
    const most = Math.floor((MAX_DEPTH - 1) / each);
    assert.equal(
      openRequest(nested(most + 1, open, close)).type,
      "ping",
    );
    assert.throws(
      () => openRequest(nested(most + 2, open, close)),
      { code: "bad-message", message: /at most 32/ },
    );
    assert.throws(
      () => openRequest(nested(5000, open, close)),
      { code: "bad-message", message: /at most 32/ },
    );
  });
}

Deno.test("openRequest() counts no brackets in texts, whatever is escaped there", () => {
  const brackets = "[{".repeat(100);
  for (const before of ["", '"', "\\", '\\"', "\\\\", "\u0022"]) {
    const message = { type: "ping", id: 1, more: before + brackets, x: [[]] };
    const payload = utf8.encode(JSON.stringify(message));
    assert.equal(openRequest(payload).id, 1);
  }
});

Deno.test("openRequest() measures depth as JSON.parse does", () => {
  fc.assert(fc.property(fc.json({ maxDepth: 60 }), (json) => {
    const payload = utf8.encode(`{"type":"ping","x":${json}}`);
    const depth = depthOf(JSON.parse(`[${json}]`));
    let taken = true;
    try {
      openRequest(payload);
    } catch {
      taken = false;
    }
    assert.equal(taken, depth <= MAX_DEPTH, json);
  }));
});

/** How many lists and objects lie in each other. */
function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

/** Texts of a limited length. */
const BOUNDS_OF_CHARACTERS: [type: string, field: string, most: number][] = [
  ["hello", "device", 64],
  ["hello", "token", 1024],
  ["hello", "features", 1024],
  ["list", "match", 1024],
  ["play", "etag", 1024],
  ["cast", "to", 1024],
  ["state", "problem", 1024],
  ["queue", "songs", 1024],
  ["queue", "to", 1024],
  ["group", "devices", 1024],
  ["edit", "group", 1024],
];

/** A message with one field at its bound, and beyond. */
const BOUNDS: [
  type: string,
  field: string,
  most: (more: number) => unknown,
][] = [
  ["hello", "device", (more) => "d".repeat(64 + more)],
  ["hello", "token", (more) => "t".repeat(1024 + more)],
  ["hello", "features", (more) => Array(64 + more).fill("f")],
  ["hello", "features", (more) => ["f".repeat(1024 + more)]],
  ["hello", "window", (more) => 2 ** 53 - 1 + more],
  ["list", "match", (more) => "m".repeat(1024 + more)],
  ["list", "limit", (more) => 1000 + more],
  ["play", "etag", (more) => "e".repeat(1024 + more)],
  ["cast", "to", (more) => Array(1000 + more).fill("k")],
  ["cast", "to", (more) => ["k".repeat(1024 + more)]],
  ["control", "to", (more) => Array(1000 + more).fill("k")],
  ["control", "to", (more) => "k".repeat(1024 + more)],
  ["state", "volume", (more) => 100 + more],
  ["state", "problem", (more) => "p".repeat(1024 + more)],
  ["online", "limit", (more) => 1000 + more],
  ["queue", "songs", (more) => Array(1000 + more).fill("s")],
  ["queue", "to", (more) => Array(1000 + more).fill("k")],
  ["queue", "index", (more) => 2 ** 53 - 1 + more],
  ["group", "devices", (more) => Array(1000 + more).fill("k")],
  ["move", "to", (more) => Array(1000 + more).fill("k")],
  ["groups", "limit", (more) => 1000 + more],
  ["entries", "limit", (more) => 1000 + more],
  ["edit", "entries", (more) => Array(10_000 + more).fill(1)],
];

Deno.test("checkMessage() accepts fields at their bound, and not one beyond", () => {
  for (const [type, field, most] of BOUNDS) {
    const { message } = SAMPLES_TO_SERVER.find((sample) =>
      sample.message.type === type
    )!;
    const what = `${type}.${field}`;
    const taken = readObject(TO_SERVER, { ...message, [field]: most(0) });
    assert.deepEqual(taken[field], most(0), what);
    assert.throws(
      () => readObject(TO_SERVER, { ...message, [field]: most(1) }),
      { code: "bad-message" },
      what,
    );
  }
});
