import assert from "node:assert/strict";
import { assertBytes } from "../support/assert_bytes.ts";
import { settle } from "../support/fake_clock.ts";
import { GroupDevice } from "../support/group_device.ts";
import { MemoryCluster, type MemoryNode } from "../support/memory_cluster.ts";
import { noise, PHONE } from "../support/memory_songs.ts";
import { dataFrame, type RawPeer } from "../support/raw_peer.ts";

const FEATURES = ["tags", "groups", "live"];
const END = dataFrame(new Uint8Array(0));
/** Bytes, and sample frames, of PHONE in 50 ms. */
const PIECE = 400;

/** Two servers, and a microphone at the first one. */
async function twoServers() {
  const all = await MemoryCluster.start({ attic: {}, cellar: {}, shed: {} });
  const [attic, cellar] = [all.node("attic"), all.node("cellar")];
  const mic = await connect(attic, "mic");
  await mic.peer.send({ type: "live", name: "mic", format: PHONE });
  await mic.peer.next("ready");
  await all.run([], 200);
  return { all, attic, cellar, mic };
}

async function connect({ server }: MemoryNode, device: string) {
  const { peer, client } = await server.connectWelcomed({
    hello: { device, name: device, features: FEATURES },
  });
  return { peer, cut: () => client.close() };
}

/** Sends sound as its time passes. */
async function speak(
  all: MemoryCluster,
  { peer }: { peer: RawPeer },
  pcm: Uint8Array,
  devices: GroupDevice[] = [],
  check?: () => void,
) {
  for (let at = 0; at < pcm.length; at += 2 * PIECE) {
    await peer.write(dataFrame(pcm.subarray(at, at + 2 * PIECE)));
    await all.run(devices, 100, check);
  }
}

Deno.test("a live song is listed at all servers, with that which has it, to those who know live songs", async () => {
  const { attic, cellar } = await twoServers();
  for (const node of [attic, cellar]) {
    const { peer } = await connect(node, "me");
    await peer.send({ type: "list" });
    const { songs: [row] } = await peer.next("songs");
    assert.deepEqual(
      [row.name, row.node, row.live, row.bytes, row.etag],
      ["live/mic", "attic", true, null, null],
    );
    const old = await node.server.connectWelcomed({
      hello: { device: "old", features: ["tags"] },
    });
    await old.peer.send({ type: "list" });
    assert.deepEqual((await old.peer.next("songs")).songs, []);
  }
});

Deno.test("a live song is heard at another server, from 0.1 s behind its edge to its end, byte for byte", async () => {
  const { all, cellar, mic } = await twoServers();
  const pcm = noise(16_000);
  await speak(all, mic, pcm.subarray(0, 8_000));
  const { peer } = await connect(cellar, "me");
  await peer.send({ type: "play", song: "live/mic" });
  const start = await peer.next("start");
  assert.deepEqual(
    [start.song, start.offset, start.bytes, start.etag],
    ["live/mic", 44 + 8_000 - 2 * PIECE, null, null],
  );
  await speak(all, mic, pcm.subarray(8_000));
  await mic.peer.write(END);
  await peer.next("end");
  await settle();
  assertBytes(peer.data, pcm.subarray(8_000 - 2 * PIECE));
  await all.run([], 200);
  await peer.send({ type: "play", song: "live/mic" });
  assert.equal((await peer.next("error")).code, "not-found");
});

Deno.test("a live song goes once to a server, whoever hears it there, and not at all once nobody does", async () => {
  const { all, attic, cellar, mic } = await twoServers();
  const sent = () =>
    attic.server.connections
      .filter(({ session }) => session.member.isTrusted)
      .reduce((sum, { server }) => sum + server.outgoing.written, 0);
  const peers = [];
  for (const name of ["me", "you", "she"]) {
    const { peer } = await connect(cellar, name);
    await peer.send({ type: "play", song: "live/mic" });
    peers.push(peer);
  }
  await all.run([], 300);
  const before = sent();
  await speak(all, mic, noise(80_000));
  const ratio = (sent() - before) / 80_000;
  assert.ok(ratio >= 1 && ratio < 1.1, `${ratio}`);
  for (const peer of peers) await peer.send({ type: "stop" });
  await speak(all, mic, noise(48_000));
  const after = sent();
  await speak(all, mic, noise(8_000));
  assert.ok(sent() - after < 2_000, `${sent() - after}`);
});

Deno.test("a live song that loses its sender goes on with it within 10 s, else ends at all servers", async () => {
  const { all, attic, cellar, mic } = await twoServers();
  const { peer } = await connect(cellar, "me");
  await peer.send({ type: "play", song: "live/mic" });
  await speak(all, mic, noise(8_000));
  mic.cut();
  await all.run([], 3_000);
  const again = await connect(attic, "mic");
  await again.peer.send({ type: "live", name: "mic", format: PHONE });
  await again.peer.next("ready");
  const pcm = noise(8_000, 5);
  await speak(all, again, pcm);
  await settle();
  assertBytes(peer.data.subarray(-8_000), pcm);
  assert.ok(peer.data.length >= 44 + 8_000 + 3 * 8_000 + 8_000);
  again.cut();
  await all.run([], 11_000);
  assert.equal((await peer.next("stopped")).code, "not-found");
});

Deno.test("a live song ends by lost when its server is gone", async () => {
  const { all, attic, cellar, mic } = await twoServers();
  const { peer } = await connect(cellar, "me");
  await peer.send({ type: "play", song: "live/mic" });
  await speak(all, mic, noise(8_000));
  attic.kill();
  await all.run([], 10_000);
  assert.equal((await peer.next("stopped")).code, "lost");
});

