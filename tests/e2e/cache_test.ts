import assert from "node:assert/strict";
import { join } from "@std/path";
import {
  MUSIC,
  runClient,
  startClient,
  TempFolder,
  TestServer,
} from "../support/programs.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { seen } from "../support/seen.ts";

const CANON = join(MUSIC, "Canon in D.wav");
const ODE = join(MUSIC, "Ode to Joy.wav");

Deno.test("play stores a song in the cache, and plays it from there the next time", async () => {
  await using at = await place();
  assert.match((await at.play("canon")).stdout, /played Canon in D/);
  assert.deepEqual(await at.cached(), ["Canon in D.wav whole"]);
  assertBytes(await at.played(), await Deno.readFile(CANON));
  await at.play("Canon in D");
  assertBytes(await at.played(), await Deno.readFile(CANON));
});

Deno.test("play needs no server for a song that is in the cache", async () => {
  await using at = await place();
  await at.play("canon");
  await at.server.program[Symbol.asyncDispose]();
  for (const name of ["Canon in D.wav", "canon in d", "can"]) {
    assert.equal((await at.play(name)).code, 0, name);
    assertBytes(await at.played(), await Deno.readFile(CANON), name);
  }
  const other = await at.play("ode");
  assert.equal(other.code, 1);
  assert.match(other.stderr, /\(unreachable\)$/m);
});

Deno.test("a cached song waits neither for a server that hangs, nor for its gain", async () => {
  await using at = await place();
  await at.play("canon");
  const { session: port } = at.server.ports;
  await at.server.program[Symbol.asyncDispose]();
  using listener = Deno.listen({ hostname: "127.0.0.1", port });
  const played = at.play("Canon in D", ["--gain", "track"]);
  using connection = await listener.accept();
  const heard = await new Response(connection.readable).text();
  // It would be pinged before it is given up.
  assert.doesNotMatch(heard, /"ping"/);
  assert.equal((await played).code, 0);
  assertBytes(await at.played(), await Deno.readFile(CANON));
});

Deno.test("play downloads a song again that has changed on the server", async () => {
  await using at = await place();
  await at.play("canon");
  await Deno.copyFile(ODE, at.songs.file("Canon in D.wav"));
  assert.equal((await at.play("canon")).code, 0);
  assertBytes(await at.played(), await Deno.readFile(ODE));
});

Deno.test("a partial download is continued, and never played as complete", async () => {
  await using at = await place();
  await using half = startClient([
    ...["play", "canon", "--player", "null"],
    ...at.options,
  ]);
  await half.printed(/playing/);
  // It is played in real time, so it is far from complete when first seen.
  await seen("a song in the cache", at.cached, ({ length }) => length > 0);
  half.child.kill("SIGKILL");
  await half.child.status;
  assert.deepEqual(await at.cached(), ["Canon in D.wav half"]);
  await at.play("canon");
  assertBytes(await at.played(), await Deno.readFile(CANON));
  assert.deepEqual(await at.cached(), ["Canon in D.wav whole"]);
});

Deno.test("a corrupt song in the cache is detected and downloaded again", async () => {
  await using at = await place();
  await at.play("canon");
  await damage(await at.cachedFile("Canon in D.wav"));
  await at.play("canon");
  assertBytes(await at.played(), await Deno.readFile(CANON));
  await damage(await at.cachedFile("Canon in D.wav"));
  const verified = await at.ondacast(["cache", "verify"]);
  assert.equal(verified.code, 1);
  assert.match(verified.stdout, /damaged, removed: Canon in D\.wav/);
  assert.deepEqual(await at.cached(), []);
});

Deno.test("the cache stays below its size, and keeps the most recently used songs", async () => {
  await using at = await place();
  await at.play("canon", ["--cache-size", "3MB"]);
  await at.play("ode", ["--cache-size", "3MB"]);
  assert.deepEqual(await at.cached(), [
    "Canon in D.wav whole",
    "Ode to Joy.wav whole",
  ]);
  await at.play("greensleeves", ["--cache-size", "3MB"]);
  assert.deepEqual(await at.cached(), [
    "Greensleeves.wav whole",
    "Ode to Joy.wav whole",
  ]);
});

Deno.test("two clients that share a cache both play the exact bytes", async () => {
  await using at = await place();
  const [one, two] = [at.songs.file("one.out"), at.songs.file("two.out")];
  const results = await Promise.all(
    [one, two].map((path) =>
      at.ondacast(["play", "canon", "--player", `file:${path}`])
    ),
  );
  assert.deepEqual(results.map(({ code }) => code), [0, 0]);
  for (const path of [one, two]) {
    assertBytes(await Deno.readFile(path), await Deno.readFile(CANON));
  }
  assert.deepEqual(await at.cached(), ["Canon in D.wav whole"]);
});

Deno.test("cache path prints the folder, cache clear empties it, and --no-cache leaves it unused", async () => {
  await using at = await place();
  const { stdout } = await at.ondacast(["cache", "path"]);
  assert.equal(stdout.trim(), await Deno.realPath(at.cache.path));
  await at.play("canon", ["--no-cache"]);
  assert.deepEqual(await at.cached(), []);
  await at.play("canon");
  assert.match((await at.ondacast(["cache", "clear"])).stdout, /removed 1/);
  assert.deepEqual(await at.cached(), []);
});

/** A server with a copy of the songs, and a cache, in folders of the test. */
async function place() {
  const stack = new AsyncDisposableStack();
  const songs = stack.use(await TempFolder.make());
  const cache = stack.use(await TempFolder.make());
  for await (const { name } of Deno.readDir(MUSIC)) {
    if (name.endsWith(".wav")) {
      await Deno.copyFile(join(MUSIC, name), songs.file(name));
    }
  }
  const server = stack.use(await TestServer.start(["--music", songs.path]));
  const options = ["--cache-dir", cache.path, "--server", server.address];
  const ondacast = (words: string[]) => runClient([...words, ...options]);
  const list = async () =>
    JSON.parse((await ondacast(["cache", "list", "--json"])).stdout);
  return {
    ...{ songs, cache, server, options, ondacast },
    play: (song: string, words: string[] = []) => {
      const player = `file:${songs.file("played.out")}`;
      return ondacast(["play", song, "--player", player, ...words]);
    },
    played: () => Deno.readFile(songs.file("played.out")),
    async cached(): Promise<string[]> {
      const entries: { song: string; whole: boolean }[] = await list();
      return entries
        .map(({ song, whole }) => `${song} ${whole ? "whole" : "half"}`)
        .sort();
    },
    async cachedFile(song: string): Promise<string> {
      const entries: { song: string; file: string }[] = await list();
      const { file } = entries.find((entry) => entry.song === song)!;
      return join(cache.path, "songs", `${file}.wav`);
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function damage(path: string): Promise<void> {
  using file = await Deno.open(path, { write: true });
  await file.seek(1_000_000, Deno.SeekMode.Start);
  await file.write(new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]));
}
