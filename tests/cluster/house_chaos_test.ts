import assert from "node:assert/strict";
import { MemoryCluster } from "../support/memory_cluster.ts";
import {
  MemoryPlace,
  RoamingPlayer,
  SharedPlace,
} from "../support/memory_house.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";
import { seededRandom } from "../support/seeded_random.ts";

const song = (seconds: number) =>
  wavFile(PHONE, noise(PHONE.rate * seconds, seconds));
const SONGS = { "a.wav": song(17), "b.wav": song(31), "c.wav": song(53) };
const NAMES = ["attic", "cellar", "hall", "shed"];
/** The homes of the devices of each group. */
const GROUPS = [[0, 1, 2], [3, 0], [1], [2], [3]];
const ENTRIES = 60;
const DISTURBANCES = 4;
const STEP_MS = 500;
/** At most, between two disturbances, in steps. */
const PAUSE_STEPS = 12;
/** Of all disturbances, restarts of all servers. */
const ROLLING = 0.08;
/** Disturbances of what they share, of all others. */
const TABLE_PART = 0.35;
/** How long all may take to be as one again, and a device to hear something. */
const SETTLE_MS = 30_000;
const HEAR_MS = 60_000;
const seed = Number(Deno.env.get("ONDACAST_SEED") ?? 20_261_126);
/** Runs, and rounds of each. */
const RUNS = Number(Deno.env.get("ONDACAST_CHAOS") ?? 2);
const ROUNDS = Number(Deno.env.get("ONDACAST_CHAOS_ROUNDS") ?? 1);

interface Row {
  group: string;
  node: string;
  songs: number;
  state: string;
  devices: { key: string; name: string; away?: boolean }[];
}

class Chaos {
  readonly random: () => number;
  readonly all: MemoryCluster;
  readonly places: MemoryPlace[];
  readonly table: SharedPlace;
  readonly groups: RoamingPlayer[][];
  readonly players: RoamingPlayer[];
  /** Of each queue the entries that were removed by an answer. */
  readonly queues = new Map<string, Set<number>>();
  readonly done: string[] = [];
  #losses = 0;

