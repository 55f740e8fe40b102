import assert from "node:assert/strict";
import { join } from "@std/path";
import {
  MUSIC,
  runClient,
  type RunningProgram,
  startClient,
  startServer,
  TempFolder,
  TestServer,
} from "../support/programs.ts";
import { openSession } from "../support/sessions.ts";
import { seen } from "../support/seen.ts";

const CANON = join(MUSIC, "Canon in D.wav");
const ODE = join(MUSIC, "Ode to Joy.wav");

Deno.test("cast plays a song on other clients, which keep waiting for more", async () => {
  await using server = await TestServer.start();
  await using folder = await TempFolder.make();
  await using kitchen = await receiver(server, "kitchen", "null:fast");
  await using bath = await receiver(
    ...[server, "bath", `file:${folder.file("bath.wav")}`] as const,
  );
  const { code, stdout } = await ondacast(server, [
    ...["cast", "canon", "--to", "kitchen", "bath"],
  ]);
  assert.equal(code, 0);
  assert.match(stdout, /Canon in D\.wav → (kitchen, bath|bath, kitchen)/);
  assert.match(stdout, /^playing on kitchen, bath\n/m);
  await kitchen.printed(/"event":"end","song":"Canon in D\.wav"/);
  await bath.printed(/"event":"end"[\s\S]*"event":"waiting"/);
  assert.deepEqual(
    await Deno.readFile(folder.file("bath.wav")),
    await Deno.readFile(CANON),
  );
  await kitchen.printed(/"event":"end"[\s\S]*"event":"waiting"/);
  await ondacast(server, ["cast", "ode", "--to", "kitchen"]);
  await kitchen.printed(/"event":"end","song":"Ode to Joy\.wav"/);
});

Deno.test("cast --all and queue add --all queue all songs of the server", async () => {
  await using server = await TestServer.start();
  await using kitchen = await receiver(server, "kitchen", "null:fast");
  const all = (await ondacast(server, ["list", "--all"])).stdout
    .split("\n").filter((line) => line.includes(".wav")).length;
  assert.ok(all > 1);
  const cast = ["cast", "--all", "--to", "kitchen"];
  const { code, stdout, stderr } = await ondacast(server, cast);
  assert.equal(code, 0, stderr);
  assert.match(stdout, new RegExp(`^${all} songs → kitchen`, "m"));
  await kitchen.printed(/"event":"start"/);
  const added = await ondacast(server, ["queue", "add", "--all"]);
  assert.match(
    added.stdout,
    new RegExp(`^${all} songs at the end → kitchen`, "m"),
  );
  for (const words of [cast.toSpliced(1, 1), cast.toSpliced(1, 0, "ode")]) {
    const refused = await ondacast(server, words);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /--all.*\(usage\)$/m);
  }
});

Deno.test("cast reaches a client by ip:port, and by name only if the name is unique", async () => {
  await using server = await TestServer.start();
  await using one = await receiver(server, "twin", "null:fast");
  await using two = await receiver(server, "twin", "null:fast");
  const [first, second] = [addressOf(one), addressOf(two)];
  const both = await ondacast(server, ["cast", "ode", "--to", "twin"]);
  assert.equal(both.code, 1);
  assert.match(both.stderr, /\(ambiguous\)$/m);
  assert.ok(both.stderr.includes(first) && both.stderr.includes(second));
  const { code } = await ondacast(server, ["cast", "ode", "--to", second]);
  assert.equal(code, 0);
  await two.printed(/"event":"end"/);
  assert.doesNotMatch(one.stdout, /"event":"start"/);
});

Deno.test("cast reports which receivers refused and why, and plays on the others", async () => {
  await using server = await TestServer.start();
  await using kitchen = await receiver(server, "kitchen", "null:fast");
  const idle = await openSession(server.ports.session, { name: "idle" });
  const some = await ondacast(server, [
    ...["cast", "ode", "--to", "kitchen", "idle", "nobody"],
  ]);
  assert.equal(some.code, 1);
  assert.match(some.stderr, /^idle: .* \(not-receiving\)$/m);
  assert.match(some.stderr, /^nobody: .* \(not-found\)$/m);
  assert.match(
    some.stderr,
    /2 of 3 failed: idle, nobody.* \(not-receiving\)$/m,
  );
  await kitchen.printed(/"event":"end"/);
  const none = await ondacast(server, ["cast", "ode", "--to", "idle"]);
  assert.equal(none.code, 1);
  assert.match(none.stderr, /\(not-receiving\)$/m);
  idle.close();
});

