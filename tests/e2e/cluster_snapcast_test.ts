import assert from "node:assert/strict";
import {
  ClusterWorld,
  until,
  untilAlive,
  untilHashed,
} from "../support/cluster_world.ts";
import { needsNats } from "../support/nats.ts";
import { onceMore } from "../support/once_more.ts";
import { RunningProgram, startClient } from "../support/programs.ts";
import { noiseFile } from "../support/rooms.ts";
import { openSession } from "../support/sessions.ts";
import { noiseFrameAt, skewsOf, spread } from "../support/skew.ts";
import {
  needsSoundServer,
  pathOf,
  RATE_HZ,
  SoundServer,
} from "../support/sound_server.ts";

const SNAPCLIENT = pathOf("snapclient");
/** Between a room of Snapcast and another one, of two servers. */
const MEDIAN_MS = 1;
/** Players run dry on a machine that is busy: there figures are only reported. */
const MOST_LOAD = 2;
const SECONDS = Number(Deno.env.get("ONDACAST_SPAN_SECONDS") ?? 9);

Deno.test({
  name:
    "a Snapcast client of one server plays what another casts to it, and in step in a group of that one",
  ignore: needsNats.ignore || needsSoundServer.ignore || SNAPCLIENT === null,
  // A player that a busy machine has starved finds its place slowly.
  fn: () => onceMore(household),
});

/** Plays to a Snapcast client of another server, and asserts what is heard. */
async function household(): Promise<void> {
  await using world = await ClusterWorld.start();
  await using sound = await SoundServer.start();
  const [attic, cellar] = await Promise.all([
    world.server("attic", {}, ["--snapcast-port", "0"]),
    world.server("cellar", { "noise.wav": noiseFile(SECONDS + 20) }),
  ]);
  const session = await openSession(cellar.ports.session, { name: "me" });
  await untilAlive(session, "attic");
  await untilHashed(session, 1);
  await using recording = sound.record(SECONDS + 25);
  await using stack = new AsyncDisposableStack();
  const snapclient = stack.use(
    new RunningProgram(SNAPCLIENT!, [
      ...["-h", "127.0.0.1", "-p", `${attic.ports.snapcast}`],
      ...["--hostID", "bath", "--player", "pulse"],
      ...["--logsink", "stdout", "--logfilter", "*:debug"],
    ], { env: sound.env }),
  );
  await snapclient.printed(/Codec: pcm/);
  const room = stack.use(startClient([
    ...["receive", "--json", "--name", "down", "--player", "pacat"],
    ...["--server", cellar.address],
  ], {
    env: {
      ...await sound.device("rear-right", true),
      XDG_DATA_HOME: world.folder.file("data of down"),
    },
  }));
  await room.printed(/"waiting"/);
  const clients = await until(
    async () => (await session.request({ type: "online" })).clients,
    (clients) => clients.filter(({ receiving }) => receiving).length === 2,
  );
  const bath = clients.find(({ unverified }) => unverified)!;
  assert.equal(bath.node, "attic");

  const alone = recording.frames;
  const cast = await session.request({
    ...{ type: "cast", song: "noise.wav", to: [bath.key] },
  });
  assert.deepEqual(cast, { ...cast, to: [bath.key], refused: [] });
  await recording.seconds(3);
  const at = recording.frames - RATE_HZ;
  const place = noiseFrameAt(
    recording.channel("front-left"),
    at,
    at - alone - RATE_HZ / 2,
    RATE_HZ,
  );
  assert.ok(place !== null, "nothing of the song is heard");
  const beganSeconds = (at - alone - place) / RATE_HZ;

  const from = recording.frames;
  const { refused } = await session.request({
    ...{ type: "queue", to: ["down", bath.key], songs: ["noise.wav"] },
  });
  assert.deepEqual(refused, []);
  await recording.seconds(SECONDS);
  const { groups } = await session.request({ type: "groups" });
  assert.deepEqual(
    groups!.map(({ devices, node, state }) => [devices.length, node, state]),
    [[2, "cellar", "playing"]],
  );
  const load = Deno.loadavg()[0];
  const skews = skewsOf(
    recording.channel("front-left"),
    recording.channel("rear-right"),
    {
      from: from + 7 * RATE_HZ,
      to: recording.frames,
      ...{ every: RATE_HZ / 10, most: RATE_HZ / 40 },
    },
  ).filter((it) => it !== null).map((it) => Math.abs(it) * 1000 / RATE_HZ);
  session.close();
  const found = spread(skews);
  report({ beganSeconds, msApart: found, load });
  if (load > MOST_LOAD) return;
  assert.ok(beganSeconds < 1.5, `${beganSeconds} s`);
  assert.ok(found.median < MEDIAN_MS, `${found.median} ms`);
}

function report(figures: unknown): void {
  // deno-lint-ignore no-console
  console.log(`  ${JSON.stringify(figures)}`);
}