  constructor(seed: number) {
    this.random = seededRandom(seed);
    const all = this.all = new MemoryCluster(this.random);
    this.places = NAMES.map((name, i) => new MemoryPlace(name, i, all, SONGS));
    this.table = new SharedPlace(all, this.random);
    let number = 0;
    this.groups = GROUPS.map((homes) =>
      homes.map((home) =>
        new RoamingPlayer(`device-${number++}`, this.places[home])
      )
    );
    this.players = this.groups.flat();
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)];
  }

  say(text: string): void {
    this.done.push(`${(this.all.clock.now() / 1000).toFixed(1)} s: ${text}`);
  }

  async run(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      for (const it of this.players) it.look(this.places);
      const there = this.players.filter(({ device }) => device.isConnected);
      await this.all.run(there.map(({ device }) => device), STEP_MS);
      for (const it of this.players) it.playAlone(STEP_MS / 1000);
    }
  }

  async begin(): Promise<void> {
    await this.run(4_000);
    const ask = await this.places[0].node.client();
    for (const members of this.groups) {
      const { group } = await ask({
        ...{ type: "queue", to: members.map(({ device }) => device.key) },
        ...{ repeat: "all", place: "now" },
        songs: Array.from(
          { length: ENTRIES },
          () => this.pick(Object.keys(SONGS)),
        ),
      });
      this.queues.set(group, new Set());
    }
    await this.run(3_000);
    this.all.table.keep();
  }

  /** What it has lost of the edits nobody may have kept who is still there. */
  #noteLosses(): void {
    if (this.table.losses === this.#losses) return;
    this.#losses = this.table.losses;
    for (const removed of this.queues.values()) removed.clear();
  }

  async disturb(): Promise<void> {
    if (this.random() < ROLLING) return await this.#restartAll();
    const isTable = this.random() < TABLE_PART;
    const place = isTable ? this.table : this.pick(this.places);
    place.disturb(this.random());
    this.#noteLosses();
    this.say(`${place.name} is ${place.condition}`);
  }

  heal(): void {
    for (const place of [this.table, ...this.places]) place.heal();
    this.#noteLosses();
    this.say("all are well");
  }

  async #restartAll(): Promise<void> {
    for (const it of this.places) it.heal();
    for (const it of this.places) {
      await it.stop(() => this.run(STEP_MS));
      it.heal();
      this.say(`${it.name} has started again`);
      await this.run(STEP_MS);
    }
  }

  async edit(): Promise<void> {
    const [group, removed] = this.pick([...this.queues]);
    const { node, condition } = this.pick(this.places);
    const entry = 2 + Math.floor(this.random() * (ENTRIES - 2));
    if (condition === "dead") return;
    const ask = await node.client();
    const { type } = await ask({
      ...{ type: "edit", group, action: "remove", entries: [entry] },
    });
    if (type === "edited") removed.add(entry);
  }

  /** Each server lists all devices, and the same groups. */
  async checkLists(): Promise<void> {
    const wanted = this.groups.map((members) =>
      members.map(({ name }) => name).sort().join()
    ).sort();
    const lists: string[] = [];
    for (const { node, name } of this.places) {
      const ask = await node.client();
      const { clients } = await ask({ type: "online" });
      const there = (clients as { name: string; receiving: boolean }[])
        .filter((it) => it.receiving).map((it) => it.name).sort();
      assert.deepEqual(there, this.players.map((it) => it.name), name);
      const { groups } = await ask({ type: "groups" });
      const members = (groups as Row[]).map(({ devices }) =>
        devices.map(({ name, away }) => away ? `(${name})` : name).sort().join()
      ).sort();
      assert.deepEqual(members, wanted, name);
      lists.push(
        (groups as Row[]).map(({ group, node, songs }) =>
          `${group} at ${node}: ${songs}`
        ).sort().join("; "),
      );
    }
    assert.equal(new Set(lists).size, 1, lists.join("\n"));
  }

  /** No edit that was answered is lost. */
  async checkQueues(): Promise<void> {
    for (const [group, removed] of this.queues) {
      const ask = await this.pick(this.places).node.client();
      const { entries, message } = await ask({ type: "entries", group });
      assert.ok(entries, `no queue of ${group}: ${message}`);
      for (const { entry } of entries as { entry: number }[]) {
        assert.ok(!removed.has(entry), `the edit of ${entry} is lost`);
      }
    }
  }

  /** All devices hear something; a group that was away for long is paused. */
  async checkSound(): Promise<void> {
    const ask = await this.pick(this.places).node.client();
    const { groups } = await ask({ type: "groups" });
    for (const { state, devices: [{ key }] } of groups as Row[]) {
      if (state === "playing") continue;
      assert.equal(state, "paused", `the group of ${key}`);
      await ask({ type: "control", to: [key], action: "resume" });
    }
    const heard = () =>
      this.players.map(({ device }) => device.peer.dataFrames.length);
    const before = heard();
    await this.run(HEAR_MS);
    const silent = heard().flatMap((it, i) =>
      it > before[i] ? [] : [this.players[i]]
    );
    assert.deepEqual(
      silent.map(({ name, device: { log } }) => `${name}: ${log.slice(-9)}`),
      [],
    );
  }

  /** What every server says of the devices and groups. */
  get report(): string {
    const views = this.places.map(({ name, node, logs }) => {
      const { server: { hub }, cluster: { owners: { terms } } } = node;
      const { presence, groups } = hub;
      const devices = this.players.map(({ name, device: { key } }) => {
        const device = groups.devices.get(key);
        const place = presence.get(key)?.place ?? (presence.get(key) && "here");
        const group = device && groups.group(device).id;
        const is = device?.link ? "linked" : "away";
        return `${name} (${key}) is at ${place}, ${is} in ${group}`;
      });
      const owners = [...this.queues.keys()].map((id) =>
        `${id} is of ${terms.owner(id)?.node} by ${terms.term(id)}`
      );
      return [name, ...logs.flat().slice(-99), ...devices, ...owners].join(
        "\n  ",
      );
    });
    const places = this.players.map(({ name, at }) => `${name} at ${at?.name}`);
    return [...this.done, ...views, ...places].join("\n");
  }
}

async function chaos(seed: number): Promise<void> {
  const it = new Chaos(seed);
  await it.begin();
  try {
    for (let round = 0; round < ROUNDS; round++) {
      for (let i = 0; i < DISTURBANCES; i++) {
        await it.disturb();
        await it.run(STEP_MS * Math.ceil(it.random() * PAUSE_STEPS));
        await it.edit();
      }
      it.heal();
      await it.run(SETTLE_MS);
      await it.checkLists();
      await it.checkQueues();
      await it.checkSound();
      for (const player of it.players) player.goHome();
    }
  } catch (cause) {
    throw new Error(`${cause}\n${it.report}`, { cause });
  }
}

for (let i = 0; i < RUNS; i++) {
  Deno.test(`servers that die, start again and are cut off are as one again (seed ${seed + i})`, () =>
    chaos(seed + i));
}
