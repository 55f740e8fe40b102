/**
 * How far apart two rooms are: two receivers of ours, and two snapclients beside
 * them, all on one sound server that is recorded; quiet, and with two busy loops.
 * Ours have networks and clocks of their own, 100 ppm off the server's, and one of
 * them a device that is 104 ppm fast. Snapcast's have the server's clock.
 *
 *     deno run -A bench/step.ts [--minutes 10]
 *
 * It needs pulseaudio, snapserver and snapclient, writes `docs/pictures/step.svg`, and
 * prints the figures.
 *
 * @module
 */

import { print } from "../lib/io/console/standard_output.ts";
import { freePort, sleep } from "./programs.ts";
import { noiseSong, Rooms } from "../tests/support/rooms.ts";
import { skewsOf, type Spread, spread } from "../tests/support/skew.ts";
import { RATE_HZ } from "../tests/support/sound_server.ts";
import { type Curve, stepPicture } from "./step_picture.ts";

const PICTURE = new URL("../docs/pictures/step.svg", import.meta.url);
/** Both begin to play, and ours learn the clocks. */
const WARM_SECONDS = 30;
const SONG_SECONDS = 60;
const NAMES = ["one", "two"];

async function startSnapcast(rooms: Rooms): Promise<AsyncDisposable> {
  const folder = await Deno.makeTempDir({ prefix: "ondacast-" });
  const [port, control] = [freePort(), freePort()];
  await Deno.writeFile(`${folder}/noise.pcm`, noiseSong(SONG_SECONDS));
  await Deno.writeTextFile(
    `${folder}/snapserver.conf`,
    `[server]\ndatadir = ${folder}\n[http]\nenabled = false\n[tcp]\nenabled = true\nport = ${control}
[stream]\nbind_to_address = 127.0.0.1\nport = ${port}\ncodec = pcm
source = file://${folder}/noise.pcm?name=noise&sampleformat=48000:16:2\n`,
  );
  const children: Deno.ChildProcess[] = [];
  const start = (program: string, args: string[]) => {
    children.push(
      new Deno.Command(program, {
        args,
        env: { ...rooms.soundEnv, HOME: folder },
        ...{ stdin: "null", stdout: "null", stderr: "null" },
      }).spawn(),
    );
  };
  start("snapserver", ["-c", `${folder}/snapserver.conf`]);
  await sleep(1000);
  for (const instance of ["1", "2"]) {
    const server = ["--host", "127.0.0.1", "--port", String(port)];
    start("snapclient", [
      ...[...server, "--instance", instance, "--hostID", `room${instance}`],
      ...["--player", "pulse"],
    ]);
  }
  await sleep(3000);
  await eachOnItsChannel(rooms.soundEnv);
  return {
    async [Symbol.asyncDispose]() {
      for (const child of children.reverse()) {
        child.kill("SIGKILL");
        await child.status;
      }
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** One snapclient is heard on the left, the other on the right. */
async function eachOnItsChannel(env: Record<string, string>): Promise<void> {
  const list = await new Deno.Command("pactl", {
    args: ["list", "sink-inputs"],
    env: { ...env, LC_ALL: "C" },
  }).output();
  const inputs = new TextDecoder().decode(list.stdout).split("Sink Input #")
    .filter((it) => /snapclient/i.test(it)).map((it) => parseInt(it));
  for (const [i, input] of inputs.entries()) {
    const volumes = i === 0 ? ["100%", "0%"] : ["0%", "100%"];
    await new Deno.Command("pactl", {
      args: ["set-sink-input-volume", String(input), ...volumes],
      env,
    }).output();
  }
}

/** Milliseconds apart, twice a second; null: they do not sound the same. */
function apart(
  first: Float32Array,
  other: Float32Array,
  from: number,
  to: number,
): (number | null)[] {
  const places = { from, to, every: RATE_HZ / 2, most: RATE_HZ / 40 };
  return skewsOf(first, other, places)
    .map((skew) => skew && skew * 1000 / RATE_HZ);
}

function busyLoop(): Worker {
  const url = URL.createObjectURL(
    new Blob(["for (;;);"], { type: "text/javascript" }),
  );
  return new Worker(url, { type: "module" });
}

async function measure(minutes: number, isBusy: boolean): Promise<Curve[]> {
  const seconds = WARM_SECONDS + 60 * minutes;
  await using rooms = await Rooms.start(
    { "noise.wav": noiseSong(SONG_SECONDS) },
    [
      { name: NAMES[0], player: "pacat", channel: "rear-left" },
      {
        ...{ name: NAMES[1], player: "pacat", channel: "rear-right" },
        isFast: true,
      },
    ],
    { maxSeconds: seconds + 30 },
  );
  await using _snapcast = await startSnapcast(rooms);
  const songs = ["noise"];
  await rooms.session.request({
    ...{ type: "queue", to: NAMES, songs, repeat: "all" },
  });
  await rooms.recording.seconds(WARM_SECONDS);
  const loops = isBusy ? [busyLoop(), busyLoop()] : [];
  const from = rooms.recording.frames;
  await rooms.recording.seconds(60 * minutes);
  const to = rooms.recording.frames;
  for (const loop of loops) loop.terminate();
  const { recording } = rooms;
  const when = isBusy ? "two busy loops" : "quiet";
  return [
    {
      who: `Ondacast, ${when}`,
      skews: apart(rooms.heard(0), rooms.heard(1), from, to),
    },
    {
      who: `Snapcast, ${when}`,
      skews: apart(
        recording.channel("front-left"),
        recording.channel("front-right"),
        from,
        to,
      ),
    },
  ];
}

if (import.meta.main) {
  const at = Deno.args.indexOf("--minutes");
  const minutes = at < 0 ? 10 : Number(Deno.args[at + 1]);
  const curves: Curve[] = [];
  for (const isBusy of [false, true]) {
    const measured = await measure(minutes, isBusy);
    for (const curve of measured) {
      const known = curve.skews.filter((it) => it !== null);
      const figures = Object.entries(spread(known) as Spread & object)
        .map(([name, ms]) => `${name} ${ms?.toFixed(3)}`).join(", ");
      const lost = curve.skews.length - known.length;
      await print(`${curve.who}: ${figures} ms; not heard alike ${lost} times`);
    }
    const [load] = Deno.loadavg();
    await print(`load of the machine: ${load.toFixed(1)}`);
    curves.push(...measured);
  }
  await Deno.writeTextFile(PICTURE, stepPicture(curves));
  Deno.exit(0);
}
