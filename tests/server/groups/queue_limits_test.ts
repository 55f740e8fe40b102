import assert from "node:assert/strict";
import { UnkeptGroups } from "../../../lib/server/groups/unkept_groups.ts";
import { settle } from "../../support/fake_clock.ts";
import { GroupDevice } from "../../support/group_device.ts";
import { MemoryServer } from "../../support/memory_server.ts";
import { noise, PHONE, wavFile } from "../../support/memory_songs.ts";

/** A server that keeps the queues of this many devices, none of which is here. */
async function serverWith(queues: number) {
  const keys = Array.from({ length: queues }, (_, i) => `away ${i}`);
  const store = new UnkeptGroups();
  store.load = () =>
    Promise.resolve({
      devices: keys.map((key) => ({
        ...{ key, name: key, volume: 100, muted: false, delayMs: 0 },
        seenMs: 1_700_000_000_000,
      })),
      groups: keys.map((key) => ({
        ...{ id: key, name: "", devices: [key], state: "stopped" as const },
        atWallMs: null,
        queue: {
          ...{ entries: [1], unshuffled: null, playing: 1, seconds: 0 },
          ...{ nextEntry: 2, revision: 1, repeat: "off" as const },
          batches: [{ entries: [1], songs: ["a.wav"] }],
        },
      })),
    });
  const server = new MemoryServer({ maxClients: 100, store });
  server.songs.add("a.wav", wavFile(PHONE, noise(8000)));
  await server.hub.groups.load();
  const devices = await Promise.all(
    ["x", "y", "z"].map((name) => GroupDevice.open(server, name)),
  );
  const [{ peer }] = devices;
  let id = 0;
  const ask = async (message: Record<string, unknown>) => {
    await peer.send({ ...message, id: ++id });
    await settle();
    await settle();
    return peer.messages().find(({ re }) => re === id)!;
  };
  return { server, devices, ask };
}

Deno.test("groups are as before when there is no room for another queue", async () => {
  const { server, devices, ask } = await serverWith(4096);
  const { groups } = server.hub;
  const before = [...groups.all.keys()];
  const [x, y] = devices.map(({ key }) => key);
  for (
    const message of [
      { type: "group", devices: [x, y] },
      { type: "group", devices: [x], name: "one" },
      { type: "queue", to: [x, y], songs: ["a"] },
      { type: "queue", to: [x], songs: ["a"] },
      { type: "move", group: x, to: [y] },
    ]
  ) {
    const { code } = await ask(message);
    assert.equal(code, "too-large", JSON.stringify(message));
  }
  assert.deepEqual([...groups.all.keys()], before);
  for (const { key } of devices) {
    const group = groups.get(key);
    assert.deepEqual([group.name, group.queue.entries.length], ["", 0]);
  }
});

Deno.test("the 4,096th queue is kept", async () => {
  const { ask, devices: [x, y] } = await serverWith(4095);
  const { type } = await ask({ type: "group", devices: [x.key, y.key] });
  assert.equal(type, "grouped");
});
