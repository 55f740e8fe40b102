import assert from "node:assert/strict";
import { WavHeaderReader } from "../../lib/audio/wav.ts";
import { sendPlain } from "../../lib/server/plain_stream.ts";
import { CD, noise, PHONE, wavFile } from "../support/memory_songs.ts";
import { MemoryServer } from "../support/memory_server.ts";
import {
  concat,
  dataFrame,
  dataPayloads,
  type Message,
  messageFrame,
  type RawPeer,
} from "../support/raw_peer.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import {
  device,
  END,
  FEATURES,
  LIVE,
  liveServer,
  speak,
} from "../support/live_server.ts";
import { settle } from "../support/fake_clock.ts";

/** Two seconds. */
const WINDOW = 16_000;

Deno.test("a live song is heard from 0.1 s behind its edge to its end", async () => {
  const it = await liveServer();
  const pcm = noise(8_000);
  await speak(it, pcm.subarray(0, 4_000));
  const { peer } = await it.connect(2);
  await peer.send({ type: "play", song: "live/mic", id: 1 });
  const start = await peer.next("start");
  const offset = 44 + 4_000 - 800;
  assert.deepEqual(
    [start.offset, start.bytes, start.etag, start.format.dataBytes, start.re],
    [offset, null, null, null, 1],
  );
  await speak(it, pcm.subarray(4_000));
  await it.sender.write(END);
  await peer.next("end");
  await settle();
  assertBytes(peer.data, pcm.subarray(3_200));
  await peer.send({ type: "play", song: "live/mic" });
  assert.equal((await peer.next("error")).code, "not-found");
});

Deno.test("the head is sent to those who hear a live song from its first byte", async () => {
  const it = await liveServer();
  const { peer } = await it.connect(2);
  await peer.send({ type: "play", song: "live/mic" });
  assert.equal((await peer.next("start")).offset, 0);
  const pcm = noise(400);
  await speak(it, pcm);
  await settle();
  assert.equal(peer.data.length, 44 + 400);
  assertBytes(peer.data.subarray(44), pcm);
});

Deno.test("two seconds may be sent at first, then as time passes, and no more after a wait", async () => {
  const it = await liveServer();
  const { sender, server } = it;
  await sender.write(dataFrame(noise(WINDOW)));
  await server.clock.advance(1_000);
  await settle();
  assert.equal(granted(sender), 8_000);
  await server.clock.advance(60_000);
  assert.equal(granted(sender), WINDOW);
  await sender.write(dataFrame(noise(WINDOW + 1)));
  assert.equal((await sender.next("error")).code, "bad-frame");
});

Deno.test("data before the answer to live ends the connection", async () => {
  const { connect } = await liveServer();
  const { peer } = await connect(2);
  await peer.write(concat([
    messageFrame({ ...LIVE, name: "other" }),
    dataFrame(noise(4)),
  ]));
  assert.equal((await peer.next("error")).code, "bad-frame");
});

Deno.test("a sender goes on though a file has its name meanwhile, but begins nothing anew", async () => {
  const { server, client, connect } = await liveServer();
  client.close();
  await settle();
  server.songs.add("live/mic.wav", wavFile(PHONE, noise(10)));
  const { peer } = await connect(1);
  const format = { ...PHONE, rate: 16_000 };
  await peer.send({ ...LIVE, format });
  assert.equal((await peer.next("error")).code, "exists");
  await peer.send(LIVE);
  assert.equal((await peer.next("ready")).window, WINDOW);
});

Deno.test("a live song has no etag that could have changed", async () => {
  const { connect } = await liveServer();
  const { peer } = await connect(2);
  await peer.send({ type: "play", song: "live/mic", etag: "former" });
  assert.equal((await peer.next("start")).etag, null);
});

