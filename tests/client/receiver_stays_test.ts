import assert from "node:assert/strict";
import { Link } from "../../lib/client/link.ts";
import { Output } from "../../lib/client/output.ts";
import { Receiver } from "../../lib/client/receiver.ts";
import { OndacastError } from "../../lib/errors.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import {
  IDENTITY,
  MemoryClient,
  type MemoryClientOptions,
  RawServer,
  WELCOME,
} from "../support/memory_client.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";
import { concat, dataFrame, messageFrame } from "../support/raw_peer.ts";
import { Recorder } from "../support/recording_sink.ts";

const AWAY = new OndacastError("unreachable", "Cannot reach it");
const BUSY = new OndacastError("player-failed", "The device is busy");
const ONE = noise(160_000, 1);
const TWO = noise(160_000, 2);

/** A receiver on a link, and what it and the link tell. */
function receive(link: Link, output: Output, outlivesPlayer?: boolean) {
  const reported: string[] = [];
  link.listen({
    away: ({ code }) => reported.push(`away ${code}`),
    back: () => reported.push("back"),
  });
  const receiver = new Receiver({
    ...{ link, output, outlivesPlayer },
    listener: {
      waiting: () => reported.push("waiting"),
      start: (_, { song }) => reported.push(`start ${song}`),
      end: ({ song }, skipped) =>
        reported.push(`end ${song}${skipped ? ", skipped" : ""}`),
      problem: ({ code }) => reported.push(`problem ${code}`),
      recovered: () => reported.push("recovered"),
    },
  });
  const done = receiver.run();
  done.catch(() => {});
  return { receiver, reported, done };
}

/** The same in memory, and one that casts to it. */
async function setUp(
  options: MemoryClientOptions & { failures?: number } = {},
) {
  const client = new MemoryClient({ realTime: true, ...options });
  const { clock, link, recorder, server } = client;
  server.songs.add("one.wav", wavFile(PHONE, ONE));
  server.songs.add("two.wav", wavFile(PHONE, TWO));
  server.songs.add("tick.wav", wavFile(PHONE, ONE.subarray(0, 800)));
  let failures = options.failures ?? 0;
  const output = new Output((format) => {
    const opened = recorder.open(format);
    if (failures-- > 0) recorder.fail(BUSY);
    return opened;
  });
  const world = receive(link, output);
  await settle();
  const { peer } = await server.connectWelcomed({
    hello: { name: "other", device: "other" },
  });
  return {
    ...{ client, clock, output, recorder, server, ...world },
    cast: (song: string) => peer.send({ type: "cast", song, to: ["kitchen"] }),
    control: (action: string, value?: number) =>
      peer.send({ type: "control", action, value, to: "kitchen" }),
    cut: () => server.connections[0].cut(),
    seen: () => {
      const [{ activity }] = server.hub.presence.named("kitchen");
      const { doing, song, problem } = activity;
      return [doing, song, problem].filter((word) => word).join(" ");
    },
  };
}

Deno.test("a server that is away at the start is waited for, and its return is reported", async () => {
  for (const error of ["unreachable", "lost", "busy", "timeout"] as const) {
    const { clock, reported, server } = await setUp({
      attempt: (number) =>
        number < 4 ? new OndacastError(error, "Not now") : {},
    });
    await clock.advance(10_000);
    assert.deepEqual(reported, [`away ${error}`, "back", "waiting"]);
    assert.equal(server.connections.length, 2);
  }
});

Deno.test("a server that is away at the start is reported at the first attempt", async () => {
  const { clock, reported } = await setUp({
    attempt: () => new OndacastError("unreachable", "Not now"),
  });
  await clock.advance(1);
  assert.deepEqual(reported, ["away unreachable"]);
});

Deno.test("an error that does not pass ends it at the start", async () => {
  const error = new OndacastError("bad-certificate", "Not this one");
  const { done } = await setUp({ attempt: () => error });
  await assert.rejects(done, { code: "bad-certificate" });
});

Deno.test("a server that hangs up at once is asked again after 0.25 s, and later and later", async () => {
  let tries = 0;
  const { clock, reported } = await setUp({
    attempt: () => {
      tries++;
      return { toClient: { cutAfterBytes: 3 } };
    },
  });
  await clock.advance(60_000);
  assert.ok(tries > 10 && tries < 22, `${tries} tries`);
  assert.deepEqual(reported, ["away lost"]);
});

