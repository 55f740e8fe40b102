import assert from "node:assert/strict";
import type { ClientSession } from "../../lib/client/client_session.ts";
import { toOndacastError } from "../../lib/errors.ts";
import { ClusterWorld, until, untilAlive } from "../support/cluster_world.ts";
import { CD, noise, wavFile } from "../support/memory_songs.ts";
import { needsNats } from "../support/nats.ts";
import { TestServer } from "../support/programs.ts";
import { openSession } from "../support/sessions.ts";

const SONGS = {
  "good.wav": wavFile(CD, noise(40_000)),
  "again.wav": wavFile(CD, noise(40_000, 2)),
  "bad.wav": new TextEncoder().encode("RIFF, or so it says"),
};
const GROUP = "the group of the room";

type Request = Parameters<ClientSession["request"]>[0];

/** Requests about devices that are refused, as a whole or in part. */
const REFUSED = [
  ["cast", { song: "none.wav", to: ["room"] }],
  ["cast", { song: "bad.wav", to: ["room"] }],
  ["cast", { song: "../good.wav", to: ["room"] }],
  ["cast", { song: "good.wav", to: ["nobody"] }],
  ["cast", { song: "good.wav", to: ["ears"] }],
  ["cast", { song: "good.wav", to: ["twin"] }],
  ["cast", { song: "good.wav", to: [] }],
  ["cast", { song: "good.wav", to: ["room", "nobody"] }],
  ["cast", { song: "good.wav", to: ["room", "twin"] }],
  ["cast", { song: "good.wav", to: ["room", "ears"], together: false }],
  ["cast", { song: "good.wav", to: ["hall", "nobody"], together: false }],
  ["queue", { songs: ["none.wav"], to: "room" }],
  ["queue", { songs: ["none.wav", "good.wav"], to: "room" }],
  ["queue", { songs: ["album:None"], to: "room" }],
  ["queue", { songs: ["playlist:none.m3u"], to: "room" }],
  ["queue", { songs: [], to: "room" }],
  ["queue", { songs: ["bad.wav"], to: "room", place: "end" }],
  ["queue", { songs: ["good.wav"], to: "nobody" }],
  ["queue", { songs: ["good.wav"], to: ["room", "twin"] }],
  ["queue", { songs: ["good.wav"], to: "room", revision: 99 }],
  ["control", { action: "pause", to: "nobody" }],
  ["control", { action: "pause", to: "ears" }],
  ["control", { action: "pause", to: "twin" }],
  ["control", { action: "pause", to: ["room", "nobody"] }],
  ["control", { action: "seek", to: "room" }],
  ["control", { action: "seek", to: "room", value: -1 }],
  ["control", { action: "volume", to: "room", value: 101 }],
  ["control", { action: "mute", to: "room", value: 1 }],
  ["control", { action: "delay", to: "room", value: 9_999 }],
  ["control", { action: "dance", to: "room" }],
  ["control", { action: "jump", to: "room", value: 77 }],
  ["control", { action: "jump", to: "room", value: 0.5 }],
  ["control", { action: "repeat", to: "room", value: "twice" }],
  ["control", { action: "shuffle", to: "room", value: "on" }],
  ["control", { action: "next", to: "room", entry: 77 }],
  ["control", { action: "resume", to: "empty" }],
  ["control", { action: "next", to: "empty" }],
  ["control", { action: "seek", to: "empty", value: 1 }],
  ["group", { devices: ["room", "nobody"] }],
  ["group", { devices: ["room", "twin"] }],
  ["group", { devices: ["room", "ears"] }],
  ["group", { devices: ["nobody"] }],
  ["group", { devices: [] }],
  ["group", { devices: ["room", "hall"], name: "\u202e" }],
  ["ungroup", { devices: ["nobody"] }],
  ["ungroup", { devices: ["room", "nobody"] }],
  ["ungroup", { devices: ["ears"] }],
  ["move", { group: "none", to: ["room"] }],
  ["move", { group: GROUP, to: ["nobody"] }],
  ["move", { group: GROUP, to: ["twin"] }],
  ["move", { group: GROUP, to: [] }],
  ["entries", { group: "none" }],
  ["entries", { group: GROUP, after: 77 }],
  ["edit", { group: "none", action: "clear" }],
  ["edit", { group: GROUP, action: "clear", revision: 99 }],
  ["edit", { group: GROUP, action: "clear", entries: [1] }],
  ["edit", { group: GROUP, action: "remove" }],
  ["edit", { group: GROUP, action: "remove", entries: [77] }],
  ["edit", { group: GROUP, action: "move", entries: [77], before: 1 }],
  ["edit", { group: GROUP, action: "fold", entries: [1] }],
  ["play", { song: "none.wav" }],
  ["play", { song: "bad.wav" }],
] as const;

