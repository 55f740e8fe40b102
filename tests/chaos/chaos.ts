/**
 * Chaos: several real servers that are one, on machines of their own with three NATS
 * servers. By chance some are killed, started again, cut off, slowed and restarted
 * one after the other, while their groups play and queues are edited.
 *
 *     deno task chaos [--minutes N] [--nodes N] [--seed N] [--out FOLDER]
 *
 * At any time: a device that was listed stays so, as long as nothing happens to it,
 * its server or the one that is asked; no term of an owner falls, none has two owners,
 * and no device is sent what has a lower one; every byte that is heard is the song's.
 * Whenever all are left alone for a while: each lists all devices and the same groups,
 * no answered edit is lost, and all devices hear their groups. It writes `chaos.csv`
 * and draws `chaos.svg`. Only root can make the network.
 *
 * @module
 */

import { Command } from "@commander-js/extra-typings";
import { join } from "@std/path";
import { positive } from "../../lib/cli/options.ts";
import { systemClock } from "../../lib/io/clock/clock.ts";
import { print } from "../../lib/io/console/standard_output.ts";
import { seededRandom } from "../support/seeded_random.ts";
import {
  arrived,
  ask,
  checkQueue,
  type Edited,
  hearing,
  resumeAll,
  settled,
} from "../support/cluster_checks.ts";
import { ChaosNetwork } from "./chaos_network.ts";
import { chaosPicture } from "./chaos_picture.ts";
import { type House, type HouseOptions, openHouse } from "./house.ts";
import { Journal, readTable } from "./journal.ts";
import { ListWatch } from "./list_watch.ts";

const ENTRIES = 400;
/** Disturbances between two checks. */
const DISTURBANCES = 4;
/** At most, between two of them. */
const PAUSE_MS = 6_000;
/** Of all rounds, those in which what was done stays done for a minute. */
const LONG_ROUNDS = 8;
const LONG_MS = 60_000;
/** Of all disturbances, restarts of all servers. */
const ROLLING = 0.08;
/** Machines of NATS that are disturbed, of all. */
const NATS_PART = 0.35;

export interface ChaosOptions extends HouseOptions {
  minutes: number;
}

/** Runs it. */
export async function chaos(
  { minutes, ...options }: ChaosOptions,
  say: (line: string) => void,
): Promise<Journal> {
  const random = seededRandom(options.seed);
  await using stack = new AsyncDisposableStack();
  const events = join(options.out, "events.log");
  const journal = new Journal((line) =>
    Deno.writeTextFileSync(events, line, { append: true })
  );
  const house = await openHouse(stack, options, journal);
  const { nodes, nats, groups, devices } = house;
  const all = [...nodes, ...nats];
  const edits = await startEdits(house, random);
  const began = await settled(nodes, groups);
  if (typeof began === "string") throw new Error(`It does not start: ${began}`);
  using lists = new ListWatch({
    ...{ nodes, devices, fault: (text) => journal.add("fault", text) },
  });
  for (let round = 1; journal.seconds < minutes * 60; round++) {
    const from = journal.entries.length;
    for (let i = 0; i < DISTURBANCES; i++) {
      await disturb(house, random);
      await systemClock.sleep(random() * PAUSE_MS);
      await edits.one();
    }
    if (round % LONG_ROUNDS === 0) await systemClock.sleep(LONG_MS);
    await Promise.all(all.map((it) => it.heal()));
    const tookMs = await settled(nodes, groups);
    if (typeof tookMs === "string") {
      journal.add("fault", `apart: ${tookMs}`);
      for (const { name, program } of nodes) {
        say(`${name}: ${await program.status().catch(String)}`);
      }
    } else journal.add("round", tookMs);
    for (const fault of await edits.check()) journal.add("fault", fault);
    const resume = async () => {
      for (const it of await resumeAll(pick(nodes, random))) {
        journal.add("resumed", it);
      }
    };
    for (const it of await hearing(devices, resume)) journal.add("fault", it);
    for (const [subject, number] of numbers(house)) {
      journal.add(subject, number);
    }
    journal.add("edits", edits.answered);
    journal.add("lists", lists.answers);
    for (const device of devices) device.goHome();
    const news = journal.entries.slice(from).map(({ subject, value }) =>
      `${subject} ${value}`
    );
    await keep(journal, options.out);
    say(`${journal.seconds} s, round ${round}: ${news.join(", ")}`);
  }
  return journal;
}

