import assert from "node:assert/strict";
import { onceMore } from "../support/once_more.ts";
import {
  RunningProgram,
  runServer,
  startClient,
  TestServer,
} from "../support/programs.ts";
import { noiseFile, noiseSong, Rooms } from "../support/rooms.ts";
import { noiseFrameAt, spread } from "../support/skew.ts";
import { needsSoundServer, pathOf, RATE_HZ } from "../support/sound_server.ts";

const SNAPCLIENT = pathOf("snapclient");
/** What a busy machine's figures are not held against. */
const MOST_LOAD = 2;
/** Apart, as a median; a quiet machine reaches 0.3. */
const MEDIAN_MS = 0.5;
/** From a command to what is heard of it; at first, its player opens before. */
const MOST_SECONDS = { begins: 1.5, alone: 1.5, sought: 0.6, silent: 0.6 };
/** How far from the server's clock a client may be by its own account. */
const OWN_MS = 0.2;

Deno.test({
  name:
    "a Snapcast client plays alone, and in step with another room after each event, also live",
  ignore: needsSoundServer.ignore || SNAPCLIENT === null,
  // A player that a busy machine has starved finds its place slowly.
  fn: () => onceMore(household),
});

/** Plays to a Snapcast client through all events, and asserts what is heard. */
async function household(): Promise<void> {
  await using home = await Rooms.start(
    { "noise.wav": noiseSong(120) },
    [{ name: "kitchen", player: "pacat", channel: "rear-left" }],
    { maxSeconds: 60, serverPpm: 0, words: ["--snapcast-port", "0"] },
  );
  const { recording, session } = home;
  await using client = new RunningProgram(SNAPCLIENT!, [
    ...["-h", "127.0.0.1", "-p", `${home.snapcastPort}`],
    ...["--hostID", "bath", "--player", "pulse"],
    ...["--logsink", "stdout", "--logfilter", "*:debug"],
  ], { env: home.soundEnv });
  await client.printed(/Codec: pcm, sampleformat: 48000:16:2/);
  const bath = (await session.request({ type: "online" })).clients
    .find(({ unverified }) => unverified)!;
  assert.ok(bath.receiving);
  const to = [bath.key];
  const heard = () => recording.channel("front-left");
  const part = async (act: () => Promise<unknown>, seconds: number) => {
    const [from, logged] = [recording.frames, client.stdout.length];
    await act();
    await recording.seconds(seconds);
    const log = client.stdout.slice(logged);
    return { from, to: recording.frames, log };
  };
  const control = (action: "pause" | "resume" | "seek", value?: number) =>
    session.request({ type: "control", to, action, value });
  const play = (song: string) =>
    session.request({ type: "queue", to, songs: [song] });

  const alone = await part(() => play("noise"), 4);
  const seek = await part(() => control("seek", 60), 3);
  const pause = await part(() => control("pause"), 1);
  to.push("kitchen");
  const together = await part(() => play("noise"), 12);
  const jump = await part(() => control("seek", 50), 4);
  await using sender = startClient(
    ["send", "-", "--as", "radio", "--server", home.address],
    { stdin: "piped" },
  );
  const speech = noiseFile(20);
  sender.child.stdin.getWriter().write(speech).catch(() => {});
  await sender.printed(/^sending live\/radio/m);
  const live = await part(() => play("live/radio"), 5);
  const load = Deno.loadavg()[0];

  const skews = home.skewsOf("front-left", 0, live.to);
  const apart = (part: Part, seconds: number) =>
    spread(within(skews, part, seconds).filter((it) => it !== null));
  const figures = {
    load,
    begins: secondsUntilSound(heard(), alone),
    alone: secondsUntil(heard(), alone, 0),
    sought: secondsUntil(heard(), seek, 60),
    silent: secondsUntilSilence(heard(), pause),
    isCalm: [together, jump, live].map(isCalm),
    together: apart(together, 8),
    jump: apart(jump, 1.5),
    live: apart(live, 3),
  };
  report(figures);
  assert.ok(figures.sought !== null);
  assert.ok(load > MOST_LOAD || figures.live.median !== undefined);
  if (load > MOST_LOAD) return;
  for (const [event, most] of Object.entries(MOST_SECONDS)) {
    const seconds = figures[event as keyof typeof MOST_SECONDS];
    assert.ok(seconds && seconds < most, `${event}: ${seconds} s`);
  }
  if (!figures.isCalm.every(Boolean)) return;
  for (const { median } of [figures.together, figures.jump, figures.live]) {
    assert.ok(median < MEDIAN_MS, `${median} ms`);
  }
}

function report(figures: unknown): void {
  // deno-lint-ignore no-console
  console.log(`  ${JSON.stringify(figures)}`);
}

