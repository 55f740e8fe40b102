import assert from "node:assert/strict";
import { join } from "@std/path";
import { wavHeader } from "../../lib/audio/wav_writer.ts";
import {
  hasProgram,
  MUSIC,
  startClient,
  TempFolder,
  TestServer,
} from "../support/programs.ts";
import { childrenOf, isAlive } from "../support/processes.ts";
import { seen } from "../support/seen.ts";

const CANON = join(MUSIC, "Canon in D.wav");
const GREENSLEEVES = join(MUSIC, "Greensleeves.wav");
const needsFfplay = { ignore: !hasProgram("ffplay") };
const needsAplay = { ignore: !hasProgram("aplay") };
const isLinux = Deno.build.os === "linux";
const needsProc = { ignore: !isLinux || !hasProgram("ffplay") };

Deno.test({
  name: "ffplay plays every sample of a song bit for bit, including the last",
  ...needsFfplay,
  async fn() {
    await using folder = await TempFolder.make();
    await using server = await TestServer.start();
    const raw = folder.file("heard.raw");
    await using client = startClient([
      ...["play", "canon", "--from", "0:09", "--player", "ffplay"],
      ...["--server", server.address],
    ], { env: { SDL_AUDIODRIVER: "disk", SDL_DISKAUDIOFILE: raw } });
    assert.equal((await client.ended()).code, 0);
    const song = (await Deno.readFile(CANON)).subarray(44 + 9 * 44100 * 4);
    assertHeard(await Deno.readFile(raw), song);
  },
});

Deno.test({
  name: "ffplay plays 8 kHz audio to the last sample",
  ...needsFfplay,
  async fn() {
    await using folder = await TempFolder.make();
    await Deno.mkdir(folder.file("music"));
    const song = new Uint8Array(8000).map((_, i) => 1 + i % 251);
    const header = wavHeader(
      { encoding: "s16le", rate: 8000, channels: 1, bits: 16 },
      song.length,
    );
    await Deno.writeFile(
      folder.file("music/speech.wav"),
      Uint8Array.from([...header, ...song]),
    );
    await using server = await TestServer.start([
      ...["--music", folder.file("music")],
    ]);
    const raw = folder.file("heard.raw");
    await using client = startClient([
      ...["play", "speech", "--player", "ffplay", "--server", server.address],
    ], { env: { SDL_AUDIODRIVER: "disk", SDL_DISKAUDIOFILE: raw } });
    assert.equal((await client.ended()).code, 0);
    assertHeard(await Deno.readFile(raw), song);
  },
});

Deno.test({
  name: "aplay plays every sample of a 24-bit song, bit for bit",
  ...needsAplay,
  async fn() {
    await using folder = await TempFolder.make();
    await using server = await TestServer.start();
    const raw = folder.file("heard.raw");
    await Deno.writeTextFile(
      folder.file("asound.conf"),
      `pcm.!default { type file slave.pcm { type null } file "${raw}" format raw }\n`,
    );
    await using client = startClient([
      ...["play", "greensleeves", "--from", "0:06", "--player", "aplay"],
      ...["--server", server.address],
    ], { env: { ALSA_CONFIG_PATH: folder.file("asound.conf") } });
    const { code, stderr } = await client.ended();
    assert.deepEqual([code, stderr], [0, ""]);
    const song = await Deno.readFile(GREENSLEEVES);
    assertHeard(await Deno.readFile(raw), song.subarray(44 + 6 * 48000 * 6));
  },
});

Deno.test("a missing player is reported in one line that says what to install", async () => {
  await using folder = await TempFolder.make();
  await using server = await TestServer.start();
  for (const player of ["auto", "ffplay", "aplay"]) {
    await using client = startClient([
      ...["play", "ode", "--player", player, "--server", server.address],
    ], { env: { PATH: folder.path } });
    const { code, stderr } = await client.ended();
    assert.equal(code, 1);
    assert.match(stderr, /install.* \(no-player\)\n$/, player);
  }
});

