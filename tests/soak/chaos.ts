/**
 * Chaos: several real servers that are one, of which some are killed, started again
 * and cut off from NATS by chance, while queues are edited.
 *
 *     deno task chaos [--minutes N] [--nodes N] [--seed N] [--out FOLDER]
 *
 * Whenever all are left alone for a while, each must list every device, no answered
 * edit may be lost, and a song must come whole. No term of an owner may fall, and
 * none may have two owners, at any time. It writes `chaos.csv`.
 *
 * @module
 */

import { Command } from "@commander-js/extra-typings";
import { join } from "@std/path";
import { openNatsBus } from "../../lib/cluster/nats_bus.ts";
import { positive } from "../../lib/cli/options.ts";
import type { ClientSession } from "../../lib/client/client_session.ts";
import { systemClock } from "../../lib/io/clock/clock.ts";
import { print } from "../../lib/io/console/standard_output.ts";
import { NatsServer } from "../support/nats.ts";
import { MUSIC, runClient, TempFolder } from "../support/programs.ts";
import { seededRandom } from "../support/seeded_random.ts";
import { openSession } from "../support/sessions.ts";
import { ChaosDevice } from "./chaos_device.ts";
import { ChaosNode } from "./chaos_node.ts";

const SONG = "Ode to Joy.wav";
const ENTRIES = 200;
/** Disturbances between two checks. */
const DISTURBANCES = 4;
/** A server that has just started again may be asked for at its former port. */
const RESTART_MS = 5_000;
/** How long all may take to be as one again. */
const SETTLE_MS = 30_000;

export interface ChaosOptions {
  minutes: number;
  nodes: number;
  seed: number;
}

/** Runs it. @returns Lines for a table, and faults. */
export async function chaos(
  { minutes, nodes: count, seed }: ChaosOptions,
  say: (line: string) => void,
): Promise<{ rows: string[]; faults: string[] }> {
  const random = seededRandom(seed);
  const pick = <T>(from: readonly T[]) =>
    from[Math.floor(random() * from.length)];
  const faults: string[] = [];
  const rows = ["seconds,did,edits,settled_ms"];
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await TempFolder.make());
  const nats = stack.use(await NatsServer.start());
  await watchOwners(nats, stack, (fault) => faults.push(fault));
  const nodes = Array.from(
    { length: count },
    (_, i) => stack.use(new ChaosNode(`node-${i}`, nats.port, folder)),
  );
  await Promise.all(nodes.map((it) => it.start()));
  const devices = nodes.map((node, i) =>
    stack.use(new ChaosDevice(`device-${i}`, node, nodes))
  );
  const wanted = devices.map(({ name }) => name).sort().join();
  await settled(nodes, wanted);
  await ask(nodes[0], async (session) => {
    for (const { name } of devices) {
      await session.request({
        ...{ type: "queue", to: name, repeat: "all" },
        songs: new Array(ENTRIES).fill(SONG),
      });
    }
  });
  const removed = new Map<string, Set<number>>();
  const startMs = performance.now();
  let edits = 0;
  while (performance.now() - startMs < minutes * 60_000) {
    const did: string[] = [];
    for (let i = 0; i < DISTURBANCES; i++) {
      did.push(await pick(nodes).disturb(random));
      await systemClock.sleep(random() * 6_000);
      const { key } = pick(devices);
      const entry = 2 + Math.floor(random() * (ENTRIES - 2));
      const edited = await ask(
        pick(nodes),
        (session) =>
          session.request({
            ...{ type: "edit", group: key, action: "remove" },
            entries: [entry],
          }),
      ).catch(() => null);
      if (!edited) continue;
      edits++;
      removed.set(key, (removed.get(key) ?? new Set()).add(entry));
    }
    await Promise.all(nodes.map((it) => it.heal()));
    const tookMs = await settled(nodes, wanted);
    if (tookMs === null) faults.push(`not one again after ${did.join()}`);
    faults.push(...await checkQueues(pick(nodes), removed));
    if (!await comesWhole(pick(nodes), folder)) faults.push("a wrong song");
    const seconds = Math.round((performance.now() - startMs) / 1000);
    rows.push([seconds, did.join(" "), edits, tookMs ?? ""].join());
    say(`${rows.at(-1)} ${faults.length} faults`);
  }
  return { rows, faults };
}