/** Rooms, two that have one name, and a client that receives nothing. */
async function openDevices(
  { ports }: TestServer,
  stack: AsyncDisposableStack,
): Promise<void> {
  for (const name of ["room", "hall", "empty", "twin", "twin", "ears"]) {
    const receive = name !== "ears";
    const session = await openSession(ports.session, { name, receive });
    stack.defer(() => session.close());
  }
}

/** The code of a refusal, or those of its parts. */
async function refusal(
  session: ClientSession,
  type: string,
  fields: Record<string, unknown>,
): Promise<string> {
  try {
    if (type === "play") {
      await session.openStream(fields as { song: string }, () => {});
      return "played";
    }
    const answer = await session.request({ type, ...fields } as Request);
    const { refused = [] } = answer as { refused?: { code: string }[] };
    return `done, but ${refused.map(({ code }) => code).join() || "nothing"}`;
  } catch (thrown) {
    return toOndacastError(thrown).code;
  }
}

/** Leaves devices without a group or a queue, so that their own server has them. */
async function leave(session: ClientSession, ...devices: string[]) {
  for (const device of devices) {
    await session.request({ type: "ungroup", devices: [device] });
    await session.request({ type: "control", action: "stop", to: [device] });
    const rows = (await session.request({ type: "groups" })).groups!;
    const row = rows.find((it) => it.devices[0].name === device);
    if (!row) continue;
    const { group, entries } = await session
      .request({ type: "entries", group: row.group });
    if (entries.length === 0) continue;
    await session.request({
      ...{ type: "edit", group, action: "remove" },
      entries: entries.map(({ entry }) => entry),
    });
  }
}

async function refusals(
  server: TestServer,
  place?: string,
): Promise<string[]> {
  const ask = () => openSession(server.ports.session, { name: "me" });
  let session = await ask();
  await until(
    async () => (await session.request({ type: "online" })).clients,
    (clients) => clients.length === 7,
  );
  const found: string[] = [];
  for (const [type, fields] of REFUSED) {
    const { group } = await session.request({
      ...{ type: "queue", to: "room", songs: ["good.wav", "again.wav"] },
    });
    await until(
      async () => (await session.request({ type: "groups" })).groups!,
      (rows) =>
        rows.some((it) =>
          it.group === group && it.songs === 2 && it.node === place
        ),
    );
    const its = Object.entries(fields)
      .map(([name, value]) => [name, value === GROUP ? group : value]);
    const of = Object.fromEntries(its);
    const what = `${type} ${JSON.stringify(fields)}`;
    found.push(`${what}: ${await refusal(session, type, of)}`);
    if (session.failure) session = await ask();
    await leave(session, "room", "hall");
    // A session may make only so many edits a second.
    session.close();
    session = await ask();
  }
  session.close();
  return found;
}

Deno.test({
  name:
    "a request is refused by the same codes whichever server has its devices",
  ignore: needsNats.ignore,
  async fn() {
    await using world = await ClusterWorld.start();
    const [attic, cellar] = await Promise.all([
      world.server("attic", SONGS),
      world.server("cellar"),
    ]);
    await using stack = new AsyncDisposableStack();
    const alone = stack.use(
      await TestServer.start(["--music", world.folder.file("attic")]),
    );
    const session = await openSession(attic.ports.session, { name: "me" });
    await untilAlive(session, "cellar");
    session.close();
    for (const { ports } of [alone, cellar]) {
      const session = await openSession(ports.session, { name: "me" });
      await until(
        async () => (await session.request({ type: "list" })).songs,
        (songs) => songs.length === Object.keys(SONGS).length,
      );
      session.close();
    }
    await openDevices(alone, stack);
    await openDevices(cellar, stack);
    const [there, here] = await Promise.all([
      refusals(attic, "cellar"),
      refusals(alone),
    ]);
    assert.deepEqual(there, here);
  },
});