Deno.test("a lost server and its return are reported while waiting and while playing", async () => {
  for (const plays of [false, true]) {
    const { clock, reported, cast, cut, recorder, seen } = await setUp({
      attempt: (number) => number === 1 || number === 2 ? AWAY : {},
      windowBytes: 20_000,
    });
    if (plays) await cast("one");
    await clock.advance(1000);
    cut();
    await clock.advance(5000);
    assert.deepEqual(
      reported.slice(-3),
      [
        ...(plays ? ["start one.wav"] : ["waiting"]),
        ...["away lost", "back"],
        ...(plays ? [] : ["waiting"]),
      ].slice(-3),
    );
    assert.equal(seen(), plays ? "playing one.wav" : "waiting");
    await clock.advance(30_000);
    if (plays) assertBytes(recorder.pcm, ONE);
  }
});

Deno.test("a song that is all here plays on without the server, and can be reached once it is back", async () => {
  const { clock, reported, cast, cut, recorder, control, seen } = await setUp();
  await cast("one");
  await clock.advance(1000);
  cut();
  await clock.advance(2000);
  assert.deepEqual(reported.slice(-2), ["away lost", "back"]);
  assert.equal(seen(), "playing one.wav");
  await control("stop");
  await clock.advance(1000);
  assert.ok(recorder.pcm.length < 4 * 8000);
  assert.equal(seen(), "waiting");
});

/** Queues songs on the receiver, in place of what plays. */
async function queueing({ server }: Pick<MemoryClient, "server">) {
  const features = ["groups"];
  const { peer } = await server.connectWelcomed({
    hello: { name: "chooser", device: "chooser", features },
  });
  return (songs: string[]) =>
    peer.send({ type: "queue", songs, to: "kitchen" });
}

Deno.test("a player that fails in a song of a queue costs neither the song nor the queue", async () => {
  const world = await setUp();
  const { clock, recorder, reported, server } = world;
  await (await queueing(world))(["one.wav", "two.wav"]);
  await clock.advance(8000);
  recorder.fail(BUSY);
  await clock.advance(1000);
  const before = recorder.pcm.length;
  const heard = Math.round(before / 8000) * 8000;
  assert.ok(heard < 9 * 8000, "it waits");
  const { playback } = server.hub.groups.all.values().toArray()[0];
  await clock.advance(10_000);
  assert.equal(playback.state, "playing");
  await clock.advance(40_000);
  const rest = recorder.pcm.subarray(before);
  const both = concat([ONE, TWO]);
  assertBytes(rest, both.subarray(both.length - rest.length));
  const again = before - (both.length - rest.length);
  assert.ok(again >= 0 && again < 0.5 * 8000, `${again} bytes twice`);
  assert.deepEqual(reported.slice(-4), [
    ...["end one.wav", "start two.wav", "end two.wav", "waiting"],
  ]);
});

Deno.test("what is queued while a player fails takes the place of its song", async () => {
  const world = await setUp();
  const { clock, recorder, reported, seen } = world;
  const queue = await queueing(world);
  await queue(["one.wav"]);
  await clock.advance(8000);
  // The song is requested again while the other is on its way.
  await queue(["two.wav"]);
  recorder.fail(BUSY);
  await clock.advance(10_000);
  assert.equal(seen(), "playing two.wav");
  assert.deepEqual(reported.filter((it) => /^(start|end)/.test(it)), [
    ...["start one.wav", "end one.wav, skipped", "start two.wav"],
  ]);
});

Deno.test("stop() ends it in every state", async () => {
  const states: Record<
    string,
    (world: Awaited<ReturnType<typeof setUp>>) => Promise<void>
  > = {
    waiting: async () => {},
    playing: async ({ cast, clock }) => {
      await cast("one");
      await clock.advance(1000);
    },
    paused: async ({ cast, clock, control }) => {
      await cast("one");
      await clock.advance(1000);
      await control("pause");
      await settle();
    },
    "the server away": async ({ clock, cut }) => {
      cut();
      await clock.advance(10_000);
    },
    "the server away while it plays": async ({ cast, clock, cut }) => {
      await cast("one");
      await clock.advance(1000);
      cut();
      await clock.advance(10_000);
    },
    "the player failing": async ({ cast, clock, recorder }) => {
      await cast("one");
      await clock.advance(1000);
      recorder.fail(BUSY);
      await clock.advance(1000);
    },
  };
  for (const [name, lead] of Object.entries(states)) {
    const world = await setUp({
      windowBytes: 10_000,
      attempt: (number) => number === 0 ? {} : AWAY,
    });
    await lead(world);
    world.receiver.stop();
    await world.clock.runUntil(world.done, 0);
    const before = world.recorder.pcm.length;
    await world.clock.advance(20_000);
    assert.equal(world.recorder.pcm.length, before, name);
  }
});

Deno.test("stop() ends it before a server was there, and while one does not answer", async () => {
  for (
    const attempt of [() => AWAY, () => ({ toClient: { capacityBytes: 0 } })]
  ) {
    const { receiver, done, clock, server } = await setUp({
      attempt: (number) => number < 1000 ? attempt() : {},
    });
    await clock.advance(5000);
    const before = server.connections.length;
    receiver.stop();
    await clock.runUntil(done, 0);
    await clock.advance(60_000);
    assert.equal(server.connections.length, before, "it tries no more");
  }
});

