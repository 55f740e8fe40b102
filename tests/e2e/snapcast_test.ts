import assert from "node:assert/strict";
import { RunningProgram, runServer, TestServer } from "../support/programs.ts";
import { noiseSong, Rooms } from "../support/rooms.ts";
import { noiseFrameAt, spread } from "../support/skew.ts";
import { needsSoundServer, pathOf, RATE_HZ } from "../support/sound_server.ts";

const SNAPCLIENT = pathOf("snapclient");
/** What a busy machine's figures are not held against. */
const MOST_LOAD = 2;
/** Apart, as a median, beside other tests; a quiet machine reaches less. */
const MEDIAN_MS = 2;

Deno.test({
  name:
    "a Snapcast client plays alone, and in step with another room after each event",
  ignore: needsSoundServer.ignore || SNAPCLIENT === null,
  async fn() {
    await using home = await Rooms.start(
      { "noise.wav": noiseSong(120) },
      [{ name: "kitchen", player: "pacat", channel: "rear-left" }],
      { maxSeconds: 60, serverPpm: 0, words: ["--snapcast-port", "0"] },
    );
    const { recording, session } = home;
    await using client = new RunningProgram(SNAPCLIENT!, [
      ...["-h", "127.0.0.1", "-p", `${home.snapcastPort}`],
      ...["--hostID", "bath", "--player", "pulse", "--logsink", "stdout"],
    ], { env: home.soundEnv });
    await client.printed(/Codec: pcm, sampleformat: 48000:16:2/);
    const bath = (await session.request({ type: "online" })).clients
      .find(({ unverified }) => unverified)!;
    assert.ok(bath.receiving);
    const to = [bath.key];
    const heard = () => recording.channel("front-left");
    const part = async (act: () => Promise<unknown>, seconds: number) => {
      const from = recording.frames;
      await act();
      await recording.seconds(seconds);
      return { from, to: recording.frames };
    };
    const control = (action: "pause" | "resume" | "seek", value?: number) =>
      session.request({ type: "control", to, action, value });

    const alone = await part(
      () => session.request({ type: "queue", to, songs: ["noise"] }),
      4,
    );
    const seek = await part(() => control("seek", 60), 3);
    const pause = await part(() => control("pause"), 1);
    to.push("kitchen");
    const together = await part(
      () => session.request({ type: "queue", to, songs: ["noise"] }),
      14,
    );
    const jump = await part(() => control("seek", 50), 4);
    const load = Deno.loadavg()[0];

    const skews = home.skewsOf("front-left", 0, jump.to);
    const figures = {
      load,
      begins: secondsUntilSound(heard(), alone),
      aloneAt: placeAt(heard(), alone.to, 2.5),
      soughtAt: placeAt(heard(), seek.to, 61.5),
      silent: secondsUntilSilence(heard(), pause),
      together: spread(within(skews, together, 8).filter((it) => it !== null)),
      jump: spread(within(skews, jump, 1.5).filter((it) => it !== null)),
    };
    // deno-lint-ignore no-console
    console.log(`  ${JSON.stringify(figures)}`);
    assert.ok(figures.soughtAt !== null);
    if (load > MOST_LOAD) return;
    assert.ok(figures.silent < 0.6, `silent after ${figures.silent} s`);
    assert.ok(
      figures.together.median < MEDIAN_MS,
      `${figures.together.median} ms`,
    );
    assert.ok(figures.jump.median < MEDIAN_MS, `${figures.jump.median} ms`);
  },
});

/**
 * Where the song was a second before a frame, within a second: a client that
 * leaves out a sample frame there is looked at a little later.
 */
function placeAt(
  heard: Float32Array,
  to: number,
  seconds: number,
): number | null {
  for (let from = to - RATE_HZ; from < to - RATE_HZ / 2; from += RATE_HZ / 10) {
    const expected = seconds * RATE_HZ + from - (to - RATE_HZ);
    const place = noiseFrameAt(heard, from, expected, RATE_HZ);
    if (place !== null) return place;
  }
  return null;
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
