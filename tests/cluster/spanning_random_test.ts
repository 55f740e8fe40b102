import assert from "node:assert/strict";
import { GroupDevice } from "../support/group_device.ts";
import { MemoryCluster, type MemoryNode } from "../support/memory_cluster.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";
import { seededRandom } from "../support/seeded_random.ts";

const song = (seconds: number) =>
  wavFile(PHONE, noise(seconds * 8_000, seconds));

const NODES = ["attic", "cellar", "shed"];
/** Rooms whose sounds differ by less are in step, in microseconds. */
const IN_STEP_US = 150;
/** Until all rooms are in step after a command, and all lists are equal. */
const SETTLED_MS = 4_000;

/** The group that has a device, and its server, as a server's clients see it. */
type Row = { group: string; node: string; devices: { key: string }[] };

for (const seed of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) {
  Deno.test(`whatever is asked of three servers, groups are in step and lists are equal (${seed})`, async () => {
    const random = seededRandom(seed);
    const pick = <T>(all: readonly T[]): T =>
      all[Math.floor(random() * all.length)];
    const all = await MemoryCluster.start({
      attic: { "a.wav": song(30), "b.wav": song(3) },
      cellar: { "c.wav": song(40) },
      shed: {},
    });
    const rooms: GroupDevice[] = [];
    for (const [i, node] of [...NODES, "attic", "cellar"].entries()) {
      const { server } = all.node(node);
      rooms.push(await GroupDevice.open(server, `room-${i}`));
    }
    await all.run(rooms, 1_000);
    const asks = new Map<
      MemoryNode,
      Awaited<ReturnType<MemoryNode["client"]>>
    >();
    for (const name of NODES) {
      asks.set(all.node(name), await all.node(name).client());
    }
    const done: string[] = [];
    const some = () => {
      const named = rooms.filter(() => random() < 0.5).map((it) => it.name);
      return named.length > 0 ? named : [pick(rooms).name];
    };
    const COMMANDS = {
      queue: () => ({
        ...{ type: "queue", to: some(), place: pick(["now", "next", "end"]) },
        songs: pick([["a.wav"], ["b.wav", "c.wav"], [
          "c.wav",
          "b.wav",
          "a.wav",
        ]]),
      }),
      cast: () => ({
        type: "cast",
        to: some(),
        song: pick(["a.wav", "c.wav"]),
      }),
      group: () => ({ type: "group", devices: some() }),
      ungroup: () => ({ type: "ungroup", devices: [pick(rooms).name] }),
      move: () => ({ type: "move", group: pick(rooms).name, to: some() }),
      pause: () => control("pause"),
      resume: () => control("resume"),
      seek: () => control("seek", 5 + random() * 10),
      next: () => control("next"),
      previous: () => control("previous"),
      volume: () => control("volume", Math.round(random() * 100)),
    };
    const control = (action: string, value?: number) => ({
      ...{ type: "control", to: pick(rooms).name, action },
      ...(value !== undefined && { value }),
    });
    for (let i = 0; i < 12; i++) {
      const name = pick(Object.keys(COMMANDS)) as keyof typeof COMMANDS;
      const node = all.node(pick(NODES));
      const message = COMMANDS[name]();
      const { type, code } = await asks.get(node)!(message);
      done.push(
        `${node.name}: ${JSON.stringify(message)} → ${type} ${code ?? ""}`,
      );
      if (random() < 0.2) {
        const room = pick(rooms);
        done.push(`${room.name} is cut off`);
        room.cut();
        await all.run(rooms.filter((it) => it !== room), 1_500);
        await room.connect();
      }
      await all.run(rooms, SETTLED_MS);
      const what = `after\n${done.join("\n")}`;
      const rows = await listed(asks, what);
      await all.run(rooms, 1_000, () => assertInStep(rooms, rows, what));
    }
  });
}

/** What all servers list, which must be the same, with each device once. */
async function listed(
  asks: Map<MemoryNode, (message: Record<string, unknown>) => Promise<unknown>>,
  what: string,
): Promise<Row[]> {
  const lists: Row[][] = [];
  for (const ask of asks.values()) {
    const { groups } = await ask({ type: "groups" }) as { groups: Row[] };
    lists.push(groups.sort((a, b) => a.group < b.group ? -1 : 1));
  }
  const [first] = lists;
  for (const list of lists) {
    const told = (rows: Row[]) =>
      rows.map(({ group, node, devices }) => ({
        ...{ group, node, devices: devices.map(({ key }) => key) },
      }));
    assert.deepEqual(told(list), told(first), what);
  }
  const keys = first.flatMap(({ devices }) => devices.map(({ key }) => key));
  assert.equal(new Set(keys).size, keys.length, `a device twice ${what}`);
  assert.equal(keys.length, 5, `a device is missing ${what}`);
  return first;
}

function assertInStep(
  rooms: readonly GroupDevice[],
  rows: readonly Row[],
  what: string,
): void {
  for (const { devices } of rows) {
    if (devices.length < 2) continue;
    const heard = devices.map(({ key }) => {
      const room = rooms.find((it) => it.key === key)!;
      return { room, at: room.hears(room.nowUs) };
    });
    const [first, ...others] = heard;
    for (const { at } of others) {
      const where = `${what}\n${
        heard.map(({ room, at }) =>
          `${room.name} hears ${JSON.stringify(at)}: ${room.log.slice(-8)}`
        ).join("\n")
      }`;
      assert.equal(at?.entry, first.at?.entry, where);
      if (!at || !first.at) continue;
      const offUs = (at.frame - first.at.frame) / 8_000 * 1e6;
      assert.ok(Math.abs(offUs) < IN_STEP_US, `${offUs} us: ${where}`);
    }
  }
}
