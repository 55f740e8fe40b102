import assert from "node:assert/strict";
import { join } from "@std/path";
import {
  MUSIC,
  runClient,
  startClient,
  TempFolder,
  TestServer,
} from "../support/programs.ts";

/** The words of a command, with the address of a test server. */
function at(server: TestServer, words: string[]): string[] {
  return [...words, "--server", server.address];
}

Deno.test("every command exits silently with 0 when its output is closed", async () => {
  await using server = await TestServer.start();
  const commands = [
    ["list"],
    ["list", "--json"],
    ["online"],
    ["play", "canon", "--player", "null", "--json"],
    ["play", "canon", "--player", "null"],
    ["play", "canon", "--player", "stdout"],
    ["play", "--all", "--loop", "--player", "stdout"],
    ["stream", `127.0.0.1:${server.ports.stream}`, "--player", "stdout"],
    ["cache", "path"],
    ["help"],
    ["play", "--help"],
  ];
  await Promise.all(commands.map(async (words) => {
    const client = startClient(at(server, words), { readStdout: false });
    await client.child.stdout.cancel();
    const { code, stderr } = await client.ended();
    assert.equal(code, 0, words.join(" "));
    assert.match(stderr, /^(playing .* on stdout\n)?$/, words.join(" "));
  }));
});

Deno.test("receive exits silently with 0 when its output is closed", async () => {
  await using server = await TestServer.start();
  const receiver = startClient(
    at(server, ["receive", "--name", "den", "--player", "null", "--json"]),
    { readStdout: false },
  );
  const reader = receiver.child.stdout.getReader();
  await reader.read(); // the line that it waits
  await reader.cancel();
  await runClient(at(server, ["cast", "ode", "--to", "den"]));
  const { code, stderr } = await receiver.ended();
  assert.deepEqual([code, stderr], [0, ""]);
});

Deno.test("lists are printed in natural order, and as JSON in the server's order", async () => {
  await using music = await TempFolder.make();
  const names = ["Track 10.wav", "Track 2.wav", "älteres.wav", "Zebra.wav"];
  for (const name of names) {
    await Deno.copyFile(join(MUSIC, "Ode to Joy.wav"), music.file(name));
  }
  await using server = await TestServer.start(["--music", music.path]);
  const { stdout } = await runClient(at(server, ["list"]));
  assert.deepEqual(
    stdout.trim().split("\n").map((line) => line.split(/ {2,}/)[0]),
    ["älteres.wav", "Track 2.wav", "Track 10.wav", "Zebra.wav"],
  );
  const json = await runClient(at(server, ["list", "--json"]));
  assert.deepEqual(
    JSON.parse(json.stdout).map(({ name }: { name: string }) => name),
    [...names].sort(),
  );
});

Deno.test("the address of a server's page stands for the server", async () => {
  await using server = await TestServer.start();
  const page = `http://127.0.0.1:${server.ports.http}/`;
  const { code, stdout } = await runClient(["list", "--server", page]);
  assert.equal(code, 0);
  assert.match(stdout, /^Ode to Joy/m);
});

Deno.test("play --all with several texts plays the songs that match any of them", async () => {
  await using server = await TestServer.start();
  const play = async (...words: string[]) =>
    await runClient(at(server, [
      ...["play", "--all", ...words, "--player", "null:fast", "--json"],
    ]));
  const table: [texts: string[], songs: string[]][] = [
    [["in canon"], ["Canon in D.wav"]],
    [["ode", "canon", "joy"], ["Canon in D.wav", "Ode to Joy.wav"]],
  ];
  for (const [texts, songs] of table) {
    const { code, stdout } = await play(...texts);
    assert.equal(code, 0);
    assert.deepEqual(
      stdout.trim().split("\n").map((line) => JSON.parse(line))
        .filter(({ event }) => event === "start").map(({ song }) => song),
      songs,
    );
  }
  const none = await play("polka", "waltz");
  assert.equal(none.code, 1);
  assert.match(
    none.stderr,
    /no song with "polka" or "waltz" in its name.* \(no-songs\)$/m,
  );
});

const WRONG: [words: string[], said: RegExp][] = [
  [["list", "--name", ""], /expected 1 to 64 characters.* \(usage\)$/],
  [["list", "--name", "192.0.2.7"], /shaped like an address.* \(usage\)$/],
  [["list", "--name", "a\u202eb"], /a\\u202eb.* \(usage\)$/],
  [["list", "--token", ""], /^Cannot use an empty --token.* \(usage\)$/m],
  [
    ["list", "--server", "pi:port"],
    /^Cannot read the address "pi:port".* \(usage\)$/m,
  ],
  [["list", "--tls-ca", "/nowhere"], /no such file or folder.* \(usage\)$/],
  [
    ["play", "x", "--player", "tape"],
    /expected auto, ffplay.* \(usage\)$/m,
  ],
  [
    ["play", "--shufle"],
    /^error: unknown option '--shufle' \(did you mean --shuffle\?\)$/,
  ],
  [["lst"], /^error: unknown command 'lst' \(did you mean list/],
  [["help", "lst"], /^error: unknown command 'lst' \(did you mean list/],
  [["help", "xyzzy"], /^error: unknown command 'xyzzy'; --help shows all$/],
  [
    ["cache", "vrify"],
    /^error: unknown command 'vrify' \(did you mean verify\?\)$/,
  ],
  [["volume", "loud", "--to", "den"], /^error: .* Expected 0 to 100\.$/],
  [["seek", "-x", "--to", "den"], /^error: unknown option '-x'$/],
];

Deno.test("a wrong usage exits with 2 and an explanation on one line", async () => {
  await Promise.all(WRONG.map(async ([words, said]) => {
    const { code, stdout, stderr } = await runClient(words);
    assert.deepEqual([code, stdout], [2, ""], words.join(" "));
    assert.match(stderr.trim(), said);
    assert.match(stderr, /^.+\n$/);
  }));
});

Deno.test("the help of every command has examples", async () => {
  const { stdout } = await runClient(["--help"]);
  const commands = [...stdout.matchAll(/^ {2}([a-z]+) .* {2}/gm)]
    .map(([, name]) => name)
    .filter((name) => name !== "help" && name !== "ondacast");
  assert.ok(commands.length >= 13);
  await Promise.all(commands.map(async (name) => {
    const { code, stdout } = await runClient([name, "--help"]);
    assert.equal(code, 0);
    assert.match(
      stdout,
      new RegExp(`^Examples:\n(  .*\n)*  .*ondacast ${name}`, "m"),
    );
  }));
});

Deno.test("an unwritable path is reported with the reason", async () => {
  await using server = await TestServer.start();
  await using folder = await TempFolder.make();
  const file = folder.file("file");
  await Deno.writeTextFile(file, "");
  const player = await runClient(at(server, [
    ...["play", "ode", "--player", `file:${join(file, "x.wav")}`],
  ]));
  assert.equal(player.code, 1);
  assert.match(
    player.stderr,
    /a part of its path is a file, not a folder.* \(output-failed\)$/m,
  );
  const cache = await runClient(at(server, [
    ...["play", "ode", "--player", "null:fast", "--cache-dir", join(file, "x")],
  ]));
  assert.equal(cache.code, 1);
  assert.match(
    cache.stderr,
    /^Cannot use the cache folder .*--cache-dir` names another.* \(bad-folder\)$/m,
  );
});