Deno.test("a sender that is back before its loss is noticed goes on with a whole sample frame", async () => {
  const server = new MemoryServer();
  const hello = { device: device(1), features: FEATURES };
  const live = { ...LIVE, format: CD };
  const first = await server.connectWelcomed({ hello });
  await first.peer.send(live);
  await first.peer.next("ready");
  await first.peer.write(dataFrame(new Uint8Array(6).fill(1)));
  await settle();
  const again = await server.connectWelcomed({ hello });
  await again.peer.send(live);
  await again.peer.next("ready");
  await again.peer.write(dataFrame(new Uint8Array(4).fill(2)));
  await settle();
  const song = server.hub.live.get("live/mic")!;
  const { dataOffset } = song.entry.format!;
  assert.deepEqual(
    [...song.slice(dataOffset, song.edge)],
    [1, 1, 1, 1, 1, 1, 0, 0, 2, 2, 2, 2],
  );
});

for (const validBits of [0, PHONE.bits + 1]) {
  Deno.test(`${validBits} valid bits of ${PHONE.bits} are a bad message`, async () => {
    const { connect } = await liveServer();
    const { peer } = await connect(2);
    await peer.send({ ...LIVE, name: "x", format: { ...PHONE, validBits } });
    assert.equal((await peer.next("error")).code, "bad-message");
  });
}

const REFUSED: [string, Message, string][] = [
  ["a file has", { ...LIVE, name: "taken" }, "exists"],
  ["another sends", { ...LIVE, name: "MIC" }, "exists"],
  ["leaves the folder", { ...LIVE, name: "../mic" }, "bad-name"],
];
for (const [what, message, code] of REFUSED) {
  Deno.test(`a name that ${what} is ${code}, and another may follow`, async () => {
    const { connect } = await liveServer();
    const { peer } = await connect(2);
    await peer.send(message);
    assert.equal((await peer.next("error")).code, code);
    await peer.send({ ...LIVE, name: "other" });
    await peer.next("ready");
  });
}

for (const song of ["live/mic", "live/mic.wav", "LIVE/Mic.flac"]) {
  Deno.test(`no file is stored as ${song} while it is on air`, async () => {
    const it = await liveServer();
    const { peer } = await it.connect(2);
    await peer.send({ type: "upload", song, replace: true });
    assert.equal((await peer.next("error")).code, "exists");
    await it.sender.write(END);
    await settle();
    await peer.send({ type: "upload", song });
    await peer.next("ready");
  });
}

Deno.test("a read-only server takes no live song, and none takes more than 64", async () => {
  const server = new MemoryServer({ readOnly: true });
  const { peer } = await server.connectWelcomed({
    hello: { features: FEATURES },
  });
  await peer.send(LIVE);
  assert.equal((await peer.next("error")).code, "read-only");
  const many = new MemoryServer({ maxClients: 100 });
  for (let i = 0; i <= 64; i++) {
    const { peer } = await many.connectWelcomed({
      hello: {
        device: `00000000-0000-4000-8000-0000000001${i + 10}`,
        features: FEATURES,
      },
    });
    await peer.send({ ...LIVE, name: `mic ${i}` });
    const { type, code } = await peer.next(i < 64 ? "ready" : "error");
    if (i === 64) assert.equal(code, "too-large", type);
  }
});

Deno.test("a sender that is back within ten seconds goes on, with silence for what was lost", async () => {
  const it = await liveServer();
  const pcm = noise(1_600);
  const { peer } = await it.connect(2);
  await peer.send({ type: "play", song: "live/mic" });
  await speak(it, pcm.subarray(0, 800));
  it.client.close();
  await it.server.clock.advance(1_000);
  const { peer: sender } = await it.connect(1);
  await sender.send(LIVE);
  await sender.next("ready");
  await speak({ server: it.server, sender }, pcm.subarray(800));
  await settle();
  const heard = peer.data.subarray(44);
  assertBytes(heard.subarray(0, 800), pcm.subarray(0, 800));
  const silent = heard.subarray(800, -800);
  assert.ok(silent.every((sample) => sample === 0x80));
  assert.ok(Math.abs(silent.length - 8_000) <= 400, `${silent.length}`);
  assertBytes(heard.subarray(-800), pcm.subarray(800));
});

Deno.test("a sender that does not come back ends its song after ten seconds", async () => {
  const it = await liveServer();
  const { peer } = await it.connect(2);
  await peer.send({ type: "play", song: "live/mic" });
  await speak(it, noise(800));
  it.client.close();
  await it.server.clock.advance(9_900);
  await settle();
  assert.equal(peer.messages("stopped").length, 0);
  await it.server.clock.advance(200);
  assert.equal((await peer.next("stopped")).code, "not-found");
});

