import assert from "node:assert/strict";
import {
  UPLOAD_STUCK_MS,
  UPLOAD_WINDOW_BYTES,
} from "../../lib/server/upload_receiver.ts";
import { OndacastError } from "../../lib/errors.ts";
import { settle } from "../support/fake_clock.ts";
import { MemoryServer } from "../support/memory_server.ts";
import { noise, PHONE, sha256Hex, wavFile } from "../support/memory_songs.ts";
import {
  concat,
  dataFrame,
  messageFrame,
  rawFrame,
} from "../support/raw_peer.ts";

const FILE = wavFile(PHONE, noise(5000));
const END = dataFrame(new Uint8Array(0));
const UPLOAD = { type: "upload", song: "new", sha256: sha256Hex(FILE) };

async function setUp() {
  const server = new MemoryServer();
  server.songs.add("old.wav", wavFile(PHONE, noise(10)));
  const connection = await server.connectWelcomed({
    clientAddress: "127.0.0.1:5",
  });
  return { ...connection, server };
}

Deno.test("an upload is ready, and stored after its empty frame", async () => {
  const { peer } = await setUp();
  await peer.send({ ...UPLOAD, id: "u" });
  assert.deepEqual(await peer.next("ready"), {
    ...{ type: "ready", window: UPLOAD_WINDOW_BYTES, re: "u" },
  });
  await peer.write(concat([dataFrame(FILE), END]));
  const { song, re } = await peer.next("stored");
  assert.deepEqual([song, re], ["new.wav", "u"]);
});

Deno.test("an upload that is refused before its ready is over: nothing need be sent for it", async () => {
  const { peer } = await setUp();
  for (let i = 0; i < 3; i++) {
    await peer.send({ type: "upload", song: "old", id: i });
    assert.deepEqual((await peer.next("error")).code, "exists");
  }
  await peer.send(UPLOAD);
  await peer.next("ready");
  await peer.write(concat([dataFrame(FILE), END]));
  await peer.next("stored");
});

Deno.test("one empty frame is accepted after an upload that was refused before its ready, and no more", async () => {
  const { peer } = await setUp();
  await peer.send({ type: "upload", song: "old" });
  await peer.next("error");
  await peer.write(END);
  await peer.send(UPLOAD);
  await peer.next("ready");
  await peer.write(concat([dataFrame(FILE), END]));
  await peer.next("stored");
  await peer.write(END);
  assert.equal((await peer.next("error")).code, "bad-frame");
});

Deno.test("a second empty frame after a refusal is bad-frame", async () => {
  const { peer } = await setUp();
  await peer.send({ type: "upload", song: "old" });
  await peer.next("error");
  await peer.write(concat([END, END]));
  assert.equal((await peer.next("error")).code, "bad-frame");
});

const BEFORE_READY: [what: string, upload: Record<string, unknown>][] = [
  ["that is refused", { type: "upload", song: "old" }],
  ["that would have been ready", UPLOAD],
];

for (const [what, upload] of BEFORE_READY) {
  Deno.test(`data that was sent along with an upload ${what} is bad-frame`, async () => {
    const { peer } = await setUp();
    await peer.write(concat([messageFrame(upload), dataFrame(FILE)]));
    while ((await peer.next("error")).code !== "bad-frame");
    assert.equal(peer.messages("stored").length, 0);
  });
}

Deno.test("data after an upload that was refused before its ready is bad-frame", async () => {
  const { peer } = await setUp();
  await peer.send({ type: "upload", song: "old" });
  await peer.next("error");
  await peer.write(dataFrame(FILE));
  assert.equal((await peer.next("error")).code, "bad-frame");
});

Deno.test("a data frame of more than 1 MiB is bad-frame, decided by its header", async () => {
  for (
    const [bytes, code] of [[1 << 20, undefined], [
      (1 << 20) + 1,
      "bad-frame",
    ]] as const
  ) {
    const { peer } = await setUp();
    await peer.send(UPLOAD);
    await peer.next("ready");
    await peer.write(rawFrame(0, new Uint8Array(0), bytes));
    await settle();
    assert.equal(peer.messages("error").at(-1)?.code, code);
  }
});

Deno.test("each ready begins its own window: what was left of the one before is void", async () => {
  const { peer } = await setUp();
  await peer.send(UPLOAD);
  await peer.next("ready");
  await peer.write(concat([dataFrame(FILE), END]));
  await peer.next("stored");
  await peer.send({ type: "upload", song: "large" });
  const { window } = await peer.next("ready");
  const mebibyte = dataFrame(new Uint8Array(1 << 20));
  const granted = () =>
    peer.messages("grant").reduce((sum, { bytes }) => sum + bytes, 0);
  for (let sent = 0; sent < window; sent += 1 << 20) await peer.write(mebibyte);
  await settle();
  assert.deepEqual(peer.messages("error"), []);
  await peer.write(dataFrame(new Uint8Array(granted() + 1)));
  const { code } = await peer.next("error");
  assert.equal(code, "bad-frame");
});

Deno.test("after an error the rest of an upload is dropped and granted back, up to its empty frame", async () => {
  const { server, peer } = await setUp();
  const create = server.songs.create.bind(server.songs);
  server.songs.create = async (name, options) => ({
    ...await create(name, options),
    write: () => Promise.reject(new OndacastError("no-space", "full")),
  });
  await peer.send({ ...UPLOAD, id: "u" });
  await peer.next("ready");
  const mebibyte = dataFrame(new Uint8Array(1 << 20));
  await peer.write(mebibyte);
  const { code, re } = await peer.next("error");
  assert.deepEqual([code, re], ["no-space", "u"]);
  for (let i = 0; i < 8; i++) {
    await peer.write(mebibyte);
    await peer.next("grant");
  }
  await peer.send({ type: "ping" });
  await peer.next("pong");
  await peer.write(END);
  server.songs.create = create;
  await peer.send(UPLOAD);
  await peer.next("ready");
});

