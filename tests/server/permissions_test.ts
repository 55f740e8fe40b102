import assert from "node:assert/strict";
import { settle } from "../support/fake_clock.ts";
import { MemoryServer } from "../support/memory_server.ts";
import { noise, PHONE, sha256Hex, wavFile } from "../support/memory_songs.ts";

import { concat, dataFrame } from "../support/raw_peer.ts";

const HOME = "192.168.1.5:4711";
const LOCAL = "127.0.0.1:4711";

/** docs/permissions.md: who may upload, and in place of a song. */
const TABLE: [
  options: { token: string | null; readOnly: boolean },
  address: string,
  upload: string,
  replace: string,
][] = [
  [{ token: null, readOnly: false }, LOCAL, "ready", "ready"],
  [{ token: null, readOnly: false }, HOME, "ready", "read-only"],
  [{ token: "t", readOnly: false }, LOCAL, "ready", "ready"],
  [{ token: "t", readOnly: false }, HOME, "ready", "ready"],
  [{ token: null, readOnly: true }, LOCAL, "read-only", "read-only"],
  [{ token: "t", readOnly: true }, HOME, "read-only", "read-only"],
];

for (const [options, clientAddress, upload, replace] of TABLE) {
  const { token, readOnly } = options;
  Deno.test(`a client at ${clientAddress} may upload: ${upload}, replace: ${replace}, when the server has ${token === null ? "no" : "a"} token${readOnly ? " and is read-only" : ""}`, async () => {
    const server = new MemoryServer(options);
    server.songs.add("old.wav", wavFile(PHONE, noise(10)));
    const ask = async (message: Record<string, unknown>) => {
      const { peer } = await server.connectWelcomed({
        clientAddress,
        hello: { device: crypto.randomUUID(), ...(token && { token }) },
      });
      await peer.send({ type: "upload", ...message });
      await settle();
      const answer = peer.messages().at(-1)!;
      return answer.code ?? answer.type;
    };
    assert.equal(await ask({ song: "new" }), upload);
    assert.equal(await ask({ song: "new 2", replace: true }), upload);
    assert.equal(await ask({ song: "old", replace: true }), replace);
    // Another way to write the name is the same song.
    assert.equal(await ask({ song: "OLD.WAV", replace: true }), replace);
    const without = await ask({ song: "old" });
    assert.equal(without, readOnly ? "read-only" : "exists");
  });

  Deno.test(`a client at ${clientAddress} may remove, restore and rename as it may replace: ${replace}, when the server has ${token === null ? "no" : "a"} token${readOnly ? " and is read-only" : ""}`, async () => {
    const server = new MemoryServer(options);
    const { etag } = server.songs.add("old.wav", wavFile(PHONE, noise(10)));
    const { peer } = await server.connectWelcomed({
      clientAddress,
      hello: { features: ["tags", "rename"], ...(token && { token }) },
    });
    const ask = async (message: Record<string, unknown>) => {
      await peer.send(message);
      await settle();
      const { type, code } = peer.messages().at(-1)!;
      return code ?? type;
    };
    const may = replace === "ready";
    const remove = { type: "remove", song: "old.wav" };
    const changed = await ask({ ...remove, etag: "x" });
    assert.equal(changed, may ? "changed" : "read-only");
    const removed = await ask({ ...remove, etag });
    assert.equal(removed, may ? "removed" : "read-only");
    const restored = await ask({ type: "restore", song: "old.wav" });
    assert.equal(restored, may ? "restored" : "read-only");
    assert.equal(server.songs.find("old.wav")?.etag, etag);
    const renamed = await ask({ type: "rename", song: "old", name: "new" });
    assert.equal(renamed, may ? "renamed" : "read-only");
    assert.equal(server.songs.find(may ? "new" : "old")?.etag, etag);
  });

  Deno.test(`the welcome of a client at ${clientAddress} says what it may: ${upload}, ${replace}, when the server has ${token === null ? "no" : "a"} token${readOnly ? " and is read-only" : ""}`, async () => {
    const { peer } = new MemoryServer(options).connectRaw({ clientAddress });
    await peer.send({
      ...{ type: "hello", version: 1, name: "x", window: 0 },
      ...{ device: crypto.randomUUID(), ...(token && { token }) },
    });
    assert.deepEqual((await peer.next("welcome")).may, [
      ...upload === "ready" ? ["upload"] : [],
      ...replace === "ready" ? ["replace"] : [],
    ]);
  });
}

