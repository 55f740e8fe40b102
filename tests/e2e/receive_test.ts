import assert from "node:assert/strict";
import { join } from "@std/path";
import type { ClientSession } from "../../lib/client/client_session.ts";
import type { OnlineClient } from "../../lib/wire/messages.ts";
import {
  MUSIC,
  type RunningProgram,
  startClient,
  startServer,
  TempFolder,
  TestServer,
} from "../support/programs.ts";
import { isAlive } from "../support/processes.ts";
import { openSession } from "../support/sessions.ts";

const WINDOWS = Deno.build.os === "windows";

/** A receiver that keeps its data in a folder of the test. */
function receive(
  address: string,
  folder: TempFolder,
  words: string[] = ["--player", "null"],
  env: Record<string, string> = {},
): RunningProgram {
  return startClient([
    ...["receive", "--json", "--server", address, "--name", "kitchen"],
    ...words,
  ], {
    env: { XDG_DATA_HOME: folder.path, HOME: folder.path, ...env },
  });
}

/** A port without a listener. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return (listener.addr as Deno.NetAddr).port;
}

Deno.test("receive waits for a server that is not running yet, and for one that was lost", async () => {
  await using folder = await TempFolder.make();
  const port = freePort();
  await using kitchen = receive(`127.0.0.1:${port}`, folder);
  await kitchen.printed(/"event":"away","code":"unreachable"/);
  const words = ["--music", MUSIC, "--port", `${port}`];
  {
    await using _ = startServer(words);
    await kitchen.printed(/"event":"back"[\s\S]*"event":"waiting"/);
  }
  await kitchen.printed(/"event":"waiting"[\s\S]*"event":"away"/);
  await using server = startServer(words);
  await server.printed(/^listening/);
  await kitchen.printed(/"event":"away"[\s\S]*"event":"away"[\s\S]*"waiting"/);
});

Deno.test("receive is a computer for others, or what it is said to be shown as", async () => {
  await using server = await TestServer.start();
  const session = await openSession(server.ports.session);
  const kinds: [words: string[], kind: string][] = [
    [[], "computer"],
    [["--shown-as", "tv"], "tv"],
  ];
  for (const [words, kind] of kinds) {
    await using folder = await TempFolder.make();
    await using kitchen = receive(server.address, folder, [
      ...["--player", "null"],
      ...words,
    ]);
    await kitchen.printed(/"event":"waiting"/);
    const { clients } = await session.request({ type: "online" });
    assert.equal(clients.find((it) => it.name === "kitchen")?.kind, kind);
  }
  session.close();
});

Deno.test("receive waits for a server whose name cannot be resolved yet", async () => {
  await using folder = await TempFolder.make();
  await using kitchen = receive("nowhere.invalid:4040", folder);
  await kitchen.printed(/"event":"away","code":"unreachable"/);
});

Deno.test({
  name: "receive exits cleanly on a signal, in every state",
  ignore: WINDOWS,
  async fn() {
    await using server = await TestServer.start();
    for (const signal of ["SIGTERM", "SIGHUP"] as const) {
      // A device that comes back goes on with its song, and waits after that.
      await using folder = await TempFolder.make();
      await using away = receive("127.0.0.1:1", folder);
      await away.printed(/"away"/);
      away.child.kill(signal);
      assert.equal((await away.ended()).code, 0, `${signal}, no server`);
      await using kitchen = receive(server.address, folder);
      await kitchen.printed(/"waiting"/);
      const session = await openSession(server.ports.session, { name: "me" });
      await session.request({
        type: "cast",
        song: "Canon in D",
        to: ["kitchen"],
      });
      await kitchen.printed(/"event":"start"/);
      session.close();
      kitchen.child.kill(signal);
      const { code, stderr } = await kitchen.ended();
      assert.deepEqual([code, stderr], [0, ""], `${signal}, playing`);
    }
    await using folder = await TempFolder.make();
    await using other = receive(server.address, folder);
    await other.printed(/"waiting"/);
    other.child.kill("SIGINT");
    assert.equal((await other.ended()).code, 130);
  },
});

Deno.test({
  name: "receive refuses to start without a player, and says what to install",
  ignore: WINDOWS,
  async fn() {
    await using server = await TestServer.start();
    await using folder = await TempFolder.make();
    for (const player of ["auto", "ffplay", "aplay"]) {
      await using kitchen = receive(
        server.address,
        folder,
        ["--player", player],
        { PATH: folder.path },
      );
      const { code, stdout, stderr } = await kitchen.ended();
      assert.equal(code, 1, player);
      assert.match(stderr, /To install one: .* \(no-player\)$/m, player);
      assert.doesNotMatch(stdout, /waiting/);
    }
  },
});

Deno.test({
  name:
    "receive survives a failing player, and reports the problem to other clients",
  ignore: WINDOWS,
  async fn() {
    await using server = await TestServer.start();
    await using folder = await TempFolder.make();
    const player = folder.file("ffplay");
    await Deno.writeTextFile(
      player,
      '#!/bin/sh\necho "audio open failed: busy" >&2\nexit 1\n',
      { mode: 0o755 },
    );
    await using kitchen = receive(
      server.address,
      folder,
      ["--player", "ffplay"],
      { PATH: `${folder.path}:/usr/bin:/bin` },
    );
    await kitchen.printed(/"waiting"/);
    const session = await openSession(server.ports.session, { name: "me" });
    await session.request({
      type: "cast",
      song: "Canon in D",
      to: ["kitchen"],
    });
    await kitchen.printed(/"event":"problem","code":"player-failed"/);
    assert.match(await problemOf(session, "kitchen"), /busy/);
    await Deno.writeTextFile(player, "#!/bin/sh\nexec cat >/dev/null\n");
    await session.request({
      type: "cast",
      song: "Ode to Joy",
      to: ["kitchen"],
    });
    await kitchen.printed(/"event":"start","song":"Ode to Joy\.wav"/);
    session.close();
  },
});

Deno.test({
  name:
    "receive survives a player that hangs, during a song or at its end, and leaves none behind",
  ignore: WINDOWS,
  async fn() {
    await using server = await TestServer.start();
    await using folder = await TempFolder.make();
    const player = folder.file("ffplay");
    const pids = folder.file("pids");
    await Deno.writeTextFile(
      player,
      `#!/bin/sh\necho $$ >>"${pids}"\nexec sleep 1000\n`,
      { mode: 0o755 },
    );
    const session = await openSession(server.ports.session, { name: "me" });
    const hangs = async (name: string, from: number, printed: RegExp) => {
      await using device = receive(
        server.address,
        folder,
        ["--player", "ffplay", "--name", name],
        { PATH: `${folder.path}:/usr/bin:/bin` },
      );
      await device.printed(/"waiting"/);
      await session.request({
        ...{ type: "cast", song: "Canon in D", to: [name], from },
      });
      await device.printed(printed);
      device.child.kill("SIGTERM");
      await device.ended();
    };
    const problem = /"problem","code":"player-failed","message":"[^"]*hangs/;
    await Promise.all([
      hangs("during", 0, problem),
      // Little enough to fit into the pipe.
      hangs("at its end", 12.1, /"problem"[^}]*hangs[^]*"waiting"/),
    ]);
    session.close();
    const started = (await Deno.readTextFile(pids)).trim().split("\n");
    assert.ok(started.length >= 2);
    for (const pid of started) assert.equal(isAlive(Number(pid)), false);
  },
});

Deno.test("receive is the same device when it is started from the menu", async () => {
  await using server = await TestServer.start();
  await using folder = await TempFolder.make();
  const session = await openSession(server.ports.session, { name: "me" });
  const keyOf = async (program: RunningProgram) => {
    await program.printed(/waiting/);
    const { clients } = await session.request({ type: "online" });
    const kitchens = clients.filter(({ name }) => name === "kitchen");
    assert.equal(kitchens.length, 1);
    program.child.kill("SIGTERM");
    await program.ended();
    return kitchens[0].key;
  };
  await using command = receive(server.address, folder);
  const key = await keyOf(command);
  await using menu = startClient([
    ...["--server", server.address, "--name", "kitchen", "--player", "null"],
  ], {
    env: { XDG_DATA_HOME: folder.path, HOME: folder.path },
    stdin: "piped",
  });
  const stdin = menu.child.stdin.getWriter();
  await stdin.write(new TextEncoder().encode("4\n"));
  assert.equal(await keyOf(menu), key);
  await stdin.close().catch(() => {});
  session.close();
});

Deno.test("receive is the same device at each start, and a second one next to it is another device", async () => {
  await using server = await TestServer.start();
  await using folder = await TempFolder.make();
  const session = await openSession(server.ports.session, { name: "me" });
  const keys = async () => {
    const { clients } = await session.request({ type: "online" });
    return clients.filter(({ name }) => name === "kitchen")
      .map(({ key }) => key);
  };
  const seen: string[][] = [];
  for (let i = 0; i < 2; i++) {
    await using one = receive(server.address, folder);
    await one.printed(/"waiting"/);
    await using two = receive(server.address, folder);
    await two.printed(/"waiting"/);
    seen.push(await keys());
    for (const { child } of [one, two]) child.kill("SIGTERM");
    await Promise.all([one.ended(), two.ended()]);
  }
  session.close();
  const [first, second] = seen;
  assert.equal(new Set([...first, ...second]).size, 3);
  assert.equal(first.filter((key) => second.includes(key)).length, 1);
  const kept = join(folder.path, "ondacast", "device");
  if (!WINDOWS) assert.equal((await Deno.stat(kept)).mode! & 0o077, 0);
});

/** Waits for the problem that a client reports to the others. */
async function problemOf(
  session: ClientSession,
  name: string,
): Promise<string> {
  const reported = Promise.withResolvers<string>();
  const look = ({ clients }: { clients: OnlineClient[] }) => {
    const row = clients.find((client) => client.name === name);
    if (row?.state.problem !== undefined) reported.resolve(row.state.problem);
  };
  session.listen({
    online: look,
    closed: reported.reject,
  });
  look(await session.request({ type: "online", watch: true }));
  const problem = await reported.promise;
  return problem;
}
