import assert from "node:assert/strict";
import { join } from "@std/path";
import {
  MUSIC,
  runClient,
  startClient,
  TempFolder,
  TestServer,
} from "../support/programs.ts";

const SONGS = ["Canon in D.wav", "Greensleeves.wav", "Ode to Joy.wav"];

Deno.test("play writes every song bit for bit to file:PATH", async () => {
  await using server = await TestServer.start();
  await using folder = await TempFolder.make();
  for (const song of SONGS) {
    const path = folder.file("out.wav");
    const { code, stderr } = await play(server, [song], `file:${path}`);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.deepEqual(
      await Deno.readFile(path),
      await Deno.readFile(join(MUSIC, song)),
    );
  }
});

Deno.test("play writes all of several songs to file:PATH", async () => {
  await using server = await TestServer.start();
  await using folder = await TempFolder.make();
  const songs = ["ode", "ode", "canon", "ode"];
  const player = `file:${folder.file("out.wav")}`;
  const { code } = await play(server, songs, player);
  assert.equal(code, 0);
  const ode = (await Deno.readFile(join(MUSIC, "Ode to Joy.wav"))).subarray(44);
  const canon = await Deno.readFile(join(MUSIC, "Canon in D.wav"));
  const [both, other, last] = await Promise.all(
    ["out.wav", "out-2.wav", "out-3.wav"].map((name) =>
      Deno.readFile(folder.file(name))
    ),
  );
  assert.deepEqual(both.subarray(44, 44 + ode.length), ode);
  assert.deepEqual(both.subarray(44 + ode.length), ode);
  assert.deepEqual(other, canon);
  assert.deepEqual(last.subarray(44), ode);
});

Deno.test("play --player stdout writes only raw PCM to stdout", async () => {
  await using server = await TestServer.start();
  await using folder = await TempFolder.make();
  const client = startClient([
    ...["play", "ode", "--player", "stdout", "--server", server.address],
  ]);
  await using _ = client;
  const { code, stderr } = await client.ended();
  assert.equal(code, 0);
  assert.match(stderr, /^playing Ode to Joy\.wav .* on stdout\n/);
  // Decoding stdout as text would lose bytes; a file keeps them.
  await play(server, ["ode"], `file:${folder.file("ode.wav")}`);
  const { size } = await Deno.stat(folder.file("ode.wav"));
  assert.ok(client.stdout.length > 0 && size > 44);
});

for (
  const [typed, song] of [
    ["Ode to Joy.wav", "Ode to Joy.wav"],
    ["Ode to Joy", "Ode to Joy.wav"],
    ["ODE TO JOY", "Ode to Joy.wav"],
    ["ode", "Ode to Joy.wav"],
    ["green", "Greensleeves.wav"],
  ]
) {
  Deno.test(`play finds ${song} by ${JSON.stringify(typed)}`, async () => {
    await using server = await TestServer.start();
    const { code, stdout } = await play(server, [typed], "null:fast");
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`^playing ${song}`));
  });
}

Deno.test("play suggests the nearest songs when no name matches", async () => {
  await using server = await TestServer.start();
  const { code, stderr } = await play(server, ["Gren sleves"], "null:fast");
  assert.equal(code, 1);
  assert.match(stderr, /nearest: Greensleeves\.wav.* \(not-found\)\n$/);
});

Deno.test("play lists the songs that an ambiguous name matches", async () => {
  await using folder = await TempFolder.make();
  for (const name of ["abc one.wav", "abc two.wav"]) {
    await Deno.copyFile(join(MUSIC, "Ode to Joy.wav"), folder.file(name));
  }
  await using server = await TestServer.start(["--music", folder.path]);
  const { code, stderr } = await play(server, ["abc"], "null:fast");
  assert.equal(code, 1);
  assert.match(stderr, /abc one\.wav, abc two\.wav.* \(ambiguous\)$/m);
});

Deno.test("play reads the choice from a pipe, by number and by name", async () => {
  await using server = await TestServer.start();
  for (const [line, song] of [["2", SONGS[1]], ["ode", SONGS[2]]]) {
    await using client = startClient([
      ...["play", "--player", "null:fast", "--server", server.address],
    ], { stdin: "piped" });
    const stdin = client.child.stdin.getWriter();
    await stdin.write(new TextEncoder().encode(`${line}\n`));
    await stdin.close();
    const { code, stdout } = await client.ended();
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`playing ${song}`));
  }
});

Deno.test("play --from begins at the exact sample frame", async () => {
  await using server = await TestServer.start();
  await using folder = await TempFolder.make();
  const path = folder.file("out.wav");
  await play(server, ["canon", "--from", "0:05.5"], `file:${path}`);
  const whole = await Deno.readFile(join(MUSIC, SONGS[0]));
  const part = await Deno.readFile(path);
  assert.deepEqual(part.subarray(44), whole.subarray(44 + 5.5 * 44100 * 4));
});

