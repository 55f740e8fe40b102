/**
 * All that a chaos happens to: NATS servers, servers, devices and listeners, and
 * those who watch.
 *
 * @module
 */

import { join } from "@std/path";
import { CD, noise, wavFile } from "../support/memory_songs.ts";
import { RoamingDevice } from "../support/roaming_device.ts";
import { seededRandom } from "../support/seeded_random.ts";
import { hasProgram, TempFolder } from "../support/programs.ts";
import { ChaosListener } from "./chaos_listener.ts";
import { ChaosMachine, type ChaosProgram } from "./chaos_machine.ts";
import { ChaosNats } from "./chaos_nats.ts";
import { ChaosNetwork, OBSERVER } from "./chaos_network.ts";
import { ChaosNode } from "./chaos_node.ts";
import { Journal } from "./journal.ts";
import { watchOwners } from "./owner_watch.ts";
import { PeerWatch } from "./peer_watch.ts";

const NATS = 3;
export const MOST_NODES = 6;
const LISTENERS = 2;
const SECRET = "nobody else knows this one";
/** Seconds of each song; every other one is a FLAC, where that can be made. */
const SONGS = [17, 23, 31, 37, 41, 53];
const MAKES_FLAC = hasProgram("flac", "--version");
const BYTES_A_SECOND = 176_400;
/** How many servers have each song. */
const COPIES = 2;
/** Of a slow cable: enough for what one is listened to at, and for little else. */
const SLOW_NODE_BITS = 8_000_000;
const SLOW_NATS_BITS = 256_000;
/** Of TCP on machines of NATS, as docs/cluster.md says. */
const NATS_RETRIES = 5;
/** The homes of devices that play together; those of the others play alone. */
const TOGETHER = [[0, 1, 2], [3, 0]];
const ALONE = [1, 2, 3];

type ChaosDevice = RoamingDevice<ChaosMachine<ChaosNode>>;

export interface House {
  nats: ChaosMachine[];
  nodes: ChaosMachine<ChaosNode>[];
  devices: ChaosDevice[];
  /** The devices of each group. */
  groups: ChaosDevice[][];
  listeners: ChaosListener[];
  songs: string[];
  owners: { changes(): number };
  peers: PeerWatch;
}

export interface HouseOptions {
  /** How many servers. */
  nodes: number;
  seed: number;
  /** The folder for their logs. */
  out: string;
}

/** Starts all, on a network of their own, until the stack is disposed of. */
export async function openHouse(
  stack: AsyncDisposableStack,
  { nodes: count, seed, out }: HouseOptions,
  journal: Journal,
): Promise<House> {
  const fault = (text: string) => journal.add("fault", text);
  const folder = stack.use(await TempFolder.make());
  const network = stack.use(await ChaosNetwork.make(NATS + count));
  const songs = makeSongs();
  const changed = (name: string, condition: string) =>
    journal.add(name, condition);
  const machine = <P extends ChaosProgram>(
    program: P,
    i: number,
    slowBits: number,
  ) => {
    stack.use(program);
    return new ChaosMachine(program, {
      ...{ network, machine: network.machines[i], slowBits, changed },
    });
  };
  const natsMachines = network.machines.slice(0, NATS);
  await Promise.all(
    natsMachines.map((it) => network.setRetries(it, NATS_RETRIES)),
  );
  const nats = natsMachines.map((it, i) =>
    machine(new ChaosNats(`nats-${i}`, it, natsMachines), i, SLOW_NATS_BITS)
  );
  await Promise.all(nats.map((it) => it.start()));
  const urls = nats.map(({ program }) => program.url);
  const owners = stack.use(await watchOwners(urls, fault));
  const peers = stack.use(new PeerWatch(fault));
  const secretFile = folder.file("secret");
  await Deno.writeTextFile(secretFile, SECRET);
  const nodes: ChaosMachine<ChaosNode>[] = [];
  for (let i = 0; i < count; i++) {
    const at = network.machines[NATS + i];
    const port = peers.open(at.address, 4040);
    const program = new ChaosNode({
      ...{ name: `node-${i}`, machine: at, number: i, urls, secretFile },
      ...{ home: network.homeOf(at), advertised: `${OBSERVER}:${port}` },
      ...{ data: folder.file(`data-${i}`), log: join(out, `node-${i}.log`) },
      music: await musicOf(i, count, songs, folder),
    });
    nodes.push(machine(program, NATS + i, SLOW_NODE_BITS));
  }
  await Promise.all(nodes.map((it) => it.start()));
  for (const { name, condition } of [...nodes, ...nats]) {
    journal.add(name, condition);
  }
  let number = 0;
  const groups = [...TOGETHER, ...ALONE.map((it) => [it])].map((homes) =>
    homes.map((home) => {
      const name = `device-${number++}`;
      return stack.use(
        new RoamingDevice({
          ...{ name, home: nodes[home % count], nodes, songs, fault },
          note: (text) => journal.note(`${name} ${text}`),
        }),
      );
    })
  );
  const listeners = Array.from(
    { length: LISTENERS },
    (_, i) =>
      stack.use(
        new ChaosListener({
          ...{ name: `listener-${i}`, nodes, songs, fault },
          random: seededRandom(seed + 1 + i),
        }),
      ),
  );
  return {
    ...{ nats, nodes, groups, devices: groups.flat(), listeners, owners },
    ...{ peers, songs: [...songs.keys()] },
  };
}

/** What is heard of each song: that of a FLAC is the WAV that it was made of. */
function makeSongs(): Map<string, Uint8Array> {
  return new Map(SONGS.map((seconds, i) => [
    `song ${i}.${MAKES_FLAC && i % 2 === 1 ? "flac" : "wav"}`,
    wavFile(CD, noise(seconds * BYTES_A_SECOND, i + 1)),
  ]));
}

async function writeSong(file: string, wav: Uint8Array): Promise<void> {
  if (!file.endsWith(".flac")) return await Deno.writeFile(file, wav);
  await Deno.writeFile(`${file}.wav`, wav);
  const args = ["--silent", "--delete-input-file", "-o", file, `${file}.wav`];
  const { success } = await new Deno.Command("flac", { args }).output();
  if (!success) throw new Error(`Cannot make ${file}`);
}

/** Each song is at the servers behind its number. */
async function musicOf(
  node: number,
  nodes: number,
  songs: ReadonlyMap<string, Uint8Array>,
  folder: TempFolder,
): Promise<string> {
  const music = folder.file(`music-${node}`);
  await Deno.mkdir(music);
  for (const [i, [name, bytes]] of [...songs].entries()) {
    const isHere = (node - i % nodes + nodes) % nodes < COPIES;
    if (isHere) await writeSong(join(music, name), bytes);
  }
  return music;
}