/** Notes each owner record that is written. */
async function watchOwners(
  nats: NatsServer,
  stack: AsyncDisposableStack,
  fault: (text: string) => void,
): Promise<void> {
  const closing = new AbortController();
  const bus = await openNatsBus({
    ...{ urls: [nats.url], cluster: "home", place: "observer" },
    ...{ clock: systemClock, trouble: () => {} },
  }, closing.signal);
  stack.defer(() => bus.close());
  const last = new Map<string, { node: string; term: number }>();
  bus.watch({
    begin() {},
    complete() {},
    record(key, value) {
      if (!key.startsWith("owner.") || value === null) return;
      const { node, term } = JSON.parse(new TextDecoder().decode(value));
      const before = last.get(key) ?? { node, term: 0 };
      if (term < before.term) fault(`the term of ${key} has fallen`);
      if (term === before.term && node !== before.node) {
        fault(`two owners of ${key} in term ${term}`);
      }
      last.set(key, { node, term });
    },
  });
}

/** Waits until each server lists all devices, and the same groups. */
async function settled(
  nodes: readonly ChaosNode[],
  wanted: string,
): Promise<number | null> {
  const startMs = performance.now();
  while (performance.now() - startMs < SETTLE_MS) {
    const seen = await Promise.all(
      nodes.map((node) => ask(node, listed).catch(() => ["", ""])),
    );
    const [, groups] = seen[0];
    const isOne = seen.every(([devices, of]) =>
      devices === wanted && of === groups
    );
    if (isOne) return Math.round(performance.now() - startMs);
    await systemClock.sleep(100);
  }
  return null;
}

async function listed(session: ClientSession): Promise<[string, string]> {
  const { clients } = await session.request({ type: "online" });
  const { groups = [] } = await session.request({ type: "groups" });
  const receiving = clients.filter((it) => it.receiving);
  return [
    receiving.map(({ name }) => name).sort().join(),
    groups.map(({ group, node, songs }) => `${group} ${node} ${songs}`).sort()
      .join(),
  ];
}

async function checkQueues(
  node: ChaosNode,
  removed: ReadonlyMap<string, ReadonlySet<number>>,
): Promise<string[]> {
  const faults: string[] = [];
  for (const [group, entries] of removed) {
    const left = await entriesOf(node, group);
    if (typeof left === "string") {
      faults.push(left);
      continue;
    }
    for (const { entry } of left.entries) {
      if (entries.has(entry)) faults.push(`the edit of ${entry} is lost`);
    }
  }
  return faults;
}

/** The queue of a group; the reason, if it cannot be had for some seconds. */
async function entriesOf(node: ChaosNode, group: string) {
  const untilMs = performance.now() + RESTART_MS;
  while (true) {
    try {
      return await ask(
        node,
        (session) => session.request({ type: "entries", group }),
      );
    } catch (error) {
      if (performance.now() > untilMs) return `${error}`;
    }
    await systemClock.sleep(100);
  }
}

/** Whether a song that is asked of a server is the same to the sample. */
async function comesWhole(
  node: ChaosNode,
  folder: TempFolder,
): Promise<boolean> {
  const path = folder.file("heard.wav");
  await runClient([
    ...["play", SONG, "--server", `127.0.0.1:${node.port}`, "--no-cache"],
    ...["--player", `file:${path}`],
  ]);
  const [heard, sent] = await Promise.all([
    Deno.readFile(path),
    Deno.readFile(join(MUSIC, SONG)),
  ]);
  await Deno.remove(path);
  return heard.subarray(44).every((it, i) => it === sent[44 + i]) &&
    heard.length === sent.length;
}

async function ask<T>(
  node: ChaosNode,
  act: (session: ClientSession) => Promise<T>,
): Promise<T> {
  const session = await openSession(node.port, { name: "person" });
  try {
    return await act(session);
  } finally {
    session.close();
  }
}

if (import.meta.main) {
  const { out, ...options } = new Command("deno task chaos")
    .description("Kills and cuts off servers that are one, and checks them.")
    .option("--minutes <n>", "how long", Number, 30)
    .option("--nodes <n>", "how many", positive, 3)
    .option("--seed <n>", "what chance begins with", Number, Date.now() % 1e9)
    .option("--out <folder>", "where the table goes", ".")
    .parse(Deno.args, { from: "user" }).opts();
  await Deno.mkdir(out, { recursive: true });
  print(`seed ${options.seed}`);
  const { rows, faults } = await chaos(options, print);
  await Deno.writeTextFile(join(out, "chaos.csv"), `${rows.join("\n")}\n`);
  for (const fault of faults) print(fault);
  Deno.exit(faults.length > 0 ? 1 : 0);
}
