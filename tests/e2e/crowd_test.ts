import assert from "node:assert/strict";
import type { ClientSession } from "../../lib/client/client_session.ts";
import { seededRandom } from "../support/seeded_random.ts";
import { TestServer } from "../support/programs.ts";
import { openSession } from "../support/sessions.ts";
import { seen } from "../support/seen.ts";

const CLIENTS = 200;
const ROUNDS = 5;

Deno.test("while 200 clients connect, cast and leave, the list stays right and no session fails", async () => {
  const seed = Number(Deno.env.get("ONDACAST_SEED") ?? 20_261_121);
  // deno-lint-ignore no-console -- to reproduce a failure
  console.info(`seed ${seed} (ONDACAST_SEED)`);
  const random = seededRandom(seed);
  await using server = await TestServer.start();
  const watcher = await openSession(server.ports.session, { name: "watcher" });
  const crowd = new Map<string, ClientSession>();
  let joined = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const joining: Promise<void>[] = [];
    while (crowd.size + joining.length < CLIENTS) {
      joining.push(join(server, crowd, `c${joined++}`, random() < 0.5));
    }
    await Promise.all(joining);
    const names = [...crowd.keys()];
    await Promise.all(
      names.map((name) => act(crowd.get(name)!, names, random)),
    );
    for (const name of names.filter(() => random() < 0.4)) {
      crowd.get(name)!.close();
      crowd.delete(name);
    }
    const online = await untilListed(watcher, crowd.size + 1);
    assert.deepEqual(online, [...crowd.keys(), "watcher"].sort());
  }
  for (const session of crowd.values()) {
    assert.equal(session.failure, null);
    session.close();
  }
  watcher.close();
  assert.doesNotMatch(server.program.stderr, /internal/);
});

async function join(
  server: TestServer,
  crowd: Map<string, ClientSession>,
  name: string,
  receive: boolean,
): Promise<void> {
  const session = await openSession(server.ports.session, {
    ...{ name, receive, windowBytes: 64 * 1024 },
  });
  crowd.set(name, session);
}

/** A random action of a client; a refusal is no failure. */
async function act(
  session: ClientSession,
  names: string[],
  random: () => number,
): Promise<void> {
  const other = names[Math.floor(random() * names.length)];
  const acts: (() => Promise<unknown>)[] = [
    () => session.request({ type: "play", song: "ode to joy" }),
    () => session.request({ type: "list" }),
    () => session.request({ type: "online" }),
    () => session.request({ type: "cast", song: "canon in d", to: [other] }),
    () => session.request({ type: "control", to: other, action: "pause" }),
    () => session.request({ type: "receive", on: random() < 0.5 }),
  ];
  try {
    await acts[Math.floor(random() * acts.length)]();
  } catch (error) {
    const { code } = error as { code: string };
    assert.ok(["not-receiving", "not-found"].includes(code), code);
  }
}

async function untilListed(
  watcher: ClientSession,
  total: number,
): Promise<string[]> {
  const { clients } = await seen(
    `${total} clients`,
    () => watcher.request({ type: "online" }),
    (page) => page.total === total,
  );
  return clients.map(({ name }) => name).sort();
}
