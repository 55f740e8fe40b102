/**
 * How late live sound is heard: noise is played on one channel of a sound server,
 * recorded from there by `ondacast send`, and heard by a player on another channel of
 * the same recording.
 *
 *     deno run -A --lock=tests/deno.lock bench/live.ts [--seconds 60]
 *         [pacat|aplay|ffplay|page|step]
 *
 * It needs pulseaudio, and the players that are to be measured: Chromium for the page.
 *
 * @module
 */

import { print } from "../lib/io/console/standard_output.ts";
import {
  runClient,
  type RunningProgram,
  startClient,
  TestServer,
} from "../tests/support/programs.ts";
import { noisePcm, skewsOf, spread } from "../tests/support/skew.ts";
import {
  pathOf,
  RATE_HZ,
  type Recording,
  SoundServer,
} from "../tests/support/sound_server.ts";

/** What is heard before is not measured. */
const WARM_SECONDS = 10;
/** The most that is looked for. */
const MOST_SECONDS = 2;

const PLAYERS = ["pacat", "aplay", "ffplay"];
const KINDS = [...PLAYERS, "page", "step"];

type Browser = typeof import("../tests/support/browser.ts");
const BROWSER = new URL("../tests/support/browser.ts", import.meta.url).href;

/** Plays noise on the channel that is sent. */
function speak(sound: SoundServer): Disposable {
  const child = new Deno.Command("pacat", {
    args: [
      ..."--playback --raw --format=s16le --channels=2".split(" "),
      `--rate=${RATE_HZ}`,
      "--channel-map=front-left,aux0",
    ],
    env: sound.env,
    ...{ stdin: "piped", stdout: "null", stderr: "null" },
  }).spawn();
  let frames = 0;
  const noise = new ReadableStream<Uint8Array>({
    pull: (into) => into.enqueue(noisePcm(frames, frames += RATE_HZ)),
  });
  noise.pipeTo(child.stdin).catch(() => {});
  return { [Symbol.dispose]: () => child.kill("SIGKILL") };
}

/** A sink whose front channels are the rear ones of the recorded sink. */
async function rearSink(sound: SoundServer): Promise<Record<string, string>> {
  await new Deno.Command("pactl", {
    args: [
      ...["load-module", "module-remap-sink", "sink_name=rear", "remix=no"],
      ...["master=six", "channels=2", "channel_map=front-left,front-right"],
      "master_channel_map=rear-left,rear-right",
    ],
    env: sound.env,
  }).output();
  const { ALSA_CONFIG_PATH } = await sound.device("rear-left");
  return { ...sound.env, ALSA_CONFIG_PATH, PULSE_SINK: "rear" };
}

/** Prints what is heard from now on. */
async function measure(
  recording: Recording,
  what: string,
  seconds: number,
): Promise<void> {
  await recording.seconds(WARM_SECONDS);
  const from = recording.frames;
  await recording.seconds(seconds + MOST_SECONDS);
  const early = recording.channel("front-left", from);
  const late = recording.channel("rear-left", from);
  const places = { from: 0, to: seconds * RATE_HZ, every: RATE_HZ / 2 };
  const skews = skewsOf(early, late, {
    ...places,
    most: MOST_SECONDS * RATE_HZ,
  });
  const heard = skews.filter((it) => it !== null)
    .map((it) => it * 1000 / RATE_HZ);
  if (heard.length === 0) return print(`${what}: nothing was heard`);
  const { median, p95, worst } = spread(heard);
  print(
    `${what}: median ${median.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms, ` +
      `worst ${worst.toFixed(0)} ms; ${heard.length} of ${skews.length} heard`,
  );
}

/** Sends what the sound server plays as `live/desk`. */
async function send(sound: SoundServer, at: string[]): Promise<RunningProgram> {
  const sender = startClient(
    ["send", "mic:six.monitor", "--as", "desk", ...at],
    { env: sound.env },
  );
  await sender.printed(/^sending/m);
  return sender;
}

async function alone(player: string, seconds: number): Promise<void> {
  await using sound = await SoundServer.start();
  await using server = await TestServer.start();
  using _voice = speak(sound);
  const at = ["--server", server.address];
  await using _sender = await send(sound, at);
  const env = await rearSink(sound);
  await using listener = startClient(
    ["play", "live/desk", "--player", player, ...at],
    { env },
  );
  await listener.printed(/^playing/m);
  await using recording = sound.record(seconds + WARM_SECONDS + 10);
  await measure(recording, `${player} alone`, seconds);
}

/** A tab that receives, as a person leaves it open. */
async function onPage(seconds: number): Promise<void> {
  // The browser's driver is a package of the tests.
  const { TestBrowser, hasBrowser } = await import(BROWSER) as Browser;
  if (!hasBrowser) return;
  await using sound = await SoundServer.start();
  await using server = await TestServer.start();
  using _voice = speak(sound);
  const at = ["--server", server.address];
  await using _sender = await send(sound, at);
  const browser = await TestBrowser.start({
    args: ["--autoplay-policy=no-user-gesture-required"],
    env: await rearSink(sound),
  });
  await browser.open(
    `http://127.0.0.1:${server.ports.http}/`,
    {},
    'localStorage.setItem("ondacast.name", "tab")',
  );
  const cast = ["cast", "live/desk", "--to", "tab", ...at];
  while ((await runClient(cast)).code !== 0);
  await using recording = sound.record(seconds + WARM_SECONDS + 10);
  await measure(recording, "page alone", seconds);
}

async function inStep(seconds: number): Promise<void> {
  await using sound = await SoundServer.start();
  await using server = await TestServer.start();
  using _voice = speak(sound);
  const at = ["--server", server.address];
  await using _sender = await send(sound, at);
  await using rooms = new AsyncDisposableStack();
  for (const channel of ["rear-left", "rear-right"] as const) {
    const room = rooms.use(startClient(
      ["receive", "--name", channel, "--player", "pacat", ...at],
      { env: await sound.device(channel) },
    ));
    await room.printed(/^waiting/m);
  }
  const to = ["--to", "rear-left", "rear-right"];
  await runClient(["cast", "live/desk", ...to, ...at]);
  await using recording = sound.record(seconds + WARM_SECONDS + 10);
  await measure(recording, "pacat in step", seconds);
}

if (import.meta.main) {
  const at = Deno.args.indexOf("--seconds");
  const seconds = at < 0 ? 60 : Number(Deno.args[at + 1]);
  const wanted = (what: string) =>
    KINDS.every((it) => !Deno.args.includes(it)) || Deno.args.includes(what);
  for (const player of PLAYERS) {
    if (wanted(player) && pathOf(player)) await alone(player, seconds);
  }
  if (wanted("page")) await onPage(seconds);
  if (wanted("step")) await inStep(seconds);
  Deno.exit(); // What the browser's driver keeps open is over.
}
