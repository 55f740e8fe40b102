import assert from "node:assert/strict";
import { concat } from "@std/bytes/concat";
import { readKeyOf } from "../../lib/server/read_key.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { CD, noise, wavFile } from "../support/memory_songs.ts";
import { hasProgram, TempFolder, TestServer } from "../support/programs.ts";

Deno.test({
  name:
    "mpv plays the songs of a list by its read key, each to its last sample",
  ignore: !hasProgram("mpv", "--version"),
  async fn() {
    await using folder = await TempFolder.make();
    const songs = [noise(40_000), noise(60_000)];
    const music = folder.file("music");
    await Deno.mkdir(music);
    // Names that an address must escape.
    for (const [index, name] of ["1 #&?.wav", "2 é%20+.wav"].entries()) {
      await Deno.writeFile(`${music}/${name}`, wavFile(CD, songs[index]));
    }
    await using server = await TestServer.start([
      ...["--music", music, "--token", "sécret"],
    ]);
    const address = `http://127.0.0.1:${server.ports.http}/songs.m3u8?key=${
      readKeyOf("sécret")
    }`;
    const file = folder.file("heard.pcm");
    const { code, stdout } = await new Deno.Command("mpv", {
      args: [
        ...["--no-config", "--no-video", "--ao=pcm", "--ao-pcm-waveheader=no"],
        ...[`--ao-pcm-file=${file}`, address],
      ],
    }).output();
    assert.equal(code, 0, new TextDecoder().decode(stdout));
    assertBytes(await Deno.readFile(file), concat(songs));
  },
});
