import assert from "node:assert/strict";
import { join } from "@std/path";
import { SongFiles } from "../../../lib/io/songs/song_files.ts";
import { noise, PHONE, wavFile } from "../../support/memory_songs.ts";
import { openScanned } from "../../support/scanned_folder.ts";

const LIMITS = { maxUploadBytes: 1e9, minFreeBytes: 0, maxSongs: 1000 };
const DAY_MS = 24 * 3_600_000;

async function setUp(...names: string[]) {
  const folder = await Deno.makeTempDir();
  const write = async (name: string, seed = 1) => {
    await Deno.mkdir(join(folder, name, ".."), { recursive: true });
    await Deno.writeFile(
      join(folder, name),
      wavFile(PHONE, noise(98 + 2 * seed)),
    );
  };
  for (const name of names) await write(name);
  const files = await openScanned(folder, LIMITS);
  return {
    ...{ folder, files, write },
    remove: async (name: string) =>
      await files.remove(name, files.find(name)!.etag),
    async [Symbol.asyncDispose]() {
      files.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

function names(files: SongFiles): string[] {
  return Array.from(files.list(), ({ name }) => name);
}

Deno.test("a removed song is hidden, and restored with its etag", async () => {
  await using world = await setUp("live/a.wav", "b.wav");
  const { files, folder, remove } = world;
  const song = files.find("live/a.wav")!;
  assert.equal(await remove("LIVE/a"), "live/a.wav");
  assert.deepEqual(names(files), ["b.wav"]);
  await files.rescan();
  assert.deepEqual(names(files), ["b.wav"]);
  await Deno.stat(join(folder, ".removed/live/a.wav"));
  const back = await files.restore("live/a.wav");
  assert.deepEqual([back.etag, back.added], [song.etag, song.added]);
  await files.rescan();
  assert.deepEqual(names(files), ["b.wav", "live/a.wav"]);
  await assert.rejects(Deno.stat(join(folder, ".removed")));
});

Deno.test("remove() throws for another etag, and for a missing song", async () => {
  await using world = await setUp("a.wav");
  const { files } = world;
  await assert.rejects(files.remove("a.wav", "x"), { code: "changed" });
  await assert.rejects(files.remove("b.wav", "x"), { code: "not-found" });
  const { etag } = files.find("a")!;
  await Deno.writeFile(join(world.folder, "a.wav"), wavFile(PHONE, noise(90)));
  await assert.rejects(files.remove("a.wav", etag), { code: "changed" });
  assert.deepEqual(names(files), ["a.wav"]);
});

Deno.test("songs removed under the same name are restored, the latest first", async () => {
  await using world = await setUp("a.wav");
  const { files, remove, write } = world;
  for (const seed of [2, 3]) {
    await remove("a.wav");
    await write("a.wav", seed);
    await files.rescan();
  }
  await assert.rejects(files.restore("a.wav"), { code: "exists" });
  const etag = files.find("a.wav")!.etag;
  await remove("a.wav");
  assert.equal((await files.restore("a.wav")).etag, etag);
  await Deno.remove(join(world.folder, "a.wav"));
  const content = async () => {
    await files.restore("a.wav");
    const bytes = await Deno.readFile(join(world.folder, "a.wav"));
    await Deno.remove(join(world.folder, "a.wav"));
    return bytes;
  };
  assert.deepEqual(await content(), wavFile(PHONE, noise(102)));
  assert.deepEqual(await content(), wavFile(PHONE, noise(100)));
  await assert.rejects(files.restore("a.wav"), { code: "not-found" });
});

Deno.test("restore() reads no file except removed ones", async () => {
  await using world = await setUp("a.wav");
  const { files } = world;
  await world.remove("a.wav");
  for (const name of ["../a.wav", "/a.wav", "x/../a.wav"]) {
    await assert.rejects(files.restore(name), { code: "bad-name" });
  }
  await assert.rejects(files.restore("A.wav"), { code: "not-found" });
  await assert.rejects(files.restore("a"), { code: "not-found" });
});

Deno.test(
  "a link is not removed, and no file is moved through a link out of the folder",
  {
    ignore: Deno.build.os === "windows",
  },
  async () => {
    await using world = await setUp("a.wav");
    const { files, folder } = world;
    const outside = await Deno.makeTempDir();
    await Deno.symlink(join(folder, "a.wav"), join(folder, "b.wav"));
    await files.rescan();
    await assert.rejects(world.remove("b.wav"), { code: "unsupported" });
    await Deno.symlink(outside, join(folder, ".removed"));
    await assert.rejects(world.remove("a.wav"), { code: "bad-name" });
    assert.deepEqual(await Array.fromAsync(Deno.readDir(outside)), []);
    const other = join(outside, "other");
    await Deno.writeTextFile(other, "");
    await world.files.expireRemoved(-DAY_MS);
    await Deno.stat(other);
    await Deno.remove(outside, { recursive: true });
  },
);

Deno.test("removed songs are deleted after their retention time", {
  ignore: Deno.build.os === "windows",
}, async () => {
  await using world = await setUp("x/a.wav", "b.wav");
  const { files, folder } = world;
  await world.remove("x/a.wav");
  await files.expireRemoved(DAY_MS);
  await Deno.stat(join(folder, ".removed/x/a.wav"));
  await files.expireRemoved(-DAY_MS);
  await assert.rejects(Deno.stat(join(folder, ".removed")));
  assert.deepEqual(names(files), ["b.wav"]);
});
