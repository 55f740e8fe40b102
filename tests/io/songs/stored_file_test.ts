import assert from "node:assert/strict";
import { SongFolder } from "../../../lib/io/songs/song_folder.ts";
import { StoredFile } from "../../../lib/io/songs/stored_file.ts";
import { TempFolder } from "../../support/programs.ts";

/** A folder with a file of 1,000 bytes, opened. */
async function opened() {
  const temp = await TempFolder.make();
  const path = temp.file("a.wav");
  await Deno.writeFile(path, new Uint8Array(1000).fill(1));
  const folder = await SongFolder.open(temp.path);
  const file = await StoredFile.open(folder, "a.wav");
  return {
    folder,
    path,
    file,
    async [Symbol.asyncDispose]() {
      file.close();
      await temp[Symbol.asyncDispose]();
    },
  };
}

const CHANGES: [what: string, change: (path: string) => Promise<void>][] = [
  ["truncated", (path) => Deno.truncate(path, 10)],
  ["longer", (path) => append(path, 1)],
  ["modified", (path) => Deno.utime(path, 1, 1)],
];

for (const [what, change] of CHANGES) {
  Deno.test(`a stored file that is ${what} is no longer read, and has another etag`, async () => {
    await using it = await opened();
    const buffer = new Uint8Array(100);
    await it.file.read(buffer, 900);
    await change(it.path);
    await assert.rejects(it.file.read(buffer, 900), { code: "changed" });
    const next = await StoredFile.open(it.folder, "a.wav");
    next.close();
    assert.notEqual(next.etag, it.file.etag);
  });
}

Deno.test("a stored file has the same etag each time it is opened", async () => {
  await using it = await opened();
  const again = await StoredFile.open(it.folder, "a.wav");
  again.close();
  assert.equal(again.etag, it.file.etag);
});

Deno.test({
  name: "a stored file is not opened outside the song folder",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using outside = await opened();
    await using it = await opened();
    await Deno.remove(it.path);
    await Deno.symlink(outside.path, it.path);
    await assert.rejects(StoredFile.open(it.folder, "a.wav"), {
      code: "bad-name",
    });
  },
});

async function append(path: string, bytes: number): Promise<void> {
  await Deno.writeFile(path, new Uint8Array(bytes), { append: true });
}
