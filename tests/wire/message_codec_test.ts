import assert from "node:assert/strict";
import { encodeMessage, openEnvelope } from "../../lib/wire/message_codec.ts";
import type { ToClient, ToServer } from "../../lib/wire/messages.ts";
import { TO_PEER } from "../../lib/wire/to_peer.ts";
import { TO_SERVER } from "../../lib/wire/to_server.ts";
import { hex, unhex } from "../support/decoded.ts";
import fc from "../support/fast_check.ts";
import { json, read, readObject } from "../support/read_message.ts";
import { SAMPLES_TO_CLIENT, SAMPLES_TO_SERVER } from "./message_samples.ts";
import vectors from "../vectors/frames.json" with { type: "json" };

const utf8 = new TextEncoder();

for (const { name, to, frame, message } of vectors.frames) {
  if (message === undefined) continue;
  const table = to === "server" ? TO_SERVER : TO_PEER;

  Deno.test(`encodeMessage() gives the golden bytes of: ${name}`, () => {
    const encoded = encodeMessage(message as unknown as ToServer | ToClient);
    assert.equal(hex(encoded), frame);
  });

  Deno.test(`checkMessage() reads the golden bytes of: ${name}`, () => {
    assert.deepEqual(read(table, unhex(frame).subarray(4)), message);
  });
}

const NO_MESSAGES: [what: string, payload: Uint8Array][] = [
  ["no byte", new Uint8Array(0)],
  ["a lone continuation byte", unhex("7b2261223a2280227d")],
  ["overlong UTF-8", unhex("7b22c0af223a317d")],
  ["a surrogate in UTF-8", unhex("7b22eda080223a317d")],
  ["broken JSON", utf8.encode('{"type":"bye"')],
  ["two objects", utf8.encode('{"type":"bye"}{"type":"bye"}')],
  ["a trailing comma", utf8.encode('{"type":"bye",}')],
  ["an array", utf8.encode('[{"type":"bye"}]')],
  ["null", utf8.encode("null")],
  ["a string", utf8.encode('"bye"')],
  ["a number", utf8.encode("1")],
  ["no type", utf8.encode('{"song":"a"}')],
  ["a type that is a number", utf8.encode('{"type":1}')],
  ["a type that is null", utf8.encode('{"type":null}')],
  ["an id beyond all numbers", utf8.encode('{"type":"bye","id":1e999}')],
  ["an id that is null", utf8.encode('{"type":"bye","id":null}')],
  ["an id that is an object", utf8.encode('{"type":"bye","id":{}}')],
  [
    "an id of 65 characters",
    utf8.encode(`{"type":"bye","id":"${"i".repeat(65)}"}`),
  ],
];

for (const [what, payload] of NO_MESSAGES) {
  Deno.test(`openEnvelope() throws bad-message when it is ${what}`, () => {
    assert.throws(() => openEnvelope(payload), {
      code: "bad-message",
      fatal: true,
    });
  });
}

Deno.test("openEnvelope() throws bad-message when a message is cut anywhere", () => {
  const payload = utf8.encode('{"type":"hello","name":"küche","id":12}');
  for (let end = 0; end < payload.length; end++) {
    assert.throws(() => openEnvelope(payload.subarray(0, end)), {
      code: "bad-message",
    });
  }
});

Deno.test("openEnvelope() takes an id that is a number or up to 64 characters", () => {
  const most = Number.MAX_SAFE_INTEGER;
  for (const id of [0, -1, most, -most, "", "i".repeat(64), "ключ"]) {
    const payload = utf8.encode(JSON.stringify({ type: "bye", id }));
    assert.equal(openEnvelope(payload).id, id);
  }
});

Deno.test("openEnvelope() refuses an id that is no whole number within 2^53, or longer than 64 characters", () => {
  const ids = ["1.5", "9007199254740992", "-9007199254740992", "1e300"];
  for (const id of [...ids, "null", "true", "[]", `"${"i".repeat(65)}"`]) {
    for (const name of ["id", "re"]) {
      const payload = utf8.encode(`{"type":"bye","${name}":${id}}`);
      assert.throws(() => openEnvelope(payload), { code: "bad-message" }, id);
    }
  }
});

Deno.test("checkRequest() recognises a hello of another version, whatever its other fields", () => {
  const version = { code: "version", fatal: true };
  for (const other of [0, 2, 1.5, -1, 2 ** 53]) {
    const odd = [{ name: [1], window: "all", device: {} }, { id: 1.5 }];
    for (const fields of [{}, ...odd, { id: "i".repeat(65), re: [] }]) {
      const hello = { type: "hello", version: other, ...fields };
      assert.throws(() => readObject(TO_SERVER, hello), version);
    }
  }
  for (const other of ["2", null, undefined, [2]]) {
    const hello = { type: "hello", version: other };
    assert.throws(() => readObject(TO_SERVER, hello), { code: "bad-message" });
  }
});

Deno.test("checkRequest() throws unknown-type when the type has no row", () => {
  for (
    const type of ["", "x", "HELLO", "welcome", "__proto__", "constructor"]
  ) {
    assert.throws(() => readObject(TO_SERVER, { type, id: 1 }), {
      code: "unknown-type",
      fatal: true,
    });
  }
});

Deno.test("checkRequest() names no more than the start of an unknown type", () => {
  assert.throws(
    () => readObject(TO_SERVER, { type: "x".repeat(60_000) }),
    (error: Error) => error.message.length < 1000,
  );
});

Deno.test("each message type has a sample here", () => {
  const types = (samples: { message: { type: string } }[]) =>
    [...new Set(samples.map(({ message }) => message.type))].sort();
  assert.deepEqual(types(SAMPLES_TO_SERVER), Object.keys(TO_SERVER).sort());
  assert.deepEqual(types(SAMPLES_TO_CLIENT), Object.keys(TO_PEER).sort());
});