Deno.test("a client that a proxy on the server's machine passes on may not replace", async () => {
  const server = new MemoryServer({ token: null });
  server.songs.add("old.wav", wavFile(PHONE, noise(10)));
  const { peer } = await server.connectWelcomed({
    clientAddress: LOCAL,
    isPassedOn: true,
  });
  await peer.send({ type: "upload", song: "old", replace: true });
  assert.equal((await peer.next("error")).code, "read-only");
});

for (const [address, answer] of [[HOME, "read-only"], [LOCAL, "stored"]]) {
  Deno.test(`a client at ${address} whose upload began before the song was there gets ${answer} at its end`, async () => {
    const server = new MemoryServer({ token: null });
    const { peer } = await server.connectWelcomed({ clientAddress: address });
    const file = wavFile(PHONE, noise(10));
    const { length: bytes } = file;
    await peer.send({
      ...{ type: "upload", song: "new", replace: true },
      ...{ bytes, sha256: sha256Hex(file) },
    });
    await peer.next("ready");
    const other = wavFile(PHONE, noise(10, 2));
    const { etag } = server.songs.add("new.wav", other);
    await peer.write(
      concat([dataFrame(file), dataFrame(new Uint8Array(0))]),
    );
    await settle();
    const { type, code } = peer.messages().at(-1)!;
    assert.equal(code ?? type, answer);
    const isKept = server.songs.find("new")!.etag === etag;
    assert.equal(isKept, answer === "read-only");
  });
}

Deno.test("a client that does not receive, or no longer does, cannot be cast to or controlled", async () => {
  const server = new MemoryServer({ token: "t" });
  server.songs.add("a.wav", wavFile(PHONE, noise(10)));
  const connect = (device: string, receive: boolean) =>
    server.connectWelcomed({ hello: { device, receive, token: "t" } });
  const caster = await connect("caster", false);
  const quiet = await connect("quiet", false);
  const [{ key }] = quiet.peer.messages("welcome");
  const ask = async (message: Record<string, unknown>) => {
    await caster.peer.send({ ...message, to: [key] });
    await settle();
    const answer = caster.peer.messages().at(-1)!;
    return answer.code ?? answer.type;
  };
  const cast = { type: "cast", song: "a" };
  const pause = { type: "control", action: "pause" };
  for (
    const [receives, casting, controlled] of [
      [false, "not-receiving", "not-receiving"],
      [true, "casting", "controlled"],
      [false, "not-receiving", "not-receiving"],
    ] as const
  ) {
    await quiet.peer.send({ type: "receive", on: receives });
    await settle();
    const before = quiet.peer.frames.length;
    assert.deepEqual([await ask(cast), await ask(pause)], [
      casting,
      controlled,
    ]);
    assert.equal(quiet.peer.frames.length > before, receives);
  }
});

Deno.test("a control with a wrong value or none is answered with the expected range", async () => {
  for (
    const [control, said] of [
      [{ action: "seek" }, /value of seek: expected a number from 0/],
      [{ action: "volume", value: 101 }, /value of volume: .* 0 to 100/],
    ] as const
  ) {
    const server = new MemoryServer();
    const { peer } = await server.connectWelcomed();
    await peer.send({ type: "control", to: "kitchen", ...control });
    const { code, message } = await peer.next("error");
    assert.equal(code, "bad-message");
    assert.match(message as string, said);
  }
});