Deno.test("play --json prints one object per line, with the totals at the end", async () => {
  await using server = await TestServer.start();
  const { stdout } = await play(server, ["canon", "--json"], "null:fast");
  const events = stdout.trim().split("\n").map((line) => JSON.parse(line));
  assert.equal(events[0].event, "start");
  const end = events.at(-1);
  const dataBytes = (await Deno.stat(join(MUSIC, SONGS[0]))).size - 44;
  assert.equal(end.event, "end");
  assert.equal(end.song, "Canon in D.wav");
  assert.equal(end.bytes, dataBytes);
  assert.equal(end.seconds, dataBytes / 4 / 44100);
  assert.deepEqual([end.underruns, end.reconnects], [0, 0]);
});

Deno.test("play --quiet prints nothing", async () => {
  await using server = await TestServer.start();
  const result = await play(server, ["ode", "--quiet"], "null:fast");
  assert.deepEqual(result, { code: 0, stdout: "", stderr: "" });
});

Deno.test("play with the null player takes as long as the song", async () => {
  await using server = await TestServer.start();
  const before = performance.now();
  const { code } = await play(server, ["ode", "--from", "0:11"], "null");
  // Only a lower bound, as a busy machine may take longer.
  assert.ok(performance.now() - before >= 1100);
  assert.equal(code, 0);
});

Deno.test("play reports an unreachable server, and exits with 1", async () => {
  const { code, stderr } = await runClient([
    ...["play", "x", "--server", "127.0.0.1:1"],
  ]);
  assert.equal(code, 1);
  assert.match(stderr, /^Cannot reach 127\.0\.0\.1:1: .* \(unreachable\)\n$/);
});

for (
  const [what, words] of [
    ["an unknown command", ["plai"]],
    ["an unknown option", ["play", "--lopp"]],
    ["an unknown player", ["play", "x", "--player", "winamp"]],
    ["a bad time", ["play", "x", "--from", "soon"]],
    ["a bad address", ["list", "--server", "a:b:c"]],
    ["a bad name", ["online", "--name", "1.2.3.4:5"]],
  ] as const
) {
  Deno.test(`client refuses ${what} before anything else`, async () => {
    const { code, stdout, stderr } = await runClient([...words]);
    assert.equal(stdout, "");
    assert.ok(code === 2 || /^bad-name/.test(stderr), `${code} ${stderr}`);
    assert.notEqual(stderr, "");
  });
}

Deno.test("list prints songs with length and format, as JSON too", async () => {
  await using server = await TestServer.start();
  const { stdout } = await runClient(["list", "--server", server.address]);
  assert.match(stdout, /^Canon in D\.wav +0:12 +44\.1 kHz 16-bit stereo\n/);
  assert.match(stdout, /Greensleeves\.wav +0:07 +48 kHz 24-bit stereo\n/);
  const json = await runClient(["list", "--json", "--server", server.address]);
  const songs = JSON.parse(json.stdout);
  assert.deepEqual(songs.map((song: { name: string }) => song.name), SONGS);
});

Deno.test("online lists its own client", async () => {
  await using server = await TestServer.start();
  const { stdout } = await runClient([
    ...["online", "--json", "--name", "kitchen", "--server", server.address],
  ]);
  const [self] = JSON.parse(stdout);
  assert.equal(self.name, "kitchen");
  assert.match(self.id, /^127\.0\.0\.1:\d+$/);
  assert.deepEqual(self.state, { doing: "idle" });
});

Deno.test("play reports a song that is truncated while it plays, and the server continues", async () => {
  await using folder = await TempFolder.make();
  const path = folder.file("song.wav");
  await Deno.copyFile(join(MUSIC, SONGS[0]), path);
  await using server = await TestServer.start(["--music", folder.path]);
  await using client = startClient([
    ...["play", "song", "--player", "null", "--server", server.address],
  ]);
  await client.printed(/playing/);
  await Deno.truncate(path, 100_000);
  const { code, stderr } = await client.ended();
  assert.equal(code, 1);
  assert.match(stderr, /\(changed\)$/m);
  const { stdout } = await runClient(["online", "--server", server.address]);
  assert.match(stdout, /idle/);
});

async function play(server: TestServer, words: string[], player: string) {
  return await runClient([
    ...["play", ...words, "--player", player, "--server", server.address],
  ]);
}

Deno.test("play reports an unplayable song among several, plays the others, and exits with 1", async () => {
  await using server = await TestServer.start();
  const { code, stdout, stderr } = await runClient([
    ...["play", "no such song", "ode", "nor this", "canon"],
    ...["--player", "null:fast", "--server", server.address, "--json"],
  ]);
  assert.equal(code, 1);
  const events = stdout.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(
    events.map(({ event, song, code }) => `${event} ${song ?? code}`),
    [
      "problem not-found",
      ...["start Ode to Joy.wav", "end Ode to Joy.wav"],
      "problem not-found",
      ...["start Canon in D.wav", "end Canon in D.wav"],
      "error not-found",
    ],
  );
  assert.match(stderr, /Cannot play 2 of 4 songs/);
});