Deno.test("a player that fails is reported and restarted, and a cast is tried at once", async () => {
  const { clock, reported, cast, recorder, seen } = await setUp({
    failures: 1,
  });
  await cast("one");
  await clock.advance(1000);
  assert.equal(seen(), `paused one.wav ${BUSY.message}`);
  await cast("two");
  await clock.advance(1000);
  assert.equal(seen(), "playing two.wav");
  await clock.advance(30_000);
  assert.deepEqual(reported, [
    ...["waiting", "start one.wav", "problem player-failed"],
    ...["end one.wav, skipped", "start two.wav", "end two.wav", "waiting"],
  ]);
  assertBytes(recorder.pcm.slice(-TWO.length), TWO);
});

Deno.test("a player that works again plays the song that waits for it", async () => {
  const { clock, reported, cast, recorder, seen } = await setUp({
    failures: 2,
  });
  await cast("one");
  await clock.advance(15_000);
  assert.equal(seen(), "playing one.wav");
  await clock.advance(30_000);
  assert.deepEqual(reported, [
    ...["waiting", "start one.wav", "problem player-failed"],
    ...["problem player-failed", "recovered", "end one.wav", "waiting"],
  ]);
  assertBytes(recorder.pcm.slice(-ONE.length), ONE);
});

Deno.test("a player that fails when a short song has ended is reported, and outlived", async () => {
  const { clock, reported, cast, output, seen } = await setUp();
  const end = output.end.bind(output);
  output.end = async () => {
    await end();
    if (reported.includes("end tick.wav")) throw BUSY;
  };
  await cast("tick");
  await clock.advance(1000);
  assert.deepEqual(reported.slice(-3), [
    ...["end tick.wav", "problem player-failed", "waiting"],
  ]);
  assert.equal(seen(), `waiting ${BUSY.message}`);
});

Deno.test("a player that is not to be outlived ends it", async () => {
  const client = new MemoryClient({ realTime: true });
  const { clock, link, output, recorder, server } = client;
  server.songs.add("one.wav", wavFile(PHONE, ONE));
  const { receiver, done } = receive(link, output, false);
  await settle();
  receiver.play("one");
  await clock.advance(1000);
  recorder.fail(BUSY);
  await assert.rejects(done, { code: "player-failed" });
});

Deno.test("what was stopped does not come back: by resume, after 5 s, or after a reconnect", async () => {
  const { clock, reported, cast, control, cut, recorder, seen } = await setUp({
    windowBytes: 10_000,
  });
  await cast("one");
  await clock.advance(1000);
  await control("stop");
  await control("resume");
  await control("seek", 3);
  await clock.advance(1000);
  assert.equal(seen(), "waiting");
  const before = recorder.pcm.length;
  await control("resume");
  cut();
  await clock.advance(60_000);
  assert.equal(recorder.pcm.length, before);
  assert.equal(seen(), "waiting");
  assert.deepEqual(
    reported.filter((line) => line.startsWith("start")).length,
    1,
  );
});

Deno.test("without queues, what was stopped while the server is away, or the player fails, does not come back", async () => {
  for (const how of ["server", "player"]) {
    const { clock, cast, cut, receiver, recorder, seen, reported } =
      await setUp({ windowBytes: 10_000, features: ["tags"] });
    await cast("one");
    await clock.advance(1000);
    if (how === "server") cut();
    else recorder.fail(BUSY);
    await clock.advance(100);
    receiver.playing!.skip();
    const before = recorder.pcm.length;
    await clock.advance(60_000);
    assert.equal(recorder.pcm.length, before, how);
    assert.match(seen(), /^waiting/, how);
    assert.equal(reported.at(-1), "waiting", how);
  }
});

Deno.test("receiving on and off changes nothing of what plays, nor of what others see", async () => {
  const { clock, cast, receiver, recorder, seen } = await setUp();
  await cast("one");
  await clock.advance(1000);
  for (const on of [false, true, false]) {
    receiver.receiving = on;
    await settle();
    assert.equal(seen(), "playing one.wav", `${on}`);
  }
  await clock.advance(30_000);
  assertBytes(recorder.pcm, ONE);
  assert.equal(seen(), "idle");
});

/** A receiver at a server that is driven by hand, welcomed by it. */
async function atRawServer() {
  const clock = new FakeClock();
  const server = new RawServer(clock);
  const recorder = new Recorder(clock, { realTime: true });
  const link = new Link({
    connector: server.connector,
    clock,
    identity: { ...IDENTITY, receive: true },
    windowBytes: 1 << 20,
    signal: new AbortController().signal,
  });
  const world = receive(link, new Output(recorder.open));
  await settle();
  const { id } = await server.peer.next("hello");
  return { clock, server, recorder, ...world, id };
}