Deno.test("the waveform of a live song is that of its last half minute", async () => {
  const it = await liveServer();
  const { live } = it.server.hub;
  const part = new Uint8Array(4_000);
  // 8 bits are silent in their middle.
  for (let i = 0; i < 70; i++) await speak(it, part.fill(i < 50 ? 0x80 : 0xC0));
  const { peaks } = live.get("live/mic")!;
  assert.equal(peaks.length, 480);
  assert.ok(peaks.subarray(0, 318).every((it) => it === 0));
  assert.ok(peaks.subarray(322).every((it) => it === 128), `${peaks}`);
});

Deno.test("a listener that takes nothing for 1.5 s skips ahead, at a whole sample frame", async () => {
  const server = new MemoryServer();
  const hello = { features: FEATURES };
  const { peer: sender } = await server.connectWelcomed({
    hello: { ...hello, device: device(1) },
  });
  await sender.send({ ...LIVE, format: CD });
  await sender.next("ready");
  const { peer } = await server.connectWelcomed({
    hello: { ...hello, device: device(2), window: 44 + 1_001 },
  });
  await peer.send({ type: "play", song: "live/mic" });
  await peer.next("start");
  const frames = 44_100 * 1.9;
  const pcm = new Uint8Array(
    Uint32Array.from({ length: frames }, (_, i) => i).buffer,
  );
  await sender.write(dataFrame(pcm));
  await settle();
  assert.equal(peer.data.length, 44 + 1_001);
  await peer.send({ type: "grant", bytes: 1 << 20 });
  await settle();
  const heard = peer.data.subarray(44);
  const view = new DataView(heard.buffer, heard.byteOffset);
  const sound = (frame: number) => view.getUint32(4 * frame, true);
  assert.equal(sound(249), 249);
  const last = heard.length / 4 - 1;
  assert.equal(sound(last), frames - 1);
  assert.equal(sound(251), frames - 1 - (last - 251));
  assert.ok(sound(251) > frames / 2, `${sound(251)}`);
  // What comes now sounds half a second later, by the line after the skip.
  const line = peer.messages("line").at(-1)!;
  assert.equal(line.frame, 251);
  const behindUs = (frames - sound(251)) / 44_100 * 1e6;
  const dueUs = server.clock.now() * 1000 + 500_000 - behindUs;
  assert.ok(Math.abs(line.at - dueUs) < 100, `${line.at - dueUs}`);
});

Deno.test("a client that plays a live song alone is sent its line, which follows the sender", async () => {
  const it = await liveServer();
  const { peer } = await it.connect(2);
  const { peer: older } = await it.connect(3, ["tags", "groups"]);
  for (const each of [peer, older]) {
    await each.send({ type: "play", song: "live/mic" });
    await each.next("start");
  }
  // 200 ppm: 400 frames in 50.01 ms.
  for (let i = 0; i < 1_200; i++) {
    await it.sender.write(dataFrame(noise(400)));
    await it.server.clock.advance(50.01);
    if (i % 100 > 0) continue;
    for (const each of [peer, older]) {
      await each.send({ type: "pong" });
      await each.send({ type: "grant", bytes: 40_000 });
    }
  }
  await settle();
  const lines = peer.messages("line");
  const startsUs = ({ frame, at }: Message) => at - frame / 8_000 * 1e6;
  const moved = startsUs(lines.at(-1)!) - startsUs(lines[0]);
  assert.ok(Math.abs(moved - 12_000) < 500, `${moved}`);
  assert.ok(lines.length <= 121, `${lines.length}`);
  // What comes by now sounds half a second later.
  const { frame, at } = lines.at(-1)!;
  const now = it.server.clock.now() * 1000;
  const behind = at + (peer.data.length - 44 - frame) / 8_000 * 1e6 - now;
  assert.ok(Math.abs(behind - 450_000) < 60_000, `${behind}`);
  assert.equal(older.messages("line").length, 0);
});