Deno.test("a live song goes on when the connection between its servers breaks, at the same sample frame", async () => {
  const { all, attic, cellar, mic } = await twoServers();
  const { peer } = await connect(cellar, "me");
  await peer.send({ type: "play", song: "live/mic" });
  await peer.next("start");
  const pcm = noise(40_000);
  await speak(all, mic, pcm.subarray(0, 8_000));
  for (const { session, cut } of attic.server.connections) {
    if (session.member.isTrusted) cut();
  }
  await speak(all, mic, pcm.subarray(8_000));
  await settle();
  assert.equal(peer.data.length, 44 + 40_000);
  assertBytes(peer.data.subarray(-16_000), pcm.subarray(-16_000));
});

Deno.test("live songs of one name are reached by their servers, and the bare name is the own one's", async () => {
  const { all, attic, cellar, mic } = await twoServers();
  const other = await connect(cellar, "other");
  await other.peer.send({ type: "live", name: "mic", format: PHONE });
  await other.peer.next("ready");
  await all.run([], 200);
  const shed = await connect(all.node("shed"), "me");
  await shed.peer.send({ type: "list" });
  assert.deepEqual(
    (await shed.peer.next("songs")).songs.map(
      ({ name, node }: Record<string, string>) => [name, node],
    ),
    [["cellar:live/mic", "cellar"], ["live/mic", "attic"]],
  );
  const pcm = [noise(8_000, 1), noise(8_000, 2)];
  const hear = async (node: MemoryNode, song: string) => {
    const { peer } = await connect(node, `${node.name} ${song}`);
    await peer.send({ type: "play", song });
    return peer;
  };
  const heard = [
    await hear(attic, "live/mic"),
    await hear(attic, "attic:live/mic"),
    await hear(attic, "cellar:live/mic"),
    await hear(cellar, "live/mic"),
    await hear(all.node("shed"), "live/mic"),
    await hear(all.node("shed"), "cellar:live/mic"),
  ];
  await all.run([], 200);
  for (let at = 0; at < 8_000; at += 2 * PIECE) {
    await other.peer.write(dataFrame(pcm[1].subarray(at, at + 2 * PIECE)));
    await speak(all, mic, pcm[0].subarray(at, at + 2 * PIECE));
  }
  await settle();
  for (const [i, of] of [0, 0, 1, 1, 0, 1].entries()) {
    assertBytes(heard[i].data.subarray(-8_000), pcm[of]);
  }
  await other.peer.write(END);
  await all.run([], 200);
  const { peer } = await connect(cellar, "late");
  await peer.send({ type: "list" });
  assert.deepEqual(
    (await peer.next("songs")).songs.map(
      ({ name, node }: Record<string, string>) => [name, node],
    ),
    [["live/mic", "attic"]],
  );
});

for (
  const [owner, what] of [["attic", "its own server"], ["cellar", "another"]]
) {
  Deno.test(`rooms of two servers hear a live song in step, in a group of ${what}`, async () => {
    const { all, attic, cellar, mic } = await twoServers();
    const x = await GroupDevice.open(attic.server, "x");
    const y = await GroupDevice.open(cellar.server, "y");
    const z = await GroupDevice.open(all.node("shed").server, "z");
    const devices = [x, y, z];
    await speak(all, mic, noise(8_000), devices);
    const ask = await all.node(owner).client();
    const queued = ask({
      type: "queue",
      to: ["x", "y", "z"],
      songs: ["live/mic"],
    });
    await speak(all, mic, noise(800), devices);
    assert.equal((await queued).type, "queued");
    let heard = 0;
    await speak(all, mic, noise(80_000), devices, () => {
      const [first, ...others] = devices.map((it) => it.hears(it.nowUs));
      if (!first || others.includes(null)) return;
      for (const other of others) {
        const offUs = (other!.frame - first.frame) / 8_000 * 1e6;
        assert.ok(Math.abs(offUs) < 100, `${offUs} us`);
      }
      heard++;
    });
    const logs = devices.map(({ log }) => log.join(", ")).join("; ");
    assert.ok(heard > 80, `${heard}: ${logs}`);
    await mic.peer.write(END);
    await all.run(devices, 3_000);
    const { groups } = await ask({ type: "groups" });
    assert.deepEqual(
      groups.map(({ state, node }: Record<string, string>) => [state, node]),
      [["stopped", owner]],
    );
  });
}

Deno.test("a live song is cast from one server to a device of another, also to where it is from", async () => {
  const { all, attic, cellar, mic } = await twoServers();
  const x = await GroupDevice.open(attic.server, "x");
  const y = await GroupDevice.open(cellar.server, "y");
  await speak(all, mic, noise(8_000), [x, y]);
  for (const node of [attic, cellar]) {
    const ask = await node.client();
    for (const to of ["x", "y"]) {
      const cast = ask({ type: "cast", song: "live/mic", to: [to] });
      await speak(all, mic, noise(800), [x, y]);
      assert.equal((await cast).type, "casting", JSON.stringify(await cast));
    }
    await speak(all, mic, noise(8_000), [x, y]);
    for (const { log, streams: [stream] } of [x, y]) {
      assert.match(log.at(-1)!, /^start \d (attic:)?live\/mic/);
      assert.ok(stream.receivedBytes > 8_000);
    }
  }
});