function start(stream: number, pcm: Uint8Array) {
  const format = { ...PHONE, dataOffset: 0, dataBytes: pcm.length };
  return {
    ...{ type: "start", stream, song: `${stream}.wav`, etag: `${stream}` },
    ...{ offset: 0, bytes: pcm.length, format, from: 0, by: "somebody" },
  };
}

Deno.test("a cast that comes with the stop of the song before is played, and not stopped", async () => {
  const { clock, server, recorder, id } = await atRawServer();
  await server.peer.send({ ...WELCOME, re: id });
  await server.peer.send(start(1, ONE));
  await server.peer.write(dataFrame(ONE.subarray(0, 20_000)));
  await clock.advance(1000);
  const before = recorder.pcm.length;
  await server.peer.write(concat([
    messageFrame({ type: "control", action: "stop", stream: 1 }),
    messageFrame(start(2, TWO)),
    dataFrame(TWO),
    dataFrame(new Uint8Array(0)),
  ]));
  await clock.advance(19_000);
  assert.equal(server.peers.length, 1);
  const stops = server.peers[0].messages("stop").map(({ stream }) => stream);
  assert.deepEqual(stops, [1]);
  const heard = recorder.pcm.slice(before);
  assert.ok(heard.length > 18 * 8000);
  assertBytes(heard, TWO.subarray(0, heard.length));
});

Deno.test("a cast that comes in one packet with the welcome is played", async () => {
  const { clock, server, recorder, id } = await atRawServer();
  await server.peer.write(concat([
    messageFrame({ ...WELCOME, re: id }),
    messageFrame(start(1, ONE)),
    dataFrame(ONE),
    dataFrame(new Uint8Array(0)),
  ]));
  await clock.advance(15_000);
  assertBytes(recorder.pcm, ONE.subarray(0, recorder.pcm.length));
  assert.ok(recorder.pcm.length > 100_000);
});

Deno.test("replaced ends it, whatever it does, without another connection", async () => {
  const error = {
    type: "error",
    code: "replaced",
    message: "Another",
    fatal: true,
  };
  for (const sent of [null, 20_000, ONE.length]) {
    const { clock, server, done, id } = await atRawServer();
    await server.peer.send({ ...WELCOME, re: id });
    if (sent !== null) {
      await server.peer.send(start(1, ONE));
      await server.peer.write(dataFrame(ONE.subarray(0, sent)));
      if (sent === ONE.length) {
        await server.peer.write(dataFrame(new Uint8Array(0)));
      }
    }
    await clock.advance(1000);
    await server.peer.send(error);
    await assert.rejects(clock.runUntil(done, 0), { code: "replaced" });
    await clock.advance(60_000);
    assert.equal(server.peers.length, 1);
  }
});

Deno.test("a song whose buffer would be too large is reported, and the next one plays", async () => {
  const { clock, server, recorder, id, reported } = await atRawServer();
  await server.peer.send({ ...WELCOME, re: id });
  const greedy = start(1, ONE);
  const format = { ...greedy.format, rate: 2 ** 40 };
  await server.peer.send({ ...greedy, format });
  await server.peer.write(dataFrame(ONE));
  await clock.advance(1000);
  assert.equal(reported.at(-1), "problem unsupported");
  assert.equal(server.peer.messages("grant").length, 0);
  const [state] = server.peer.messages("state").slice(-1);
  assert.match(state.problem, /expected at most/);
  await server.peer.send(start(2, TWO));
  await server.peer.write(dataFrame(TWO));
  await server.peer.write(dataFrame(new Uint8Array(0)));
  await clock.advance(15_000);
  assertBytes(recorder.pcm, TWO.subarray(0, recorder.pcm.length));
  assert.ok(recorder.pcm.length > 100_000);
});

Deno.test("without queues, a cast that crosses a seek in transit is played, whichever the server handles first", async () => {
  for (let turns = 0; turns < 40; turns += 2) {
    const { clock, receiver, reported, cast, recorder, seen } = await setUp({
      features: ["tags"],
    });
    await cast("one");
    await clock.advance(1000);
    const sent = cast("two");
    for (let i = 0; i < turns; i++) await Promise.resolve();
    const { playing } = receiver;
    if (playing?.state?.song === "one.wav") playing.seek(5);
    await sent;
    await clock.advance(1000);
    assert.equal(seen(), "playing two.wav", `after ${turns} turns`);
    await clock.advance(60_000);
    assert.deepEqual(reported.slice(-2), ["end two.wav", "waiting"]);
    assertBytes(recorder.pcm.slice(-TWO.length), TWO);
  }
});
