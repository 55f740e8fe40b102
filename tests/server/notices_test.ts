import assert from "node:assert/strict";
import { settle, settleFully } from "../support/fake_clock.ts";
import { HELLO, MemoryServer } from "../support/memory_server.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";
import { type Message, RawPeer } from "../support/raw_peer.ts";

/** A receiver that reads nothing after its welcome, and a client that pushes. */
async function setUp(window = 0) {
  const server = new MemoryServer({ maxClients: 100 });
  for (const name of ["a", "b", "c"]) {
    server.songs.add(`${name}.wav`, wavFile(PHONE, noise(20_000)));
  }
  const deaf = server.connect({ toClient: { capacityBytes: 880 } });
  const talk = new RawPeer(deaf.client, false);
  const hello = { ...HELLO, device: "deaf", name: "deaf", receive: true };
  await talk.send({ ...hello, window });
  await settle();
  const { peer } = await server.connectWelcomed({ hello: { device: "p" } });
  let answers = 0;
  const push = async (...messages: Record<string, unknown>[]) => {
    for (const message of messages) {
      await peer.send({ to: ["deaf"], id: ++answers, ...message });
    }
    await settleFully(() => peer.frames.length);
    const last = peer.messages().at(-1)!;
    assert.equal(last.re, answers);
    return last.code ?? last.type;
  };
  /** What the receiver finds when it reads at last. */
  const heard = async (): Promise<Message[]> => {
    const reader = new RawPeer(deaf.client);
    await settleFully(() => reader.frames.length);
    return reader.messages().filter(({ type }) =>
      ["start", "control", "stopped"].includes(type)
    );
  };
  return { server, deaf, talk, peer, push, heard };
}

const cast = (song: string) => ({ type: "cast", song });
const control = (action: string, value?: number) => ({
  type: "control",
  action,
  ...(value !== undefined && { value }),
});

Deno.test("casts and controls to a receiver that does not read are bounded, and do not cut it", async () => {
  const { server, deaf, talk, push, heard } = await setUp();
  for (let i = 0; i < 200; i++) {
    const songs = [cast("a"), cast("b"), cast("c")];
    assert.equal(
      await push(...songs, control("volume", i % 100), control("pause")),
      "controlled",
    );
    assert.ok(deaf.session.member.channel.waitingBytes < 2000);
    assert.ok(server.songs.openCount <= 2, `${server.songs.openCount} open`);
  }
  await talk.send({ type: "ping" });
  const told = await heard();
  const starts = told.filter(({ type }) => type === "start");
  assert.deepEqual(
    starts.map(({ stream }) => stream),
    starts.map((_, i) => i + 1),
  );
  assert.equal(starts.at(-1)!.song, "c.wav");
  assert.ok(starts.length <= 3, `${starts.length} starts`);
  const controls = told.filter(({ type }) => type === "control");
  assert.deepEqual(
    controls.slice(-2).map(({ action, value }) => [action, value]),
    [["volume", 99], ["pause", undefined]],
  );
  assert.ok(controls.length <= 4);
  assert.equal(server.hub.presence.size, 2);
});

Deno.test("of controls that wait, the newest state is delivered", async () => {
  const { push, heard } = await setUp();
  await push(cast("a")); // fills what the receiver's network takes
  await push(cast("a"), cast("b"));
  await push(
    control("pause"),
    control("volume", 1),
    control("seek", 1),
    control("resume"),
    control("volume", 2),
    control("pause"),
  );
  const told = await heard();
  assert.deepEqual(
    told.slice(-3).map(({ type, song, action, value, from }) => [
      ...[song ?? action ?? type, value ?? from],
    ]),
    [["volume", 2], ["b.wav", 1], ["pause", undefined]],
  );
});

Deno.test("a receiver's own play replaces a cast that was not delivered yet", async () => {
  const { server, talk, push, heard } = await setUp();
  await push(cast("a"), cast("b"), cast("c"));
  await talk.send({ type: "play", song: "a", id: "own" });
  await settle();
  assert.equal(server.songs.openCount, 1);
  const starts = await heard();
  assert.deepEqual(starts.map(({ stream, re }) => [stream, re]), [
    [1, undefined],
    [2, "own"],
  ]);
});

Deno.test("a receiver that stops receiving gets none of what was kept for it", async () => {
  const { server, talk, push, heard } = await setUp();
  await push(cast("a"), cast("b"), control("pause"), control("stop"));
  await talk.send({ type: "receive", on: false });
  await settle();
  assert.equal(server.songs.openCount, 1);
  assert.deepEqual((await heard()).map(({ type }) => type), ["start"]);
});

Deno.test("songs that were kept for a receiver are closed when it goes", async () => {
  const { server, deaf, push } = await setUp();
  await push(cast("a"), cast("b"), cast("c"));
  assert.equal(server.songs.openCount, 2);
  deaf.client.close();
  await deaf.ended;
  await settle();
  assert.equal(server.songs.openCount, 0);
  assert.equal(await push(cast("a")), "not-found");
});

Deno.test("a receiver that goes while its song is opened is not-found, and the song is closed", async () => {
  const { server, deaf, push } = await setUp();
  const release = server.songs.holdOpen();
  const pushed = push(cast("a"));
  await settle();
  deaf.client.close();
  await deaf.ended;
  release();
  assert.equal(await pushed, "not-found");
  await settle();
  assert.equal(server.songs.openCount, 0);
});

Deno.test("streams that a client asks for and does not read hold a few batches, not one each", async () => {
  const { deaf, talk, heard } = await setUp(1 << 30);
  for (let i = 0; i < 300; i++) {
    talk.send({ type: "play", song: "a" }).catch(() => {});
    await settle();
  }
  assert.ok(deaf.session.member.channel.crowded);
  const starts = await heard();
  assert.deepEqual(
    starts.map(({ stream }) => stream),
    starts.map((_, i) => i + 1),
  );
  assert.equal(starts.length, 300);
});
