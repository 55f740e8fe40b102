import assert from "node:assert/strict";
import { noiseSong, type Room, Rooms, sineSong } from "../support/rooms.ts";
import { noiseFrameAt, spread } from "../support/skew.ts";
import { needsSoundServer, pathOf, RATE_HZ } from "../support/sound_server.ts";

const ROOMS: Room[] = [
  { name: "kitchen", player: "pacat", channel: "rear-left" },
  { name: "living room", player: "pacat", channel: "rear-right" },
  { name: "study", player: "mpv", channel: "front-center" },
];
const NAMES = ROOMS.map(({ name }) => name);

/** What devices reach on a quiet machine; `bench/step.ts` measures how exactly. */
const EVENT_MS = 2;
const MEDIAN_MS = 1;
/** Players run dry on a machine that is busy: there figures are only reported. */
const loads = [Deno.loadavg()[0]];
function isBusy(): boolean {
  loads.push(Deno.loadavg()[0]);
  return Math.max(...loads) > 2;
}
/** mpv's own position is off after it has run dry, so it is only reported. */
const ASSERTED = [1];

/** A part of the recording, in sample frames. */
interface Part {
  from: number;
  to: number;
}

Deno.test({
  name:
    "three rooms are in step after each event, with a clock and a network of their own",
  ignore: needsSoundServer.ignore || pathOf("mpv") === null,
  async fn() {
    await using home = await Rooms.start(
      { "noise.wav": noiseSong(300) },
      ROOMS,
    );
    const { recording } = home;
    const control = (action: "pause" | "resume" | "seek", value?: number) =>
      home.session.request({ type: "control", to: NAMES, action, value });
    const play = () =>
      home.session.request({ type: "queue", to: NAMES, songs: ["noise"] });
    // What was recorded is looked at when all is over: it takes long.
    const cast = await part(play, 8);
    await recording.seconds(12); // The clocks become known.
    const calm = await part(() => {}, 5);
    const seek = await part(() => control("seek", 100), 4);
    const pause = await part(() => control("pause"), 1.5);
    const resume = await part(() => control("resume"), 4);
    const kill = await part(() => home.killPlayer(1), 9);
    const network = await part(() => home.loseNetwork(1, 2000), 5);
    const server = await part(async () => {
      await home.killServer();
      await recording.seconds(1);
      await home.startServer();
    }, 8);

    async function part(act: () => unknown, seconds: number): Promise<Part> {
      const from = recording.frames;
      await act();
      await recording.seconds(seconds);
      return { from, to: recording.frames };
    }

    for (const room of [1, 2]) {
      const skews = home.skews(room, calm.from, calm.to)
        .filter((it) => it !== null);
      report(`${NAMES[room]}, ms apart`, spread(skews));
      if (!ASSERTED.includes(room) || isBusy()) continue;
      assert.ok(skews.length > 40, `${NAMES[room]} is silent`);
      const { median } = spread(skews);
      assert.ok(median < MEDIAN_MS, `${NAMES[room]}: ${median} ms`);
    }
    const events: Record<string, [Part, limitSeconds: number]> = {
      ...{ cast: [cast, 8], seek: [seek, 2], resume: [resume, 2] },
      ...{ kill: [kill, 8], network: [network, 2], server: [server, 8] },
    };
    for (const [event, [{ from, to }, limit]] of Object.entries(events)) {
      const took = [1, 2].map((room) =>
        secondsUntilInStep(home.skews(room, from, to))
      );
      report(`${event}, seconds until in step`, took);
      if (isBusy()) continue;
      for (const room of ASSERTED) {
        assert.ok(took[room - 1] <= limit, `${event}: ${took} s`);
      }
    }
    const at = seek.to - RATE_HZ;
    const expected = 100 * RATE_HZ + at - seek.from - RATE_HZ / 2;
    const place = noiseFrameAt(home.heard(0), at, expected, RATE_HZ / 2);
    assert.ok(place !== null, "a seek led to another place");
    for (const room of [0, 1, 2]) {
      const tail = home.heard(room).subarray(pause.to - 4800, pause.to);
      assert.ok(tail.every((it) => it === 0), `${NAMES[room]} is not paused`);
    }
  },
});

function report(what: string, figures: unknown): void {
  // deno-lint-ignore no-console
  console.log(`  ${what}: ${JSON.stringify(figures)}`);
}

/** Seconds until three in a row are in step. */
function secondsUntilInStep(skews: (number | null)[]): number {
  const isIn = (at: number) =>
    skews[at] !== null && Math.abs(skews[at]) < EVENT_MS;
  const at = skews.findIndex((_, i) =>
    i + 2 < skews.length && isIn(i) && isIn(i + 1) && isIn(i + 2)
  );
  return at < 0 ? Infinity : at / 10;
}

Deno.test({
  name: "a sine in step has no distortion that is heard",
  ...needsSoundServer,
  async fn() {
    await using home = await Rooms.start(
      { "sine.wav": sineSong(60) },
      ROOMS.slice(0, 2),
    );
    await home.session.request({
      type: "queue",
      to: NAMES.slice(0, 2),
      songs: ["sine"],
    });
    await home.recording.seconds(8);
    const from = home.recording.frames;
    await home.recording.seconds(3);
    for (const room of [0, 1]) {
      const heard = home.heard(room).subarray(from, home.recording.frames);
      const db = distortionDb(heard);
      report(`${NAMES[room]}, THD+N in dB`, db);
      assert.ok(db < (isBusy() ? 0 : -70), `${db} dB`);
    }
  },
});

/**
 * All that is not a sine near 1 kHz, whose rate may change slowly: relative to it,
 * the median of pieces of 20 ms.
 */
function distortionDb(samples: Float32Array): number {
  const piece = RATE_HZ / 50;
  const ratios: number[] = [];
  for (let at = 0; at + piece <= samples.length; at += piece) {
    const part = samples.subarray(at, at + piece);
    const rest = (off: number) => restOf(part, 1000 * (1 + off) / RATE_HZ);
    let [from, to] = [-0.004, 0.004];
    for (let i = 0; i < 30; i++) {
      const third = (to - from) / 3;
      if (rest(from + third) > rest(to - third)) from += third;
      else to -= third;
    }
    ratios.push(rest(from));
  }
  ratios.sort((a, b) => a - b);
  return 10 * Math.log10(ratios[ratios.length >> 1]);
}

/** The power that is left without a sine of so many cycles a frame. */
function restOf(samples: Float32Array, cycles: number): number {
  let [ss, cc, sc, sy, cy, yy] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < samples.length; i++) {
    const s = Math.sin(2 * Math.PI * cycles * i);
    const c = Math.cos(2 * Math.PI * cycles * i);
    const y = samples[i];
    [ss, cc, sc] = [ss + s * s, cc + c * c, sc + s * c];
    [sy, cy, yy] = [sy + s * y, cy + c * y, yy + y * y];
  }
  const det = ss * cc - sc * sc;
  const [a, b] = [(sy * cc - cy * sc) / det, (cy * ss - sy * sc) / det];
  const signal = a * sy + b * cy;
  return (yy - signal) / signal;
}