/** After each round, so that a run that is ended keeps its results. */
async function keep({ table }: Journal, out: string): Promise<void> {
  await Deno.writeTextFile(join(out, "chaos.csv"), table);
  await Deno.writeTextFile(
    join(out, "chaos.svg"),
    chaosPicture(readTable(table)),
  );
}

/** What has been compared so far. */
function numbers({ listeners, devices, owners, peers }: House) {
  const sum = (numbers: number[]) => numbers.reduce((sum, it) => sum + it, 0);
  return [
    ["songs", sum(listeners.map((it) => it.songs))],
    ["streams", sum(listeners.map((it) => it.streams))],
    [
      "compared bytes",
      sum(listeners.map((it) => it.bytes)) +
      sum(devices.map((it) => it.heardBytes)),
    ],
    ["owners", owners.changes()],
    ["commands", peers.messages],
    ["refused", peers.refused],
  ] as const;
}

/** Does one thing, or undoes it. */
async function disturb(
  { nodes, nats }: House,
  random: () => number,
): Promise<void> {
  if (random() < ROLLING) {
    for (const node of nodes) await node.heal();
    for (const node of nodes) await node.restart((it) => it.stop());
    return;
  }
  const some = random() < NATS_PART ? nats : nodes;
  await pick<{ disturb(random: () => number): Promise<void> }>(some, random)
    .disturb(random);
}

/** Has all groups play, and takes songs out of their queues. */
async function startEdits(
  { nodes, groups, songs }: House,
  random: () => number,
): Promise<{
  readonly answered: number;
  one(): Promise<void>;
  check(): Promise<string[]>;
}> {
  const queues = new Map<string, Edited>();
  // A server queues what it knows: each is to know the songs of all.
  await Promise.all(nodes.map((it) => arrived(it, groups.flat())));
  for (const devices of groups) {
    const { group } = await ask(nodes[0], (session) =>
      session.request({
        ...{ type: "queue", to: devices.map(({ key }) => key) },
        ...{ repeat: "all", place: "now" },
        songs: Array.from({ length: ENTRIES }, () => pick(songs, random)),
      }));
    queues.set(group, {
      ...{ entries: ENTRIES, asked: new Set(), removed: new Set() },
    });
  }
  let answered = 0;
  return {
    get answered() {
      return answered;
    },
    async one() {
      const [group, { asked, removed }] = pick([...queues], random);
      const entry = 2 + Math.floor(random() * (ENTRIES - 2));
      const node = pick(nodes, random);
      asked.add(entry);
      const edited = await ask(node, (session) =>
        session.request({
          ...{ type: "edit", group, action: "remove" },
          entries: [entry],
        })).catch(() => null);
      if (!edited) return;
      answered++;
      removed.add(entry);
    },
    async check() {
      const node = pick(nodes, random);
      const faults = [...queues].map(([group, edited]) =>
        checkQueue(node, group, edited)
      );
      return (await Promise.all(faults)).flat();
    },
  };
}

function pick<T>(from: readonly T[], random: () => number): T {
  return from[Math.floor(random() * from.length)];
}

if (import.meta.main) {
  const options = new Command("deno task chaos")
    .description("Kills and cuts off servers that are one, and checks them.")
    .option("--minutes <n>", "how long", Number, 30)
    .option("--nodes <n>", "how many", positive, 4)
    .option("--seed <n>", "what chance begins with", Number, Date.now() % 1e9)
    .option("--out <folder>", "where the table and the logs go", ".")
    .parse(Deno.args, { from: "user" }).opts();
  if (!ChaosNetwork.possible) {
    print("skipped: only root can make a network of namespaces, with ip");
    Deno.exit(0);
  }
  const { out } = options;
  await Deno.mkdir(out, { recursive: true });
  print(`seed ${options.seed}`);
  const journal = await chaos(options, print);
  const { faults } = journal;
  for (const fault of faults) print(fault);
  Deno.exit(faults.length > 0 ? 1 : 0);
}