/**
 * Seconds from a command to when the place that it has asked for is heard, from
 * where the song is one second before the end of the part, or a little later: a
 * client that leaves out a sample frame there is not recognised.
 */
function secondsUntil(
  heard: Float32Array,
  { from, to }: Part,
  asked: number,
): number | null {
  for (let at = to - RATE_HZ; at < to - RATE_HZ / 2; at += RATE_HZ / 10) {
    const expected = (asked - 0.5) * RATE_HZ + at - from;
    const place = noiseFrameAt(heard, at, expected, RATE_HZ);
    if (place !== null) return (at - from - place) / RATE_HZ + asked;
  }
  return null;
}

/**
 * Whether the client was in step by its own account in the last seconds of a part,
 * and its player was never starved; else it corrects itself for a while. The account
 * has, in 0.1 ms, what it is late by now, over a while, and over a longer one.
 */
function isCalm({ log }: { log: string }): boolean {
  const accounts = [...log.matchAll(/Chunk: (.*)/g)].slice(-4)
    .map(([, columns]) => Number(columns.split("\t")[2]) / 10);
  return accounts.length > 2 && !/undeflow/.test(log) &&
    accounts.every((ms) => Math.abs(ms) <= OWN_MS);
}

Deno.test("beside a token or TLS the ports of Snapcast need a word of its own", async () => {
  const secrets = [["--token", "a secret"], ["--tls-self-signed"]];
  for (const option of ["--snapcast-port", "--snapcast-control-port"]) {
    for (const secured of secrets) {
      const { code, stderr } = await runServer([option, "0", ...secured]);
      assert.equal(code, 2);
      assert.match(stderr, RegExp(`Cannot open ${option} .*--snapcast-open`));
    }
  }
});

Deno.test("apps of Snapcast are answered over TCP and HTTP, by the token there", async () => {
  const token = "a long enough secret";
  await using server = await TestServer.start([
    ...["--snapcast-control-port", "0", "--snapcast-open", "--token", token],
  ]);
  const { http, snapcastControl, snapcast } = server.ports;
  assert.equal(snapcast, undefined);
  const body = '{"id":7,"jsonrpc":"2.0","method":"Server.GetRPCVersion"}';
  const result = { major: 2, minor: 0, patch: 0 };
  const answer = JSON.stringify({ id: 7, jsonrpc: "2.0", result });
  using conn = await Deno.connect({ port: snapcastControl! });
  await conn.write(new TextEncoder().encode(`${body}\n`));
  const into = new Uint8Array(1000);
  const bytes = await conn.read(into);
  const line = new TextDecoder().decode(into.subarray(0, bytes!));
  assert.equal(line, `${answer}\r\n`);

  const post = async (headers: Record<string, string>, text = body) => {
    const given = {
      "content-type": "application/json",
      authorization: `Bearer ${token}`,
      ...headers,
    };
    const address = `http://127.0.0.1:${http}/jsonrpc`;
    const answered = await fetch(address, {
      ...{ method: "POST", headers: given, body: text },
    });
    return [answered.status, await answered.text()];
  };
  assert.deepEqual(await post({}), [200, answer]);
  const unasked = '{"jsonrpc":"2.0","method":"Server.GetRPCVersion"}';
  assert.deepEqual(await post({}, unasked), [204, ""]);
  const refused: [Record<string, string>, string, number][] = [
    [{ "content-type": "text/plain" }, body, 415],
    [{ "sec-fetch-site": "cross-site" }, body, 403],
    [{ origin: "http://evil.example" }, body, 403],
    [{}, " ".repeat(65_537), 413],
    [{ authorization: "Bearer wrong" }, body, 401],
  ];
  for (const [headers, text, status] of refused) {
    assert.equal((await post(headers, text))[0], status, `${status}`);
  }
});

/** A part of the recording, in sample frames. */
interface Part {
  from: number;
  to: number;
}

/** Seconds until nothing is heard to the end. */
function secondsUntilSilence(channel: Float32Array, { from, to }: Part) {
  const last = channel.subarray(from, to).findLastIndex((it) => it !== 0);
  return (last + 1) / RATE_HZ;
}

function secondsUntilSound(channel: Float32Array, { from, to }: Part) {
  return channel.subarray(from, to).findIndex((it) => it !== 0) / RATE_HZ;
}

/** The skews of a part, from some seconds on. */
function within<T>(skews: T[], { from, to }: Part, seconds: number): T[] {
  const index = (frame: number) => Math.ceil(frame / (RATE_HZ / 10));
  return skews.slice(index(from + seconds * RATE_HZ), index(to));
}
