import assert from "node:assert/strict";
import type {
  GroupChange,
  GroupStore,
} from "../../../lib/ports/group_store.ts";
import { UnkeptGroups } from "../../../lib/server/groups/unkept_groups.ts";
import { settle } from "../../support/fake_clock.ts";
import { GroupDevice } from "../../support/group_device.ts";
import { MemoryServer } from "../../support/memory_server.ts";

Deno.test("a device that is gone is forgotten, unless it was named", async () => {
  const server = new MemoryServer({ maxClients: 100 });
  const { groups } = server.hub;
  const [x, y, z] = await Promise.all(
    ["x", "y", "z"].map((name) => GroupDevice.open(server, name)),
  );
  const control = { type: "control", to: y.key };
  await z.peer.send({ ...control, action: "delay", value: 120 });
  await z.peer.next("controlled");
  for (const it of [x, y]) it.cut();
  await settle();
  assert.deepEqual(
    [...groups.all.keys()].toSorted(),
    [y.key, z.key].toSorted(),
  );
  await y.connect();
  await settle();
  y.look();
  assert.deepEqual(y.log, ["delay 120"]);
});

Deno.test("a queue is forgotten 30 days after its last device was here", async () => {
  const day = 24 * 3_600_000;
  const nowMs = 1_700_000_000_000;
  const saved: GroupChange[] = [];
  const store: GroupStore = new UnkeptGroups();
  store.save = (change) => {
    saved.push(change);
    return Promise.resolve();
  };
  const device = (key: string, days: number) => ({
    ...{ key, name: key, volume: 100, muted: false, delayMs: 0 },
    seenMs: nowMs - days * day,
  });
  const group = (id: string, devices: string[]) => ({
    ...{ id, name: "", devices, state: "stopped" as const, atWallMs: null },
    queue: {
      ...{ entries: [1], unshuffled: null, playing: 1, seconds: 0 },
      ...{ nextEntry: 2, revision: 1, repeat: "off" as const },
      batches: [{ entries: [1], songs: ["a.wav"] }],
    },
  });
  store.load = () =>
    Promise.resolve({
      devices: [device("a", 31), device("b", 31), device("c", 29)],
      groups: [group("a", []), group("ab", ["a", "b"]), group("c", ["c"])],
    });
  const server = new MemoryServer({ store });
  await server.hub.groups.load();
  assert.deepEqual([...server.hub.groups.all.keys()], ["ab", "c"]);
  server.hub.sweep();
  await settle();
  assert.deepEqual([...server.hub.groups.all.keys()], ["c"]);
  const [{ goneGroups, goneDevices }] = saved;
  assert.deepEqual(goneGroups?.toSorted(), ["a", "ab", "b"]);
  assert.deepEqual(goneDevices, ["a", "b"]);
  await server.clock.advance(day + 3_600_000);
  server.hub.sweep();
  assert.deepEqual([...server.hub.groups.all.keys()], []);
});
