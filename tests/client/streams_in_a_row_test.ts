import assert from "node:assert/strict";
import { Link } from "../../lib/client/link.ts";
import { Output } from "../../lib/client/output.ts";
import { Receiver } from "../../lib/client/receiver.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { IDENTITY, RawServer, WELCOME } from "../support/memory_client.ts";
import { noise, PHONE } from "../support/memory_songs.ts";
import { concat, dataFrame, type Message } from "../support/raw_peer.ts";
import { Recorder } from "../support/recording_sink.ts";

const WINDOW = 64_000;
const PCM = [1, 2, 3, 4, 5].map((seed) => noise(8000, seed));

/** A receiver, and a server that the test drives. */
async function setUp() {
  const clock = new FakeClock();
  const server = new RawServer(clock);
  const recorder = new Recorder(clock, { realTime: true });
  const ended: string[] = [];
  const end = new AbortController();
  const receiver = new Receiver({
    link: new Link({
      connector: server.connector,
      clock,
      identity: { ...IDENTITY, receive: true },
      windowBytes: WINDOW,
      signal: end.signal,
    }),
    output: new Output(recorder.open),
    listener: {
      waiting: () => {},
      start: () => {},
      end: ({ song }, skipped) => ended.push(song + (skipped ? " cut" : "")),
      problem: ({ code }) => ended.push(code),
    },
  });
  receiver.run().catch(() => {});
  await settle();
  const welcome = async (clock = WELCOME.clock as string) => {
    const hello = await server.peer.next("hello");
    const features = ["groups"];
    await server.peer.send({ ...WELCOME, clock, features, re: hello.id });
    await settle();
    return server.peer;
  };
  let peer = await welcome();
  const messages = (type: string): Message[] =>
    peer.frames.filter((it) => it.type === 1)
      .map((it) => JSON.parse(new TextDecoder().decode(it.payload)))
      .filter((it) => it.type === type);
  return {
    ...{ clock, peer, recorder, receiver, ended, messages },
    /** Loses the connection, and welcomes the next one. */
    reconnect: async (clockName?: string) => {
      peer.transport.close();
      await clock.advance(260);
      peer = await welcome(clockName);
    },
    /** Answers that the latest control came too late. */
    refuse: async () => {
      const { id: re } = messages("control").at(-1)!;
      const refusal = { code: "stale", message: "It is over", fatal: false };
      await peer.send({ type: "error", re, ...refusal });
      await settle();
    },
    /** Sends a whole song, or its beginning. */
    send: async (
      stream: number,
      pcm: Uint8Array,
      follows?: number,
      rest: {
        isWhole?: boolean;
        rate?: number;
        song?: number;
        fromByte?: number;
      } = {},
    ) => {
      const { isWhole = true, rate = PHONE.rate } = rest;
      const { song = stream, fromByte = 0 } = rest;
      await peer.send({
        type: "start",
        stream,
        song: `${song}.wav`,
        etag: `e${song}`,
        ...{ offset: 44 + fromByte, bytes: pcm.length - fromByte, from: 0 },
        format: { ...PHONE, rate, dataOffset: 44, dataBytes: pcm.length },
        ...{ group: WELCOME.key, entry: stream },
        ...(follows !== undefined && { follows }),
      });
      const data = pcm.subarray(fromByte, isWhole ? undefined : 4000);
      await peer.write(dataFrame(data));
      if (isWhole) {
        await peer.send({ type: "end", stream });
        await peer.write(dataFrame(new Uint8Array(0)));
      }
      await settle();
    },
    stopped: async (stream: number) => {
      await peer.send({ type: "stopped", stream, reason: "stopped" });
      await settle();
    },
    states: () =>
      messages("state").map((it) => [it.stream, it.position, it.playing]),
    /** Bytes that were granted so far. */
    granted: () => messages("grant").reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

Deno.test("an album of five goes to one player without a gap and to the sample", async () => {
  const { clock, recorder, send, ended } = await setUp();
  for (const [i, pcm] of PCM.entries()) {
    await send(i + 1, pcm, i === 0 ? undefined : i);
  }
  await clock.advance(10_000);
  assertBytes(recorder.pcm, concat(PCM));
  assert.equal(recorder.opened.length, 1);
  assert.deepEqual(ended, ["1.wav", "2.wav", "3.wav", "4.wav", "5.wav"]);
  const late = recorder.writes.slice(1).filter(({ atMs }, i) =>
    atMs - recorder.writes[i].atMs > 110
  );
  assert.deepEqual(late, []);
});

Deno.test("a song of another layout that follows opens another player", async () => {
  const { clock, recorder, send } = await setUp();
  await send(1, PCM[0]);
  await send(2, PCM[1], 1, { rate: 16_000 });
  await clock.advance(5000);
  assertBytes(recorder.pcm, concat(PCM.slice(0, 2)));
  assert.deepEqual(recorder.opened.map(({ rate }) => rate), [8000, 16_000]);
});

Deno.test("state names the stream that is heard, from its first sample on", async () => {
  const { clock, send, states } = await setUp();
  await send(1, PCM[0]);
  await send(2, PCM[1], 1);
  await clock.advance(990);
  assert.deepEqual([...new Set(states().map(([it]) => it))], [1]);
  await clock.advance(20);
  assert.deepEqual(states().at(-1)!.slice(0, 2), [2, 0]);
  assert.equal(states().every(([, , playing]) => playing), true);
  await clock.advance(2000);
  assert.deepEqual(states().at(-1), [2, 1, false]);
});

Deno.test("another follower replaces the first, whose bytes are granted at once", async () => {
  const { clock, recorder, send, granted, ended } = await setUp();
  await send(1, PCM[0]);
  await send(2, PCM[1], 1);
  await send(3, PCM[2], 2);
  await clock.advance(500);
  const before = granted();
  await send(4, PCM[3], 1);
  assert.ok(granted() - before >= 16_000, `${granted() - before}`);
  await clock.advance(5000);
  assertBytes(recorder.pcm, concat([PCM[0], PCM[3]]));
  assert.deepEqual(ended, ["1.wav", "4.wav"]);
});

Deno.test("start without follows replaces all, complete or not", async () => {
  const { clock, recorder, send, granted, ended } = await setUp();
  await send(1, PCM[0]);
  await send(2, PCM[1], 1, { isWhole: false });
  await clock.advance(500);
  await send(3, PCM[2]);
  await clock.advance(3000);
  assertBytes(recorder.pcm.slice(-8000), PCM[2]);
  assert.ok(recorder.pcm.length < 14_000);
  assert.ok(granted() >= 12_000);
  assert.deepEqual(ended, ["1.wav cut", "3.wav"]);
});

Deno.test("stopped ends its stream and all after it, and what is before plays on", async () => {
  const { clock, recorder, send, stopped, granted, ended, receiver } =
    await setUp();
  await send(1, PCM[0]);
  await send(2, PCM[1], 1);
  await send(3, PCM[2], 2);
  await clock.advance(500);
  const before = granted();
  await stopped(2);
  assert.ok(granted() - before >= 16_000, `${granted() - before}`);
  await clock.advance(3000);
  assertBytes(recorder.pcm, PCM[0]);
  assert.deepEqual(ended, ["1.wav"]);
  assert.equal(receiver.playing, null);
});

Deno.test("stopped of the stream that is heard ends all, though all has come", async () => {
  const { clock, recorder, send, stopped, receiver } = await setUp();
  await send(1, PCM[0]);
  await send(2, PCM[1], 1);
  await clock.advance(500);
  await stopped(1);
  await clock.advance(3000);
  assert.ok(recorder.pcm.length < 7000);
  assert.equal(receiver.playing, null);
});

Deno.test("a stream that is followed before its end fails, and the next one plays", async () => {
  const { clock, recorder, send, ended } = await setUp();
  await send(1, PCM[0], undefined, { isWhole: false });
  await clock.advance(100);
  await send(2, PCM[1], 1);
  await clock.advance(3000);
  assertBytes(recorder.pcm.slice(-8000), PCM[1]);
  assert.deepEqual(ended, ["lost", "2.wav"]);
});

Deno.test("a server that starts streams without end ends the connection", async () => {
  const { peer, send } = await setUp();
  for (let i = 1; i <= 80; i++) {
    await send(i, noise(i === 1 ? 8000 : 400), i === 1 ? undefined : i - 1)
      .catch(() => {});
  }
  await peer.closed;
});

Deno.test("data beyond what was granted ends the connection, in however many streams", async () => {
  const { peer, send } = await setUp();
  for (let i = 1; i <= 10; i++) {
    await send(i, PCM[0], i === 1 ? undefined : i - 1).catch(() => {});
  }
  await peer.closed;
});

Deno.test("a connection that is lost is not heard: what comes again is skipped, and nothing is requested", async () => {
  const { clock, recorder, send, ended, reconnect, messages } = await setUp();
  await send(1, PCM[0], undefined, { isWhole: false });
  await clock.advance(100);
  await reconnect();
  await send(1, PCM[0], undefined, { fromByte: 2000 });
  await send(2, PCM[1], 1);
  await clock.advance(3000);
  assertBytes(recorder.pcm, concat(PCM.slice(0, 2)));
  assert.equal(recorder.opened.length, 1);
  assert.deepEqual(ended, ["1.wav", "2.wav"]);
  assert.deepEqual(messages("play"), []);
});

Deno.test("a song that has come whole goes on while its server is away, and is followed", async () => {
  const { clock, recorder, send, ended, reconnect } = await setUp();
  await send(1, PCM[0]);
  await send(2, PCM[1], 1);
  await clock.advance(100);
  await reconnect();
  await send(1, PCM[0], undefined, { fromByte: 3000 });
  await send(2, PCM[2], 1, { song: 3 });
  await clock.advance(3000);
  assertBytes(recorder.pcm, concat([PCM[0], PCM[2]]));
  assert.deepEqual(ended, ["1.wav", "3.wav"]);
});

Deno.test("another song after a reconnect replaces the one that plays", async () => {
  const { clock, recorder, send, ended, reconnect } = await setUp();
  await send(1, PCM[0]);
  await clock.advance(100);
  await reconnect();
  await send(1, PCM[1], undefined, { song: 2 });
  await clock.advance(3000);
  assertBytes(recorder.pcm.slice(-8000), PCM[1]);
  assert.deepEqual(ended, ["1.wav cut", "2.wav"]);
});

Deno.test("a queue that plays no more after a reconnect lets the song end", async () => {
  const { clock, send, ended, reconnect, receiver } = await setUp();
  await send(1, PCM[0], undefined, { isWhole: false });
  await clock.advance(100);
  await reconnect();
  await clock.advance(11_000);
  assert.deepEqual(ended, ["lost"]);
  assert.equal(receiver.playing, null);
});

Deno.test("a server that has started again, and forgotten its queue, is asked for the rest", async () => {
  const { clock, send, reconnect, messages } = await setUp();
  await send(1, PCM[0], undefined, { isWhole: false });
  await clock.advance(100);
  await reconnect("another");
  await clock.advance(2_100);
  const [{ song, offset, etag }] = messages("play");
  assert.deepEqual([song, offset, etag], ["1.wav", 4044, "e1"]);
});

Deno.test("a song that is skipped while the server is away is skipped in the queue once it is back", async () => {
  const world = await setUp();
  const { clock, peer, send, reconnect, refuse, receiver, messages, ended } =
    world;
  const nexts = () =>
    messages("control").map(({ action, entry }) => [action, entry]);
  await send(7, PCM[0], undefined, { isWhole: false });
  await clock.advance(100);
  peer.transport.close();
  await settle();
  receiver.controlsOf(receiver.playing!).skip();
  await settle();
  assert.deepEqual(ended, ["7.wav cut"]);
  await reconnect();
  await settle();
  assert.deepEqual(nexts(), [["next", 7]]);
  // The answer may be lost, too; once there is one, all is done.
  await reconnect();
  await settle();
  assert.deepEqual(nexts(), [["next", 7]]);
  await refuse();
  await reconnect();
  await settle();
  assert.deepEqual(nexts(), []);
  assert.deepEqual(ended, ["7.wav cut"]);
});

Deno.test("the controls of a song of a queue act on the queue, and on this song alone", async () => {
  const { clock, send, receiver, messages } = await setUp();
  await send(7, PCM[0]);
  await clock.advance(100);
  const controls = receiver.controlsOf(receiver.playing!);
  controls.pause();
  controls.resume();
  controls.seek(0.5);
  controls.skip();
  await settle();
  const sent = messages("control").map(({ id: _, type: __, ...it }) => it);
  const to = [WELCOME.key];
  assert.deepEqual(sent, [
    { to, action: "pause" },
    { to, action: "resume" },
    { to, action: "seek", value: 0.5, entry: 7 },
    { to, action: "next", entry: 7 },
  ]);
  assert.equal(receiver.playing!.state!.paused, false);
  receiver.group.play({ songs: ["album:x"], place: "next" }).catch(() => {});
  await settle();
  const [{ to: own, songs, place }] = messages("queue");
  assert.deepEqual([own, songs, place], ["k", ["album:x"], "next"]);
});
