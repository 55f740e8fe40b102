import assert from "node:assert/strict";
import { ClusterWorld, until, untilAlive } from "../support/cluster_world.ts";
import { CD, noise, wavFile } from "../support/memory_songs.ts";
import { NatsServer, needsNats, startThreeNats } from "../support/nats.ts";
import { openSession } from "../support/sessions.ts";
import { SlowProxy } from "../support/slow_proxy.ts";
import type { TestServer } from "../support/programs.ts";
import type { ClientSession } from "../../lib/client/client_session.ts";

/** Servers of the test in which all start at once; many take minutes on two cores. */
const AT_ONCE = Number(Deno.env.get("ONDACAST_CLUSTER_SERVERS") ?? 4);

const song = (seed: number) => wavFile(CD, noise(400_000, seed));
const readiness = async ({ ports }: TestServer) => {
  const answer = await fetch(`http://127.0.0.1:${ports.http}/readyz`);
  return { status: answer.status, text: await answer.text() };
};
const namesAt = async (session: ClientSession) =>
  (await session.request({ type: "list" })).songs.map(({ name }) => name)
    .join();
const clientsAt = async (session: ClientSession) =>
  (await session.request({ type: "online" })).clients.map(({ name }) => name)
    .sort().join();

/** Two servers with a song each, and a client of each. */
async function startPair(nats?: NatsServer[]) {
  await using stack = new AsyncDisposableStack();
  const world = stack.use(await ClusterWorld.start(nats));
  const [attic, cellar] = await Promise.all([
    world.server("attic", { "a.wav": song(1) }),
    world.server("cellar", { "b.wav": song(2) }),
  ]);
  const sessions = await Promise.all([
    openSession(attic.ports.session, { name: "one" }),
    openSession(cellar.ports.session, { name: "two" }),
  ]);
  stack.defer(() => sessions.forEach((it) => it.close()));
  for (const session of sessions) {
    await until(() => namesAt(session), (it) => it === "a.wav,b.wav");
    await until(() => clientsAt(session), (it) => it === "one,two");
  }
  const started = stack.move();
  return {
    ...{ world, attic, cellar, sessions },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

/** Whether a server has ever taken another one for dead. */
const hasBuried = ({ program }: TestServer) =>
  /server \w+ is dead/.test(program.stderr);

Deno.test({
  name: "nobody is dead while NATS is killed, and all join again by themselves",
  ...needsNats,
  async fn() {
    await using pair = await startPair();
    const { world, attic, cellar, sessions } = pair;
    assert.match(
      (await readiness(attic)).text,
      /^ready\n.*come through\n.*1 alive, 0 dead, 0 refused\n/,
    );
    await world.nats[0].kill();
    await until(() => readiness(attic), ({ status }) => status === 503);
    assert.match(
      (await readiness(attic)).text,
      /^not ready\n.*nothing is heard/,
    );
    // What is known is still shown, and songs are read from each other.
    for (const session of sessions) {
      assert.equal(await namesAt(session), "a.wav,b.wav");
      assert.equal(await clientsAt(session), "one,two");
    }
    const far = await fetch(`http://127.0.0.1:${attic.ports.http}/songs/b.wav`);
    assert.equal((await far.bytes()).length, song(2).length);
    const late = await openSession(cellar.ports.session, { name: "three" });
    await world.nats[0].startAgain();
    await until(() => readiness(attic), ({ status }) => status === 200);
    for (const session of sessions) {
      await until(() => clientsAt(session), (it) => it === "one,three,two");
    }
    late.close();
    assert.ok(!hasBuried(attic) && !hasBuried(cellar));
  },
});

Deno.test({
  name: "nothing is lost when one of three NATS servers is killed",
  ...needsNats,
  async fn() {
    await using pair = await startPair(await startThreeNats());
    const { world, attic, cellar, sessions } = pair;
    await world.nats[0].kill();
    const late = await openSession(cellar.ports.session, { name: "three" });
    await until(() => clientsAt(sessions[0]), (it) => it === "one,three,two");
    assert.equal(await namesAt(sessions[0]), "a.wav,b.wav");
    await until(() => readiness(attic), ({ status }) => status === 200);
    late.close();
    assert.ok(!hasBuried(attic) && !hasBuried(cellar));
  },
});

Deno.test({
  name:
    "a server is not ready while two of three NATS servers are away, and says why",
  ...needsNats,
  async fn() {
    await using pair = await startPair(await startThreeNats());
    const { world: { nats }, attic, cellar } = pair;
    for (const it of nats.slice(0, 2)) await it.kill();
    await until(
      () => readiness(attic),
      ({ status, text }) => status === 503 && /takes no records/.test(text),
    );
    for (const it of nats.slice(0, 2)) await it.startAgain();
    await until(() => readiness(attic), ({ status }) => status === 200);
    assert.ok(!hasBuried(attic) && !hasBuried(cellar));
  },
});

Deno.test({
  name:
    "a server that is frozen is dead within seconds, and is back with all it has when it goes on",
  ignore: needsNats.ignore || Deno.build.os === "windows",
  async fn() {
    await using pair = await startPair();
    const { cellar, sessions: [session] } = pair;
    cellar.program.child.kill("SIGSTOP");
    await until(() => namesAt(session), (it) => it === "a.wav");
    assert.equal(await clientsAt(session), "one");
    cellar.program.child.kill("SIGCONT");
    await untilAlive(session, "cellar");
    await until(() => namesAt(session), (it) => it === "a.wav,b.wav");
    const two = await openSession(cellar.ports.session, { name: "two" });
    await until(() => clientsAt(two), (it) => it.includes("one"));
    assert.equal(await namesAt(two), "a.wav,b.wav");
    two.close();
  },
});

Deno.test({
  name:
    "a server that is cut off from NATS serves its own, is not dead, and joins again by itself",
  ...needsNats,
  async fn() {
    await using world = await ClusterWorld.start();
    using proxy = new SlowProxy(world.nats[0].port);
    const attic = await world.server("attic", { "a.wav": song(1) });
    const urls = [`nats://${proxy.address}`];
    const songs = { "b.wav": song(2) };
    const cellar = await world.server("cellar", songs, [], urls);
    const session = await openSession(attic.ports.session, { name: "one" });
    const far = await openSession(cellar.ports.session, { name: "two" });
    for (const it of [session, far]) {
      await until(() => namesAt(it), (names) => names === "a.wav,b.wav");
    }
    proxy.isCut = true;
    await until(() => readiness(cellar), ({ status }) => status === 503);
    assert.equal((await readiness(attic)).status, 200);
    // They still reach each other.
    const answer = await fetch(
      `http://127.0.0.1:${attic.ports.http}/songs/b.wav`,
    );
    assert.equal((await answer.bytes()).length, song(2).length);
    const late = await openSession(cellar.ports.session, { name: "three" });
    assert.equal(await namesAt(far), "a.wav,b.wav");
    proxy.isCut = false;
    await until(() => readiness(cellar), ({ status }) => status === 200);
    await until(() => clientsAt(session), (it) => it === "one,three,two");
    assert.ok(!hasBuried(attic) && !hasBuried(cellar));
    for (const it of [session, far, late]) it.close();
  },
});

Deno.test({
  name: `${AT_ONCE} servers that start at once find each other`,
  ...needsNats,
  async fn() {
    await using world = await ClusterWorld.start();
    const names = Array.from({ length: AT_ONCE }, (_, i) => `node-${i}`);
    const servers = await Promise.all(
      names.map((name, i) => world.server(name, { [`${i}.wav`]: song(i) })),
    );
    const sessions = await Promise.all(
      servers.map(({ ports }, i) =>
        openSession(ports.session, { name: names[i] })
      ),
    );
    for (const [i, session] of sessions.entries()) {
      await untilAlive(session, ...names.filter((it) => it !== names[i]));
      await until(
        () => namesAt(session),
        (it) => it === names.map((_, i) => `${i}.wav`).join(),
      );
      await until(() => clientsAt(session), (it) => it === names.join());
    }
    for (const session of sessions) session.close();
  },
});
