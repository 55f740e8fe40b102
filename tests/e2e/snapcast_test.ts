import assert from "node:assert/strict";
import { RunningProgram, runServer } from "../support/programs.ts";
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
      aloneAt: noiseFrameAt(
        heard(),
        alone.to - RATE_HZ,
        2.5 * RATE_HZ,
        RATE_HZ,
      ),
      soughtAt: noiseFrameAt(
        heard(),
        seek.to - RATE_HZ,
        61.5 * RATE_HZ,
        RATE_HZ,
      ),
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

Deno.test("beside a token or TLS the port of Snapcast needs a word of its own", async () => {
  for (const secured of [["--token", "a secret"], ["--tls-self-signed"]]) {
    const { code, stderr } = await runServer([
      ...["--snapcast-port", "0"],
      ...secured,
    ]);
    assert.equal(code, 2);
    assert.match(stderr, /Cannot open --snapcast-port .*--snapcast-open/);
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
