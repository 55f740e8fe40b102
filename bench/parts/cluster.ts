/**
 * Servers that are one: how much a server needs for what others have, and how quick
 * it answers from that. Needs `nats-server`.
 *
 * @module
 */

import type { ClientSession } from "../../lib/client/client_session.ts";
import { isThere, Running } from "../programs.ts";
import { type Results, US } from "../results.ts";
import { startOurs } from "../servers.ts";
import { openSession } from "../session.ts";
import { SimulatedNodes } from "../simulated_nodes.ts";
import type { Workshop } from "../workshop.ts";

export const SECRET = "nobody else knows this one";
const PORT = 14_222;
/** Of the NATS server of {@linkcode startNats}. */
export const URL = `nats://127.0.0.1:${PORT}`;
const NODES = 19;
const FULL = { nodes: NODES, devices: 2_000, songs: 100_000 };
const QUICK = { nodes: NODES, devices: 2_000, songs: 20_000 };
/** The unit of times in `/proc`. */
const TICK_MS = 10;
/** How long it is watched while nothing happens. */
const IDLE_MS = 5_000;
/** Times that each answer is taken. */
const ANSWERS = 20;
/** Between two of them: who asks more often waits, by the limit of each client. */
const PAUSE_MS = 700;

/** One real server beside simulated ones. */
export async function cluster(shop: Workshop, results: Results): Promise<void> {
  if (!await isThere("nats-server")) {
    return results.note("cluster: nats-server is not there");
  }
  const sizes = shop.options.quick ? QUICK : FULL;
  await using _nats = await startNats(shop);
  await Deno.writeTextFile(shop.path("cluster-secret"), SECRET);
  await Deno.mkdir(shop.path("cluster-music"), { recursive: true });
  await using alone = await startOurs(shop.path("cluster-music"));
  const aloneBytes = await memoryOf(alone.pid);
  await using nodes = await SimulatedNodes.start({
    ...{ url: URL, secret: SECRET, ...sizes },
  });
  await using ours = await startOurs(
    shop.path("cluster-music"),
    ...["--cluster", URL, "--node", "real"],
    ...["--cluster-secret-file", shop.path("cluster-secret")],
  );
  const session = await openSession(ours.sessionPort);
  const startedMs = performance.now();
  await untilAll(session, sizes);
  const what = `${
    NODES + 1
  } servers, ${sizes.devices} devices, ${sizes.songs} songs`;
  results.add(`${what}: all is listed after`, US, "ms", [
    performance.now() - startedMs,
  ]);
  results.add(`${what}: all is listed after, CPU since the start`, US, "ms", [
    await cpuMs(ours.pid),
  ]);
  const asked: [what: string, ask: () => Promise<unknown>][] = [
    ["list of the first 1,000", () => session.request({ type: "list" })],
    ["search", () => session.request({ type: "list", match: "77 song 4" })],
    ["online, 1,000", () => session.request({ type: "online", limit: 1_000 })],
  ];
  for (const [name, ask] of asked) {
    const before = await cpuMs(ours.pid);
    results.add(`${what}: ${name}`, US, "ms", await times(ask));
    const cpu = (await cpuMs(ours.pid) - before) / ANSWERS;
    results.add(`${what}: ${name}, CPU`, US, "ms", [cpu]);
    results.bound(`${what}: ${name}`, { atMost: 50 });
  }
  const heard = await changes(session, nodes);
  results.add(`${what}: a change is in the answer after`, US, "ms", heard);
  const grown = await memoryOf(ours.pid) - aloneBytes;
  results.add(`${what}: memory beside a server that is alone`, US, "MB", [
    grown / 1e6,
  ]);
  results.add(`${what}: bytes of all records`, US, "MB", [nodes.bytes / 1e6]);
  const idle = await cpuMs(ours.pid);
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  results.add(`${what}: CPU while nothing happens`, US, "% of a core", [
    (await cpuMs(ours.pid) - idle) / IDLE_MS * 100,
  ]);
  session.close();
}

export async function startNats(shop: Workshop): Promise<Running> {
  const nats = new Running([
    ...["nats-server", "-js", "-sd", shop.path("nats")],
    ...["-a", "127.0.0.1", "-p", String(PORT)],
  ]);
  while (true) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port: PORT })).close();
      return nats;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function untilAll(
  session: ClientSession,
  { devices, songs }: { devices: number; songs: number },
): Promise<void> {
  while (true) {
    const { places } = await session.request({ type: "places" });
    const alive = places.filter(({ state }) => state === "alive");
    const sum = (of: (place: typeof places[number]) => number) =>
      alive.reduce((sum, place) => sum + of(place), 0);
    const isAll = sum((it) => it.devices) === devices &&
      sum((it) => it.songs) === songs;
    if (isAll) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  // Counted records are in the catalogue a little later.
  while (true) {
    const last = `Song ${songs - 1}`;
    const { songs: found } = await session.request({
      ...{ type: "list", match: last, limit: 1 },
    });
    if (found.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** How long a change of a device takes until it is in the answer. */
async function changes(
  session: ClientSession,
  nodes: SimulatedNodes,
): Promise<number[]> {
  const took: number[] = [];
  for (let i = 0; i < ANSWERS; i++) {
    const song = `Changed ${i}.wav`;
    const startMs = performance.now();
    await nodes.change(0, song);
    while (true) {
      const { clients } = await session.request({ type: "online", limit: 10 });
      const has = clients.some(({ state }) =>
        "song" in state && state.song === song
      );
      if (has) break;
    }
    took.push(performance.now() - startMs);
  }
  return took;
}

async function times(ask: () => Promise<unknown>): Promise<number[]> {
  const took: number[] = [];
  for (let i = 0; i < ANSWERS; i++) {
    const startMs = performance.now();
    await ask();
    took.push(performance.now() - startMs);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return took;
}

async function memoryOf(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) * 1024;
}

/** The CPU time of a process so far, in milliseconds. */
async function cpuMs(pid: number): Promise<number> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
