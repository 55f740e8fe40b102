/**
 * What has to hold of servers once all are left alone.
 *
 * @module
 */

import type { ClientSession } from "../../lib/client/client_session.ts";
import { systemClock } from "../../lib/io/clock/clock.ts";
import { TcpConnector } from "../../lib/io/net/tcp.ts";
import type { Place, RoamingDevice } from "./roaming_device.ts";
import { openSession } from "./sessions.ts";

/** How long all may take to be as one again. */
const SETTLE_MS = 30_000;
/** How long a device may take to hear something: it may have the song that plays. */
const HEAR_MS = 60_000;
const RESUME_MS = 5_000;
/** How long a queue may take to go to another server. */
const MOVE_MS = 5_000;
const AGAIN_MS = 100;

/** Asks a server something, over a connection of its own. */
export async function ask<T>(
  { program: { home, port } }: Place,
  act: (session: ClientSession) => Promise<T>,
): Promise<T> {
  const session = await openSession(
    port,
    { name: "person" },
    new TcpConnector(home, port),
  );
  try {
    return await act(session);
  } finally {
    session.close();
  }
}

/** Waits until a server knows all devices. */
export async function arrived(
  node: Place,
  devices: readonly RoamingDevice[],
): Promise<void> {
  const wanted = namesOf(devices);
  while ((await ask(node, listed)).devices !== wanted) {
    await systemClock.sleep(AGAIN_MS);
  }
}

/**
 * Waits until each server lists all devices, and the same groups.
 *
 * @param groups The devices of each group.
 * @returns After how many milliseconds, or what they list instead.
 */
export async function settled(
  nodes: readonly Place[],
  groups: readonly (readonly RoamingDevice[])[],
): Promise<number | string> {
  const wanted = groups.flat().map(({ name }) => name).sort().join();
  const members = groups.map(namesOf).sort().join("; ");
  const startMs = performance.now();
  let seen: Seen[] = [];
  while (performance.now() - startMs < SETTLE_MS) {
    seen = await Promise.all(
      nodes.map((node) =>
        ask(node, listed).catch((error) => ({
          ...{ devices: `${error}`, members: "", rows: "" },
        }))
      ),
    );
    const isOne = seen.every((it) =>
      it.devices === wanted && it.members === members &&
      it.rows === seen[0].rows
    );
    if (isOne) return Math.round(performance.now() - startMs);
    await systemClock.sleep(AGAIN_MS);
  }
  return seen.map(({ devices, rows }, i) =>
    `${nodes[i].name}: ${devices}\n  ${rows}`
  ).join("\n");
}

/** What a server lists. */
interface Seen {
  devices: string;
  /** The devices of all groups. */
  members: string;
  /** All groups, with their servers and queues. */
  rows: string;
}

async function listed(session: ClientSession): Promise<Seen> {
  const { clients } = await session.request({ type: "online" });
  const { groups = [] } = await session.request({ type: "groups" });
  const rows = groups.map(({ group, node, songs, devices }) =>
    `${group} at ${node}: ${songs} songs, ${namesOf(devices)}`
  );
  return {
    devices: namesOf(clients.filter((it) => it.receiving)),
    members: groups.map(({ devices }) => namesOf(devices)).sort().join("; "),
    rows: rows.sort().join("; "),
  };
}

/** Those that are away in brackets. */
function namesOf(
  devices: readonly { name: string; away?: boolean }[],
): string {
  return devices.map(({ name, away }) => away ? `(${name})` : name).sort()
    .join();
}

/** What was done to a queue. */
export interface Edited {
  /** Entries that it had in the beginning. */
  readonly entries: number;
  /** Entries that were to be removed, and those that were by an answer. */
  readonly asked: Set<number>;
  readonly removed: Set<number>;
}

/**
 * Whether exactly the answered edits of a queue are in it, which may be going to
 * another server right now.
 *
 * @returns The faults.
 */
export async function checkQueue(
  node: Place,
  group: string,
  edited: Edited,
): Promise<string[]> {
  const untilMs = performance.now() + MOVE_MS;
  while (true) {
    const faults = await faultsOf(node, group, edited)
      .catch((error) => [`no queue of ${group} at ${node.name}: ${error}`]);
    if (faults.length === 0 || performance.now() > untilMs) return faults;
    await systemClock.sleep(AGAIN_MS);
  }
}

async function faultsOf(
  node: Place,
  group: string,
  { entries: count, asked, removed }: Edited,
): Promise<string[]> {
  const { entries } = await ask(
    node,
    (session) => session.request({ type: "entries", group }),
  );
  const faults = entries.filter(({ entry }) => removed.has(entry)).map((
    { entry },
  ) => `the edit of entry ${entry} of ${group} is lost at ${node.name}`);
  // What was not answered may have been done.
  if (entries.length < count - asked.size) {
    faults.push(`${group} has only ${entries.length} songs at ${node.name}`);
  }
  return faults;
}

/**
 * Has every group that is paused go on: what was away for a minute waits.
 *
 * @returns Those that were.
 */
export async function resumeAll(node: Place): Promise<string[]> {
  return await ask(node, async (session) => {
    const { groups = [] } = await session.request({ type: "groups" });
    const resting = groups.filter(({ state }) => state !== "playing");
    for (const { devices: [{ key }] } of resting) {
      await session.request({ type: "control", to: [key], action: "resume" });
    }
    return resting.map(({ group, state }) => `${group} ${state}`);
  });
}

/**
 * Waits until all devices have heard something.
 *
 * @param resume Has groups go on that wait. It is called again: a server may list
 * one as playing a moment after it has begun to wait.
 * @returns Those that do not.
 */
export async function hearing(
  devices: readonly RoamingDevice[],
  resume: () => Promise<void>,
): Promise<string[]> {
  const before = new Map(devices.map((it) => [it, it.heardBytes]));
  const untilMs = performance.now() + HEAR_MS;
  const silent = () => devices.filter((it) => it.heardBytes === before.get(it));
  let resumeMs = 0;
  while (silent().length > 0 && performance.now() < untilMs) {
    if (performance.now() >= resumeMs) {
      await resume();
      resumeMs = performance.now() + RESUME_MS;
    }
    await systemClock.sleep(AGAIN_MS);
  }
  return silent().map(({ name, at }) => `${name} at ${at?.name} hears nothing`);
}