const DIRECTIONS = [
  { to: "server", table: TO_SERVER, samples: SAMPLES_TO_SERVER },
  { to: "client", table: TO_PEER, samples: SAMPLES_TO_CLIENT },
] as const;

for (const { to, table, samples } of DIRECTIONS) {
  for (const { message, wrong } of samples) {
    const { type } = message;

    Deno.test(`checkMessage() reads ${type} to the ${to}, with re and id`, () => {
      for (const names of [{}, { id: 7 }, { re: "r", id: "i" }]) {
        const whole = { ...message, ...names };
        assert.deepEqual(readObject(table, whole), whole);
      }
    });

    Deno.test(`checkMessage() drops unknown fields of ${type} to the ${to}`, () => {
      const more = { ...message, newer: { a: [1] }, __proto_: 1 };
      assert.deepEqual(readObject(table, more), message);
    });

    if (wrong.length > 0) {
      Deno.test(`checkMessage() throws bad-message when a field of ${type} to the ${to} is wrong`, () => {
        for (const fields of wrong) {
          assert.throws(
            () => readObject(table, { ...message, ...fields }),
            { code: "bad-message", fatal: true },
            JSON.stringify(fields),
          );
        }
      });
    }
  }
}

Deno.test("checkMessage() says what it expected, without the value, when a field is wrong", () => {
  const value = "\u001b[2J".repeat(1_000);
  const [song, device] = ["canon", "den"];
  for (
    const [message, expected] of [
      [{ type: "queue", to: device, songs: value }, "field songs: expected"],
      [{ type: "queue", to: device, songs: [] }, "field songs: expected"],
      [{ type: "control", to: device, action: value }, '"pause" | "resume"'],
      [{ type: "play", song: { [value]: value } }, "field song: expected"],
      [{ type: "cast", song }, "field to: expected"],
    ] as const
  ) {
    assert.throws(() => readObject(TO_SERVER, message), (error: Error) => {
      assert.ok(error.message.includes(expected), error.message);
      assert.ok(!/\[2J|Invalid|received/.test(error.message));
      return error.message.length < 250;
    });
  }
});

Deno.test("checkMessage() throws bad-message when a required field is missing", () => {
  const optional: Record<string, string[]> = {};
  for (const { to, table, samples } of DIRECTIONS) {
    for (const { message, optional: names = [] } of samples) {
      (optional[`${to} ${message.type}`] ??= []).push(...names);
    }
    for (const { message } of samples) {
      for (const field of Object.keys(message)) {
        if (field === "type") continue;
        const rest = { ...message, [field]: undefined };
        const may = optional[`${to} ${message.type}`].includes(field);
        const check = () => readObject(table, rest);
        if (may) check();
        else assert.throws(check, { code: "bad-message" }, field);
      }
    }
  }
});

Deno.test("checkMessage() takes counts up to 2^53 - 1", () => {
  const hello =
    SAMPLES_TO_SERVER.find(({ message }) => message.type === "hello")!.message;
  const messages = (bytes: number) => [
    { ...hello, window: bytes },
    { type: "grant", bytes },
    { type: "stop", stream: bytes },
    { type: "play", song: "a", offset: bytes },
  ];
  for (const bytes of [0, 1, 2 ** 53 - 1]) {
    for (const message of messages(bytes)) readObject(TO_SERVER, message);
  }
  for (const message of messages(2 ** 53)) {
    assert.throws(() => readObject(TO_SERVER, message), {
      code: "bad-message",
    });
  }
});

Deno.test("openEnvelope() and checkMessage() throw nothing but their codes, whatever JSON comes", () => {
  const json = fc.oneof(
    fc.json(),
    fc.record({
      type: fc.constantFrom(...Object.keys(TO_SERVER)),
      song: fc.anything(),
      bytes: fc.anything(),
      from: fc.anything(),
      to: fc.anything(),
    }, { requiredKeys: ["type"] }).map((object) =>
      JSON.stringify(object) ?? ""
    ),
  );
  fc.assert(fc.property(json, (text) => {
    try {
      read(TO_SERVER, utf8.encode(text));
    } catch (error) {
      const { code } = error as { code?: string };
      assert.ok(["bad-message", "unknown-type"].includes(code ?? ""), text);
    }
  }));
});

Deno.test("encodeMessage() and checkMessage() preserve any text and number", () => {
  fc.assert(fc.property(
    fc.string({ unit: "grapheme", maxLength: 300 }),
    fc.double({ min: 0, noDefaultInfinity: true, noNaN: true }),
    (song, from) => {
      const frame = encodeMessage({ type: "play", song, from });
      const message = read(TO_SERVER, frame.subarray(4));
      assert.equal(message.song, song);
      assert.equal(message.from, from === 0 ? 0 : from);
    },
  ));
});

Deno.test("encodeMessage() gives each message memory of its own, short or long", () => {
  const songs = ["a.wav", "ü".repeat(400), "b.wav", "c".repeat(1024)];
  const long = {
    type: "songs",
    songs: new Array(1000).fill("ü".repeat(100)),
    more: true,
  } as unknown as ToClient;
  const frames = [
    ...songs.map((song) => encodeMessage({ type: "play", song })),
    encodeMessage(long),
    encodeMessage({ type: "play", song: "d.wav" }),
  ];
  const [last, longest, ...others] = frames.map(json).reverse();
  assert.deepEqual(others.reverse().map(({ song }) => song), songs);
  assert.deepEqual(longest, long);
  assert.equal(last.song, "d.wav");
});
