import assert from "node:assert/strict";
import { ClockProxies } from "../support/clock_proxies.ts";
import {
  ClusterWorld,
  until,
  untilAlive,
  untilHashed,
} from "../support/cluster_world.ts";
import { needsNats } from "../support/nats.ts";
import { startClient } from "../support/programs.ts";
import { noiseFile } from "../support/rooms.ts";
import { openSession } from "../support/sessions.ts";
import { skewsOf, spread } from "../support/skew.ts";
import {
  type Channel,
  needsSoundServer,
  RATE_HZ,
  SoundServer,
} from "../support/sound_server.ts";

/** Between rooms at two servers. */
const MEDIAN_MS = 1;
/** Players run dry on a machine that is busy: there figures are only reported. */
const MOST_LOAD = 2;
/** Longer by hand. */
const SECONDS = Number(Deno.env.get("ONDACAST_SPAN_SECONDS") ?? 11);

Deno.test({
  name:
    "rooms at two servers, whose clocks are hours apart and drift, play in step",
  ignore: needsNats.ignore || needsSoundServer.ignore,
  async fn() {
    await using world = await ClusterWorld.start();
    await using sound = await SoundServer.start();
    await using recording = sound.record(SECONDS + 20);
    // The attic reaches the cellar through a clock that is not its own.
    using proxies = new ClockProxies(80, true);
    const way = await proxies.open(1, 5);
    const attic = await world.server("attic", {
      "noise.wav": noiseFile(SECONDS + 10),
    });
    const cellar = await world.server("cellar", {}, ["--advertise", way]);
    proxies.moveTo(cellar.ports.session);
    const session = await openSession(attic.ports.session, { name: "me" });
    await untilAlive(session, "cellar");
    await untilHashed(session, 1);
    await using stack = new AsyncDisposableStack();
    const open = async (name: string, address: string, channel: Channel) => {
      const room = stack.use(startClient([
        ...["receive", "--json", "--name", name, "--player", "pacat"],
        ...["--server", address],
      ], {
        env: {
          ...await sound.device(channel, name === "down"),
          XDG_DATA_HOME: world.folder.file(`data of ${name}`),
        },
      }));
      await room.printed(/"waiting"/);
    };
    await open("up", attic.address, "rear-left");
    await open("down", cellar.address, "rear-right");
    await until(
      async () => (await session.request({ type: "online" })).clients,
      (clients) => clients.filter(({ receiving }) => receiving).length === 2,
    );
    const from = recording.frames;
    const { refused } = await session.request({
      ...{ type: "queue", to: ["up", "down"], songs: ["noise.wav"] },
    });
    assert.deepEqual(refused, []);
    await recording.seconds(SECONDS);
    const to = recording.frames;
    const { groups } = await session.request({ type: "groups" });
    assert.deepEqual(
      groups!.map(({ devices, node, state }) => [devices.length, node, state]),
      [[2, "attic", "playing"]],
    );
    session.close();
    const load = Deno.loadavg()[0];
    const skews = skewsOf(
      recording.channel("rear-left"),
      recording.channel("rear-right"),
      // Both are in step a while after the cast.
      {
        from: from + 6 * RATE_HZ,
        ...{ to, every: RATE_HZ / 10, most: RATE_HZ / 40 },
      },
    ).filter((it) => it !== null).map((it) => Math.abs(it) * 1000 / RATE_HZ);
    const found = spread(skews);
    // deno-lint-ignore no-console
    console.log(`  ms apart: ${JSON.stringify(found)}, load ${load}`);
    if (load > MOST_LOAD) return;
    assert.ok(skews.length > 10 * (SECONDS - 6) * 0.8, `${skews.length}`);
    assert.ok(found.median < MEDIAN_MS, `${found.median} ms`);
  },
});
