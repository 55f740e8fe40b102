import assert from "node:assert/strict";
import { concat } from "@std/bytes/concat";
import { assertBytes } from "../support/assert_bytes.ts";
import { lacks } from "../support/coded_songs.ts";
import { FirstVersion } from "../support/first_version.ts";
import { CD, noise, wavFile } from "../support/memory_songs.ts";
import {
  runClient,
  type RunningProgram,
  startClient,
  TempFolder,
  TestServer,
} from "../support/programs.ts";
import { untilListed } from "../support/sessions.ts";

const first = await FirstVersion.find();
const ignore = first === null || lacks("ffmpeg");
Deno.test.afterAll(async () => await first?.[Symbol.asyncDispose]());

/** An album of two FLAC files, and a playlist of them the other way round. */
async function makeAlbum(folder: TempFolder): Promise<Uint8Array[]> {
  const parts = [noise(4 * 70_001, 1), noise(4 * 50_003, 2)];
  for (const [i, pcm] of parts.entries()) {
    const wav = folder.file(`${i}.wav`);
    await Deno.writeFile(wav, wavFile(CD, pcm));
    const { success } = await new Deno.Command("ffmpeg", {
      args: [
        ...["-v", "error", "-i", wav, "-metadata", "album=Noises"],
        ...["-metadata", `track=${i + 1}`, folder.file(`${i}.flac`)],
      ],
    }).output();
    assert.ok(success);
    await Deno.remove(wav);
  }
  await Deno.writeTextFile(folder.file("back.m3u"), "1.flac\n0.flac\n");
  return parts;
}

async function heardBy(program: RunningProgram, file: string) {
  const { code, stderr } = await program.ended();
  assert.equal(code, 0, stderr);
  return (await Deno.readFile(file)).subarray(44);
}

Deno.test({
  name:
    "the first version's client plays a FLAC album and a playlist to the sample, as one plain stream",
  ignore,
  async fn() {
    await using folder = await TempFolder.make();
    await using music = await TempFolder.make();
    const [one, two] = await makeAlbum(music);
    const wanted = { "album:Noises": [one, two], "playlist:back": [two, one] };
    for (const [song, parts] of Object.entries(wanted)) {
      await using server = await TestServer.start([
        ...["--music", music.path, "--stream-song", song],
      ]);
      const file = folder.file("heard.wav");
      await using client = first!.client([
        ...["stream", `127.0.0.1:${server.ports.stream}`],
        ...["--player", `file:${file}`],
      ]);
      assertBytes(await heardBy(client, file), concat(parts));
    }
  },
});

Deno.test({
  name: "the first version's client plays what a room plays, to the sample",
  ignore,
  async fn() {
    await using music = await TempFolder.make();
    const pcm = noise(4 * 60_000, 3);
    const format = { ...CD, rate: 48_000 };
    await Deno.writeFile(music.file("noise.wav"), wavFile(format, pcm));
    await using server = await TestServer.start([
      ...["--music", music.path, "--stream-song", "group:kitchen"],
    ]);
    const at = ["--server", server.address];
    await using receiver = startClient([
      ...["receive", "--name", "kitchen", "--player", "null", ...at],
    ]);
    await receiver.printed(/^waiting for songs/m);
    await using client = first!.client([
      ...["stream", `127.0.0.1:${server.ports.stream}`, "--player", "stdout"],
    ], { readStdout: false });
    const heard = client.child.stdout.getReader();
    // It has begun, so that nothing of the song is missed.
    let bytes = (await heard.read()).value!;
    const cast = await runClient(["cast", "noise", "--to", "kitchen", ...at]);
    assert.equal(cast.code, 0, cast.stderr);
    // Before the song there is silence.
    const from = () => bytes.findIndex((it) => it !== 0) & ~3;
    while (from() < 0 || bytes.length < from() + pcm.length) {
      const { value, done } = await heard.read();
      assert.ok(!done, client.stderr);
      bytes = concat([bytes, value]);
    }
    await heard.cancel();
    assertBytes(bytes.subarray(from(), from() + pcm.length), pcm);
  },
});

Deno.test({
  name: "the first version plays a FLAC song, and is cast to and casts",
  ignore,
  async fn() {
    await using folder = await TempFolder.make();
    await using music = await TempFolder.make();
    const [one, two] = await makeAlbum(music);
    await using server = await TestServer.start(["--music", music.path]);
    await untilListed(server.ports.session, 2);
    const at = ["--server", server.address];
    const file = folder.file("heard.wav");
    await using played = first!.client([
      ...["play", "0.flac", "--player", `file:${file}`, ...at],
    ]);
    assertBytes(await heardBy(played, file), one);
    const cast = folder.file("cast.wav");
    await using receiver = first!.client([
      ...["receive", "--name", "old", "--json", "--player", `file:${cast}`],
      ...at,
    ]);
    await receiver.printed(/"waiting"/);
    const isCast = await runClient(["cast", "1", "--to", "old", ...at]);
    assert.equal(isCast.code, 0, isCast.stderr);
    await receiver.printed(/"event":"end"/);
    assertBytes((await Deno.readFile(cast)).subarray(44), two);
    await using room = startClient([
      ...["receive", "--name", "new", "--json", "--player", "null:fast", ...at],
    ]);
    await room.printed(/"waiting"/);
    await using caster = first!.client(["cast", "0", "--to", "new", ...at]);
    assert.equal((await caster.ended()).code, 0, caster.stderr);
    await room.printed(/"event":"end"/);
  },
});