Deno.test("two live songs at once are each heard as they were sent", async () => {
  const it = await liveServer();
  const { peer: other } = await it.connect(2);
  await other.send({ ...LIVE, name: "line" });
  await other.next("ready");
  const sent = { mic: noise(8_000), line: noise(8_000, 2) };
  const heard = await Promise.all(
    Object.keys(sent).map(async (name, i) => {
      const { peer } = await it.connect(3 + i);
      await peer.send({ type: "play", song: `live/${name}` });
      await peer.next("start");
      return peer;
    }),
  );
  for (let at = 0; at < 8_000; at += 400) {
    await it.sender.write(dataFrame(sent.mic.subarray(at, at + 400)));
    await other.write(dataFrame(sent.line.subarray(at, at + 400)));
    await it.server.clock.advance(50);
  }
  await it.sender.write(END);
  await other.write(END);
  await settle();
  for (const [i, pcm] of Object.values(sent).entries()) {
    assertBytes(heard[i].data.subarray(44), pcm);
  }
});

Deno.test("only those who name the feature see live songs in a list", async () => {
  const { connect } = await liveServer();
  for (const features of [FEATURES, ["live"]]) {
    const { peer } = await connect(2, features);
    await peer.send({ type: "list", limit: 1 });
    const { songs: [row], more } = await peer.next("songs");
    const { name, live, bytes, etag, seconds } = row;
    assert.deepEqual(
      [name, live, bytes, etag, seconds, more],
      ["live/mic", true, null, null, null, true],
    );
    await peer.send({ type: "list", after: name });
    const { songs: [next] } = await peer.next("songs");
    assert.equal(next.name, "live/taken.wav");
  }
  for (const features of [["tags", "groups"], []]) {
    const { peer } = await connect(3, features);
    await peer.send({ type: "list" });
    const { songs: [row] } = await peer.next("songs");
    assert.deepEqual([row.name, "live" in row], ["live/taken.wav", false]);
  }
});

Deno.test("a live song that comes byte by byte is sent in pieces of 5 ms or more, and whole", async () => {
  const { sender, connect } = await liveServer();
  const { peer } = await connect(2);
  await peer.send({ type: "play", song: "live/mic" });
  await peer.next("start");
  const pcm = noise(4_010);
  for (let at = 0; at < pcm.length; at++) {
    await sender.write(dataFrame(pcm.subarray(at, at + 1)));
    await settle();
  }
  await sender.write(END);
  await peer.next("end");
  await settle();
  const pieces = peer.dataFrames;
  // The head, 100 pieces, the rest, and the empty frame.
  assert.ok(pieces.length <= 103, `${pieces.length}`);
  assertBytes(concat(pieces).subarray(44), pcm);
});

/** The blocks of a plain stream that begins in the middle of a live song. */
async function plainPayloads(
  pcm: Uint8Array,
  block: number,
): Promise<Uint8Array[]> {
  const it = await liveServer();
  const { hub } = it.server;
  await speak(it, pcm.subarray(0, 4_000));
  const frames: Uint8Array[] = [];
  const song = await hub.songs.open(hub.songs.get("live/mic")!);
  const sent = sendPlain(song, block, hub.framer, (frame) => {
    frames.push(frame);
    return Promise.resolve();
  });
  await speak(it, pcm.subarray(4_000));
  await it.sender.write(END);
  await sent;
  return dataPayloads(concat(frames));
}

Deno.test("the plain stream of a live song is a WAV from now on, in blocks of one size", async () => {
  const pcm = noise(8_000);
  const payloads = await plainPayloads(pcm, 1_000);
  assert.deepEqual(
    payloads.map(({ length }) => length),
    [1_000, 1_000, 1_000, 1_000, 844, 0],
  );
  const wav = concat(payloads);
  const { dataOffset } = new WavHeaderReader().push(wav)!;
  assertBytes(wav.subarray(dataOffset), pcm.subarray(3_200));
});

Deno.test("a block of the plain stream of a live song is no longer than is kept", async () => {
  const payloads = await plainPayloads(noise(8_000), 1 << 20);
  const lengths = payloads.map(({ length }) => length);
  assert.deepEqual(lengths, [2_000, 2_000, 844, 0]);
});

function granted(peer: RawPeer): number {
  return peer.messages("grant").reduce((sum, { bytes }) => sum + bytes, 0);
}