Deno.test(
  "cast reports a player that fails after the song has begun, and plays on the others",
  {
    ignore: Deno.build.os === "windows",
  },
  async () => {
    await using server = await TestServer.start();
    await using folder = await TempFolder.make();
    await Deno.writeTextFile(
      folder.file("ffplay"),
      "#!/bin/sh\nread -r _\necho 'device busy' >&2\nexit 1\n",
      { mode: 0o755 },
    );
    await using bath = startClient([
      ...["receive", "--name", "bath", "--player", "ffplay", "--json"],
      ...["--server", server.address],
    ], { env: { PATH: `${folder.path}:${Deno.env.get("PATH")}` } });
    await bath.printed(/"event":"waiting"/);
    await using kitchen = await receiver(server, "kitchen", "null:fast");
    const { code, stdout, stderr } = await ondacast(server, [
      ...["cast", "ode", "--to", "kitchen", "bath", "--json"],
    ]);
    assert.equal(code, 1);
    assert.match(stdout, /"event":"error","to":"bath","code":"player-failed"/);
    assert.match(
      stdout,
      /"event":"playing","song":"Ode to Joy\.wav","to":\["\w+"\]/,
    );
    assert.match(stderr, /^bath: .* device busy.* \(player-failed\)$/m);
    assert.match(stderr, /: 1 of 2 failed: bath.* \(player-failed\)$/m);
    await kitchen.printed(/"event":"end"/);
  },
);

Deno.test("a second cast replaces the first", async () => {
  await using server = await TestServer.start();
  await using kitchen = await receiver(server, "kitchen", "null");
  await castCanon(server, "kitchen");
  await kitchen.printed(/"event":"start","song":"Canon in D\.wav"/);
  await ondacast(server, [
    ...["cast", "ode", "--to", "kitchen", "--from", "0:11"],
  ]);
  await kitchen.printed(/"event":"end","song":"Ode to Joy\.wav"/);
});

Deno.test("pause, resume, seek, volume and stop control a receiver", async () => {
  await using server = await TestServer.start();
  await using kitchen = await receiver(server, "kitchen", "null");
  const watcher = await openSession(server.ports.session);
  const states: string[] = [];
  const seen = watchStates(watcher, "kitchen", states);
  await watcher.request({ type: "online", watch: true });
  await castCanon(server, "kitchen");
  await seen(/playing/);
  await ondacast(server, ["pause", "--to", "kitchen"]);
  await seen(/paused/);
  await ondacast(server, ["volume", "30", "--to", "kitchen"]);
  await seen(/"volume":30/);
  const louder = await ondacast(server, ["volume", "+10", "--to", "kitchen"]);
  assert.deepEqual([louder.code, louder.stdout], [0, "kitchen: volume 40 %\n"]);
  await seen(/"volume":40/);
  await ondacast(server, ["volume", "-50", "--to", "kitchen"]);
  await seen(/"volume":0/);
  const begin = await ondacast(server, ["seek", "-1:00", "--to", "kitchen"]);
  assert.match(begin.stdout, /^kitchen: seek 0:00$/m);
  await ondacast(server, ["seek", "0:10", "--to", "kitchen"]);
  await ondacast(server, ["resume", "--to", "kitchen"]);
  await seen(/playing/);
  const { stdout } = await ondacast(server, ["online"]);
  assert.match(stdout, /kitchen +playing Canon in D\.wav at 0:(09|1\d)/);
  await ondacast(server, ["stop", "--to", "kitchen"]);
  await seen(/waiting/);
  await kitchen.printed(/"event":"end"[\s\S]*"event":"waiting"/);
  const refused = await ondacast(server, ["volume", "150", "--to", "kitchen"]);
  assert.equal(refused.code, 2);
  watcher.close();
});