Deno.test({
  name: "a missing sound device is reported in one line",
  ...needsFfplay,
  async fn() {
    await using server = await TestServer.start();
    await using client = startClient([
      ...["play", "ode", "--player", "ffplay", "--server", server.address],
    ], { env: { SDL_AUDIODRIVER: "no-such-driver" } });
    const { code, stderr } = await client.ended();
    assert.equal(code, 1);
    assert.match(stderr, /\(player-failed\)\n$/);
  },
});

Deno.test({
  name: "a player that dies during a song ends the client with one line",
  ...needsProc,
  async fn() {
    await using server = await TestServer.start();
    await using client = await playing(server);
    const [ffplay] = await childrenOf(client.child.pid, "ffplay");
    Deno.kill(ffplay, "SIGKILL");
    const { code, stderr } = await client.ended();
    assert.equal(code, 1);
    assert.match(stderr, /SIGKILL.* \(player-failed\)\n$/);
  },
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test({
    name: `${signal} ends the client and its player at once, with code 130`,
    ...needsProc,
    async fn() {
      await using server = await TestServer.start();
      await using client = await playing(server);
      const [ffplay] = await childrenOf(client.child.pid, "ffplay");
      client.child.kill(signal);
      const { code, stderr } = await client.ended();
      assert.deepEqual([code, stderr], [130, ""]);
      assert.equal(isAlive(ffplay), false);
    },
  });
}

Deno.test({
  name: "a killed client leaves no player behind",
  ...needsProc,
  async fn() {
    await using server = await TestServer.start();
    await using client = await playing(server);
    const [ffplay] = await childrenOf(client.child.pid, "ffplay");
    client.child.kill("SIGKILL");
    await client.child.status;
    // ffplay ends by itself once it has played its input.
    await seen("its end", () => isAlive(ffplay), (isAlive) => !isAlive);
  },
});

Deno.test({
  name: "a closed stdout ends the client silently",
  ignore: !isLinux,
  async fn() {
    await using server = await TestServer.start();
    await using client = startClient([
      ...["play", "canon", "--player", "stdout", "--quiet"],
      ...["--server", server.address],
    ], { readStdout: false });
    await client.child.stdout.cancel();
    const { code, stderr } = await client.ended();
    assert.deepEqual([code, stderr], [0, ""]);
  },
});

Deno.test("an unwritable file ends the client with one line", async () => {
  await using server = await TestServer.start();
  await using client = startClient([
    ...["play", "canon", "--player", "file:no/such/folder/x.wav"],
    ...["--server", server.address],
  ]);
  const { code, stderr } = await client.ended();
  assert.equal(code, 1);
  assert.match(stderr, /x\.wav.* \(output-failed\)\n$/);
});

Deno.test({
  name: "a full disk ends the client with one line",
  ignore: !isLinux, // which has /dev/full
  async fn() {
    await using server = await TestServer.start();
    await using client = startClient([
      ...["play", "canon", "--player", "file:/dev/full"],
      ...["--server", server.address],
    ]);
    const { code, stderr } = await client.ended();
    assert.equal(code, 1);
    assert.match(stderr, /\(output-failed\)\n$/);
  },
});

/** A client that plays through a real ffplay, without a sound device. */
async function playing(server: TestServer) {
  const client = startClient([
    ...["play", "canon", "--player", "ffplay", "--server", server.address],
  ], { env: { SDL_AUDIODRIVER: "dummy" } });
  await client.printed(/playing/);
  return client;
}

/** Asserts that the output is the song, with only silence around it. */
function assertHeard(heard: Uint8Array, song: Uint8Array): void {
  const first = heard.findIndex((byte) => byte !== 0);
  const songFirst = song.findIndex((byte) => byte !== 0);
  const start = first - songFirst;
  assert.ok(start >= 0);
  assert.ok(heard.subarray(0, start).every((byte) => byte === 0));
  assert.ok(heard.length - start >= song.length, "the end was not heard");
  assert.deepEqual(heard.subarray(start, start + song.length), song);
  assert.ok(heard.subarray(start + song.length).every((byte) => byte === 0));
}
