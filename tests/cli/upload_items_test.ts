import assert from "node:assert/strict";
import { join } from "@std/path/join";
import { uploadItems } from "../../lib/cli/upload_items.ts";

Deno.test("uploadItems() takes a name that ends with / for a folder", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const file = join(folder, "a.flac");
    await Deno.writeTextFile(file, "");
    for (
      const [path, as, song] of [
        [folder, "live", "live/a.flac"],
        [folder, "live/", "live/a.flac"],
        [file, "live/", "live/a.flac"],
        [file, "live/b.flac", "live/b.flac"],
        [join(folder, "missing.flac"), "live/", "live/missing.flac"],
      ]
    ) {
      const { items } = await uploadItems([path], as);
      assert.deepEqual(items.map((it) => it.song), [song]);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