Deno.test("a relative volume works without a playing song", async () => {
  await using server = await TestServer.start();
  await using _kitchen = await receiver(server, "kitchen", "null");
  const volume = (value: string) =>
    ondacast(server, ["volume", value, "--to", "kitchen"]);
  for (
    const [value, heard] of [["-10", 90], ["-10", 80], ["+5", 85], ["+99", 100]]
  ) {
    const { code, stdout } = await volume(String(value));
    assert.deepEqual([code, stdout], [0, `kitchen: volume ${heard} %\n`]);
  }
  const seek = await ondacast(server, ["seek", "+10", "--to", "kitchen"]);
  assert.equal(seek.code, 1);
  assert.match(seek.stderr, /it is not playing.* \(stale\)$/m);
});

Deno.test("a volume of 50 halves the samples, and a volume of 100 changes no bit", async () => {
  await using server = await TestServer.start();
  await using folder = await TempFolder.make();
  const path = folder.file("out.wav");
  await using kitchen = await receiver(server, "kitchen", `file:${path}`);
  await ondacast(server, ["volume", "50", "--to", "kitchen"]);
  await ondacast(server, ["cast", "ode", "--to", "kitchen"]);
  await kitchen.printed(/"event":"end"[\s\S]*"event":"waiting"/);
  const song = samplesOf(await Deno.readFile(ODE));
  const half = samplesOf(await Deno.readFile(path));
  assert.equal(half.length, song.length);
  assert.ok(half.every((sample, i) => Math.abs(sample - song[i] / 2) <= 0.5));
});

Deno.test("cast --upload sends a file that the server does not have", async () => {
  await using folder = await TempFolder.make();
  await using server = await TestServer.start([
    ...["--music", folder.path, "--min-free", "0"],
  ]);
  await using kitchen = await receiver(server, "kitchen", "null:fast");
  const without = await ondacast(server, ["cast", ODE, "--to", "kitchen"]);
  assert.equal(without.code, 1);
  assert.match(without.stderr, /--upload/);
  const { code } = await ondacast(server, [
    ...["cast", ODE, "--to", "kitchen", "--upload"],
  ]);
  assert.equal(code, 0);
  await kitchen.printed(/"event":"end","song":"Ode to Joy\.wav"/);
});

Deno.test("a killed receiver disturbs neither the caster nor the others", async () => {
  await using server = await TestServer.start();
  await using folder = await TempFolder.make();
  await using doomed = await receiver(server, "doomed", "null");
  const path = folder.file("out.wav");
  await using kitchen = await receiver(server, "kitchen", `file:${path}`);
  await ondacast(server, ["cast", "canon", "--to", "doomed"]);
  await doomed.printed(/"event":"start"/);
  doomed.child.kill("SIGKILL");
  const { code } = await ondacast(server, ["cast", "canon", "--to", "kitchen"]);
  assert.equal(code, 0);
  await kitchen.printed(/"event":"end"/);
  const { size } = await Deno.stat(path);
  assert.equal(size, (await Deno.stat(CANON)).size);
});

Deno.test("after a killed server restarts, the song continues and the receiver is back", async () => {
  await using folder = await TempFolder.make();
  const path = folder.file("out.wav");
  await using first = await TestServer.start(["--block", "512"]);
  const words = ["--port", String(first.ports.session)];
  await using kitchen = await receiver(first, "kitchen", "null");
  await using player = startClient([
    ...["play", "canon", "--player", `file:${path}`, "--json"],
    ...["--server", first.address],
  ]);
  await using slow = startClient([
    ...["play", "canon", "--player", "null", "--json"],
    ...["--server", first.address],
  ]);
  await ondacast(first, ["cast", "canon", "--to", "kitchen"]);
  await kitchen.printed(/"event":"position"/);
  await slow.printed(/"event":"position"/);
  first.program.child.kill("SIGKILL");
  await first.program.child.status;
  await using _second = startServer(["--music", MUSIC, ...words]);
  const summary = JSON.parse(
    (await slow.printed(/\{"event":"end".*\}/))[0],
  );
  assert.deepEqual([summary.reconnects, summary.underruns], [1, 0]);
  assert.equal(summary.bytes, (await Deno.stat(CANON)).size - 44);
  await kitchen.printed(/"event":"end".*"reconnects":1/);
  const { stdout } = await ondacast(first, ["online"]);
  assert.match(stdout, /kitchen/);
  assert.equal((await player.ended()).code, 0);
});

