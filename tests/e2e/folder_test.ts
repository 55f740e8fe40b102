import assert from "node:assert/strict";
import { dirname } from "@std/path";
import { wavHeader } from "../../lib/audio/wav_writer.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { CD, noise, sha256Hex } from "../support/memory_songs.ts";
import { runClient, TempFolder, TestServer } from "../support/programs.ts";
import { seen } from "../support/seen.ts";

const onLinux = Deno.build.os === "linux";
const NAMES = [
  "...Baby One More Time.wav",
  'A*Teens "live" <3 | x.wav',
  "Cafe\u0301.wav",
  "Caf\u00e9.wav",
  "R.E.M./trail .wav",
  "Who Are You?.wav",
  "aux/Con.wav",
  "back\\slash.wav",
  "broadcast.BWF",
  "case/SONG.WAVE",
  "case/Song.wav",
  "case/song.wav",
  "linked/SONG.WAVE",
  "linked/Song.wav",
  "linked/song.wav",
  `${"n".repeat(251)}.wav`,
  "日本語 🎵.wav",
];

/** A server with songs of these names, each with different content. */
async function setUp(words: string[] = []) {
  const stack = new AsyncDisposableStack();
  const temp = stack.use(await TempFolder.make());
  const music = `${temp.path}/music`;
  for (const [i, name] of NAMES.entries()) {
    if (name.startsWith("linked/")) continue;
    await Deno.mkdir(dirname(`${music}/${name}`), { recursive: true });
    const pcm = noise(4000, i + 1);
    await Deno.writeFile(
      `${music}/${name}`,
      new Uint8Array([...wavHeader(CD, pcm.length), ...pcm]),
    );
  }
  await Deno.symlink("case", `${music}/linked`);
  await Deno.symlink(".", `${music}/circle`);
  await Deno.symlink("nowhere", `${music}/broken`);
  const server = stack.use(
    await TestServer.start(["--music", music, ...words]),
  );
  const options = ["--server", server.address, "--cache-dir", `${temp.path}/c`];
  return {
    ...{ temp, music, server },
    ondacast: (words: string[]) => runClient([...words, ...options]),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** The songs that a `play --json` started. */
function started(stdout: string): string[] {
  return stdout.trim().split("\n").map((line) => JSON.parse(line))
    .filter(({ event }) => event === "start").map(({ song }) => song);
}

Deno.test({
  name: "songs of any name are listed, played and cached under their own names",
  ignore: !onLinux,
  async fn() {
    await using at = await setUp();
    const { stdout } = await at.ondacast(["list", "--json"]);
    const listed = JSON.parse(stdout).map(({ name }: { name: string }) => name);
    assert.deepEqual(listed, [...NAMES].sort());
    const play = ["play", "--json", "--player", "null:fast", ...NAMES];
    assert.deepEqual(started((await at.ondacast(play)).stdout), NAMES);
    const cached = await at.ondacast(["cache", "list", "--json"]);
    const contents = new Map<string, string>();
    for (const { song, sha256 } of JSON.parse(cached.stdout)) {
      contents.set(song, sha256);
    }
    for (const name of NAMES) {
      const file = await Deno.readFile(`${at.music}/${name}`);
      assert.equal(contents.get(name), sha256Hex(file), name);
    }
    assert.deepEqual(started((await at.ondacast(play)).stdout), NAMES);
    await at.server.program[Symbol.asyncDispose]();
    const offline = await at.ondacast(play);
    assert.deepEqual(started(offline.stdout), NAMES, offline.stderr);
  },
});

Deno.test({
  name: "twins are streamed, drawn and found only by their exact names",
  ignore: !onLinux,
  async fn() {
    await using at = await setUp(["--stream-song", "case/song.wav"]);
    const out = at.temp.file("out.wav");
    const streamed = await runClient([
      ...["stream", `127.0.0.1:${at.server.ports.stream}`],
      ...["--player", `file:${out}`],
    ]);
    assert.equal(streamed.code, 0, streamed.stderr);
    const song = await Deno.readFile(`${at.music}/case/song.wav`);
    assertBytes(
      (await Deno.readFile(out)).subarray(-4000),
      song.subarray(-4000),
    );
    const { stdout } = await at.ondacast(["list", "--json"]);
    for (const { name, etag } of JSON.parse(stdout)) {
      const query = new URLSearchParams({ song: name, etag });
      const { http } = at.server.ports;
      const answer = await fetch(`http://127.0.0.1:${http}/peaks?${query}`);
      await answer.body?.cancel();
      assert.equal(answer.status, 200, name);
    }
    const play = (name: string) =>
      at.ondacast(["play", name, "--player", "null:fast", "--json"]);
    const played = await play("case/song");
    assert.deepEqual(started(played.stdout), ["case/song.wav"]);
    const ambiguous = await play("CASE/song.WAV");
    assert.equal(ambiguous.code, 1);
    assert.match(ambiguous.stdout + ambiguous.stderr, /ambiguous/);
    // The server decides, whatever the cache holds.
    const other = await play("case/Song");
    assert.deepEqual(started(other.stdout), ["case/Song.wav"]);
  },
});

Deno.test({
  name: "files that are left out of the song folder are logged once",
  ignore: !onLinux,
  async fn() {
    await using at = await setUp();
    const { program } = at.server;
    await Deno.copyFile(`${at.music}/case/song.wav`, `${at.music}/new.wav`);
    const isListed = async () =>
      (await at.ondacast(["list", "new"])).stdout.includes("new.wav");
    await seen("new.wav", isListed, (it) => it);
    const log = program.stderr;
    assert.equal(log.match(/left out "broken"/g)?.length, 1, log);
    assert.equal(log.match(/left out "circle"/g)?.length, 1, log);
  },
});
