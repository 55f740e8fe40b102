import assert from "node:assert/strict";
import { FfmpegUse } from "../../../lib/io/songs/ffmpeg_use.ts";
import { lacks } from "../../support/coded_songs.ts";
import { TempFolder } from "../../support/programs.ts";

Deno.test({
  name: "a folder for what ffmpeg decodes that cannot be opened is tried again",
  ignore: lacks("ffmpeg"),
  async fn() {
    await using folder = await TempFolder.make();
    const data = folder.file("data");
    await Deno.writeTextFile(data, "");
    const use = new FfmpegUse(data, 1e9, 0);
    await assert.rejects(use.both(), {
      code: "internal",
      message: /^Cannot keep what ffmpeg decodes: [^/]*$/,
    });
    await Deno.remove(data);
    const [ffmpeg, kept] = await use.both();
    assert.ok(ffmpeg && kept);
    use.close();
  },
});
