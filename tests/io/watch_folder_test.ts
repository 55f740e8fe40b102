import assert from "node:assert/strict";
import { temporaryName } from "../../lib/io/temporary_name.ts";
import { watchFolder } from "../../lib/io/watch_folder.ts";
import { TempFolder } from "../support/programs.ts";

Deno.test({
  name: "watchFolder() tells of a song, and not of what is being uploaded",
  ignore: Deno.build.os !== "linux", // others tell of the folder itself as well
  async fn() {
    await using folder = await TempFolder.make();
    const ending = new AbortController();
    let looks = 0;
    const changed = Promise.withResolvers<void>();
    const watching = watchFolder(folder.path, () => {
      looks++;
      changed.resolve();
      return Promise.resolve();
    }, ending.signal);
    for (let i = 0; i < 3; i++) {
      const path = folder.file(temporaryName());
      await Deno.writeTextFile(path, "half a song");
      await Deno.remove(path);
    }
    await Deno.writeTextFile(folder.file("a.wav"), "a song");
    await changed.promise;
    assert.equal(looks, 1);
    ending.abort();
    await watching;
  },
});
