import assert from "node:assert/strict";
import type { ClientSession } from "../../lib/client/client_session.ts";
import {
  ClusterWorld,
  until,
  untilAlive,
  untilHashed,
} from "../support/cluster_world.ts";
import { needsNats } from "../support/nats.ts";
import { MUSIC } from "../support/programs.ts";
import { openSession } from "../support/sessions.ts";

const SONGS = ["Canon in D.wav", "Greensleeves.wav", "Ode to Joy.wav"];

async function allSongs(): Promise<Record<string, Uint8Array>> {
  const files = SONGS.map(async (name) =>
    [name, await Deno.readFile(`${MUSIC}/${name}`)] as const
  );
  return Object.fromEntries(await Promise.all(files));
}

const groupOf = async (session: ClientSession, key: string) =>
  (await session.request({ type: "groups" })).groups!
    .find(({ group }) => group === key);

Deno.test({
  name: "the queue of a killed server goes on at the one where its device is",
  ...needsNats,
  async fn() {
    await using world = await ClusterWorld.start();
    const songs = await allSongs();
    const attic = await world.server("attic", songs, ["--data", "off"]);
    const cellar = await world.server("cellar", songs, ["--data", "off"]);
    const person = await openSession(cellar.ports.session, { name: "me" });
    await untilAlive(person, "attic");
    await untilHashed(person, SONGS.length);
    const device = { device: crypto.randomUUID(), name: "hall", receive: true };
    const before = await openSession(attic.ports.session, device);
    const { key } = await before.welcome;
    await untilHashed(before, SONGS.length);
    await until(() => groupOf(person, key), (it) => it?.node === "attic");
    await before.request({
      type: "queue",
      to: key,
      songs: [...SONGS, SONGS[0]],
    });
    const { revision } = await person.request({
      ...{ type: "edit", group: key, action: "remove", entries: [2] },
    });
    attic.program.child.kill("SIGKILL");
    const after = await openSession(cellar.ports.session, device);
    const started = new Promise<{ song: string }>((resolve) =>
      after.listen({ cast: resolve as never })
    );
    const group = await until(
      () => groupOf(person, key),
      (it) => it?.songs === 3,
    );
    assert.equal(group!.node, "cellar");
    assert.equal(group!.state, "playing");
    assert.ok(group!.revision >= revision);
    const { entries } = await person.request({ type: "entries", group: key });
    assert.deepEqual(entries.map(({ entry }) => entry), [1, 3, 4]);
    await started;
    person.close();
    after.close();
  },
});