Deno.test("a second upload before the first is over is bad-message", async () => {
  const { peer } = await setUp();
  await peer.send(UPLOAD, { type: "upload", song: "other" });
  assert.equal((await peer.next("error")).code, "bad-message");
});

Deno.test("an empty frame too early is bad-hash, and the session goes on", async () => {
  const { peer } = await setUp();
  await peer.send({ ...UPLOAD, bytes: FILE.length });
  await peer.next("ready");
  await peer.write(concat([dataFrame(FILE.subarray(0, 1000)), END]));
  assert.equal((await peer.next("error")).code, "bad-hash");
  await peer.send({ type: "ping" });
  await peer.next("pong");
});

Deno.test("data beyond the length that was announced is bad-hash at once, and its rest is dropped", async () => {
  const { peer } = await setUp();
  await peer.send({ type: "upload", song: "new", bytes: FILE.length - 1 });
  await peer.next("ready");
  await peer.write(dataFrame(FILE));
  assert.equal((await peer.next("error")).code, "bad-hash");
  await peer.write(concat([dataFrame(FILE), END]));
  await peer.send(UPLOAD);
  await peer.next("ready");
  await peer.write(concat([dataFrame(FILE), END]));
  await peer.next("stored");
});

const BYTES = FILE.length;
const SHA256 = sha256Hex(FILE);
const ANNOUNCED: [upload: Record<string, unknown>, end: object, ok: boolean][] =
  [
    [{}, { bytes: BYTES, sha256: SHA256.toUpperCase() }, true],
    [{ bytes: BYTES }, { bytes: BYTES, sha256: SHA256 }, true],
    [{ sha256: SHA256.toUpperCase() }, { bytes: BYTES, sha256: SHA256 }, true],
    [{ bytes: BYTES + 1 }, { bytes: BYTES, sha256: SHA256 }, false],
    [{ bytes: BYTES }, { bytes: BYTES + 1, sha256: SHA256 }, false],
    [{ sha256: "0".repeat(64) }, { bytes: BYTES, sha256: SHA256 }, false],
    [{ sha256: SHA256 }, { bytes: BYTES, sha256: "0".repeat(64) }, false],
  ];

for (const [first, last, ok] of ANNOUNCED) {
  const what = `${Object.keys(first)}`;
  Deno.test(`an end that says ${ok ? "the same as" : "other than"} an upload with [${what}] did is ${ok ? "stored" : "bad-hash"}`, async () => {
    const { peer } = await setUp();
    await peer.send({ type: "upload", song: "new", ...first, id: 1 });
    await peer.next("ready");
    await peer.write(dataFrame(FILE));
    await peer.send({ type: "end", ...last });
    await peer.write(END);
    if (ok) return void await peer.next("stored");
    const { code, fatal, re } = await peer.next("error");
    assert.deepEqual([code, fatal, re], ["bad-hash", false, 1]);
  });
}

Deno.test("an upload without a SHA-256 is bad-hash", async () => {
  const { peer } = await setUp();
  await peer.send({ type: "upload", song: "new", bytes: FILE.length });
  await peer.next("ready");
  await peer.write(concat([dataFrame(FILE), END]));
  assert.equal((await peer.next("error")).code, "bad-hash");
});

Deno.test("an end without an upload is ignored", async () => {
  const { peer } = await setUp();
  await peer.send({ type: "end", bytes: 1, sha256: SHA256, id: 1 });
  await peer.send({ type: "ping", id: 2 });
  assert.equal((await peer.next("pong")).re, 2);
});

Deno.test("an upload without data for 30 s ends with timeout, and leaves nothing", async () => {
  const { server, peer, client, ended } = await setUp();
  let abandoned = 0;
  const create = server.songs.create.bind(server.songs);
  server.songs.create = async (name, options) => ({
    ...await create(name, options),
    abandon: () => Promise.resolve(void abandoned++),
  });
  await peer.send({ ...UPLOAD, id: "u" });
  await peer.next("ready");
  const live = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 5000) {
      await peer.send({ type: "ping" });
      await server.sweepFor(5000);
    }
  };
  await live(UPLOAD_STUCK_MS - 5000);
  await peer.write(dataFrame(FILE.subarray(0, 1))); // progress
  await live(UPLOAD_STUCK_MS - 5000);
  assert.deepEqual([peer.messages("error").length, abandoned], [0, 0]);
  await live(5000);
  const { code, re } = await peer.next("error");
  assert.deepEqual([code, re], ["timeout", "u"]);
  client.close();
  await server.clock.runUntil(ended);
  assert.equal(abandoned, 1);
});

Deno.test("an upload that waits for the server's disk is not stuck", async () => {
  const { server, peer } = await setUp();
  const held = Promise.withResolvers<void>();
  const create = server.songs.create.bind(server.songs);
  server.songs.create = async (name, options) => {
    const writer = await create(name, options);
    return {
      ...writer,
      store: async (expected) => {
        await held.promise;
        return writer.store(expected);
      },
    };
  };
  await peer.send(UPLOAD);
  await peer.next("ready");
  await peer.write(concat([dataFrame(FILE), END]));
  await server.sweepFor(2 * UPLOAD_STUCK_MS);
  held.resolve();
  await settle();
  assert.deepEqual(peer.messages("error"), []);
  assert.equal(peer.messages("stored").length, 1);
});
