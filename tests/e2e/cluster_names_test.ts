import assert from "node:assert/strict";
import { ClusterWorld, until, untilAlive } from "../support/cluster_world.ts";
import { CD, noise, wavFile } from "../support/memory_songs.ts";
import { needsNats } from "../support/nats.ts";
import { openSession } from "../support/sessions.ts";

const song = (seed: number) => wavFile(CD, noise(40_000, seed));

Deno.test({
  name:
    "of two servers with one name the first one stays, and the other is alone",
  ignore: needsNats.ignore,
  async fn() {
    await using world = await ClusterWorld.start();
    const attic = await world.server("attic", { "a.wav": song(1) });
    const cellar = await world.server("cellar");
    const session = await openSession(cellar.ports.session, { name: "me" });
    await untilAlive(session, "attic");
    const folder = world.folder.file("another");
    await Deno.mkdir(folder);
    await Deno.writeFile(`${folder}/b.wav`, song(2));
    const twin = await world.server("attic", {}, ["--music", folder]);
    await twin.program.printed(
      /is named attic as well: this one is alone/,
      "stderr",
    );
    await attic.program.printed(
      /is named attic as well: it is left out/,
      "stderr",
    );
    const listed = async ({ ports }: { ports: { session: number } }) => {
      const session = await openSession(ports.session, { name: "me" });
      const { songs } = await session.request({ type: "list" });
      session.close();
      return songs.map(({ name, node }) => `${node}:${name}`);
    };
    assert.deepEqual(await listed(twin), ["attic:b.wav"]);
    await until(
      () => listed(cellar),
      (songs) => songs.join() === "attic:a.wav",
    );
    const lone = await openSession(twin.ports.session, { name: "me" });
    const { places: own } = await lone.request({ type: "places" });
    assert.match(
      own.find(({ state }) => state === "here")!.reason!,
      /is named attic .* another --node$/,
    );
    lone.close();
    const { places } = await session.request({ type: "places" });
    assert.deepEqual(
      places.map(({ address, state }) => [address, state]),
      [[attic.address, "alive"], [cellar.address, "here"]],
    );
    session.close();
  },
});