Deno.test("the menu over a pipe runs one service and exits", async () => {
  await using server = await TestServer.start();
  await using kitchen = await receiver(server, "kitchen", "null:fast");
  for (
    const [lines, code, printed] of [
      ["2\n", 0, /Canon in D\.wav[\s\S]*Goodbye/],
      ["List the songs\n", 0, /Greensleeves\.wav/],
      ["1\node\n", 0, /played Ode to Joy\.wav/],
      ["5\nkitchen\n1\n", 0, /Canon in D\.wav → kitchen/],
      ["6\n1\nvolume\n30\n", 0, /kitchen: volume 30 %/],
      ["6\n1\n", 0, /1\) kitchen[\s\S]*\d\) Show the queue/],
      ["7\n", 0, /kitchen/],
      ["8\n", 0, /Goodbye/],
      ["", 0, /Goodbye/],
      ["9\n", 2, /What would you like/],
      ["dance\n", 2, /What would you like/],
      ["6\n1\ndance\n", 2, /Which devices/],
    ] as const
  ) {
    await using client = startClient([
      ...["--player", "null:fast", "--server", server.address],
    ], { stdin: "piped" });
    const stdin = client.child.stdin.getWriter();
    await stdin.write(new TextEncoder().encode(lines));
    await stdin.close();
    const result = await client.ended();
    assert.equal(result.code, code, JSON.stringify(lines));
    assert.match(result.stdout, /^Welcome to Ondacast on .* You are 127/);
    assert.match(result.stdout, printed);
    if (code !== 0) {
      assert.match(result.stderr, /^There is no choice.* \(usage\)$/m);
    }
  }
  await kitchen.printed(/"event":"end"/);
});

Deno.test("a running server notices added, changed and removed songs", async () => {
  await using folder = await TempFolder.make();
  await using server = await TestServer.start(["--music", folder.path]);
  const session = await openSession(server.ports.session);
  await Deno.copyFile(ODE, folder.file("one.wav"));
  const [added] = await untilSongs(session, (songs) => songs.length === 1);
  await Deno.copyFile(CANON, folder.file("one.wav"));
  await untilSongs(session, ([song]) => song.etag !== added.etag);
  await Deno.mkdir(folder.file("sub"));
  await Deno.rename(folder.file("one.wav"), folder.file("sub/two.wav"));
  await untilSongs(
    session,
    (songs) => songs.length === 1 && songs[0].name === "sub/two.wav",
  );
  await Deno.remove(folder.file("sub"), { recursive: true });
  await untilSongs(session, (songs) => songs.length === 0);
  session.close();
});

type Session = Awaited<ReturnType<typeof openSession>>;
type Song = { name: string; etag: string | null };

async function untilSongs(
  session: Session,
  holds: (songs: Song[]) => boolean,
): Promise<Song[]> {
  const { songs } = await seen(
    "other songs",
    () => session.request({ type: "list" }),
    ({ songs }) => holds(songs),
  );
  return songs;
}

async function receiver(
  server: TestServer,
  name: string,
  player: string,
): Promise<RunningProgram> {
  const program = startClient([
    ...["receive", "--name", name, "--player", player, "--json"],
    ...["--server", server.address],
  ]);
  await program.printed(/"event":"waiting"/);
  return program;
}

function addressOf(receiver: RunningProgram): string {
  return /"you":"([^"]*)"/.exec(receiver.stdout)![1];
}

async function ondacast(server: TestServer, words: string[]) {
  return await runClient([...words, "--server", server.address]);
}

/** Watches a client's states; the returned function waits for a match. */
function watchStates(session: Session, name: string, states: string[]) {
  session.listen({
    online: ({ clients }) => {
      const client = clients.find((client) => client.name === name);
      if (client) states.push(JSON.stringify(client.state));
    },
  });
  let from = 0;
  return async (pattern: RegExp) => {
    const indexOf = () =>
      states.findIndex((state, i) => i >= from && pattern.test(state));
    await seen(`${pattern}`, () => states.slice(from), () => indexOf() >= 0);
    from = indexOf();
  };
}

function samplesOf(wav: Uint8Array): Int16Array {
  return new Int16Array(wav.slice(44).buffer);
}

/** Casts without waiting for the playback, which the command would do. */
async function castCanon(server: TestServer, to: string): Promise<void> {
  const caster = await openSession(server.ports.session);
  await caster.request({ type: "cast", song: "Canon in D", to: [to] });
  caster.close();
}
