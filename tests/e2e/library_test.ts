import assert from "node:assert/strict";
import { join } from "@std/path";
import { ascii, chunk, fmt, riff } from "../audio/fixtures/riff.ts";
import { runClient, TempFolder, TestServer } from "../support/programs.ts";

/** A WAV of 100 ms with tags. */
function tagged(texts: Record<string, string>): Uint8Array {
  const info = Object.entries(texts).flatMap(([id, text]) =>
    chunk(id, [...ascii(text), 0])
  );
  const pcm = chunk("data", Array(17_640).fill(1));
  return riff([fmt(), pcm, chunk("LIST", [...ascii("INFO"), ...info])]);
}

async function musicFolder(folder: string): Promise<void> {
  await Deno.mkdir(join(folder, "box/CD 2"), { recursive: true });
  const songs: Record<string, Record<string, string>> = {
    "box/10.wav": { INAM: "Ten", IART: "Bach", IPRD: "Box", ITRK: "10" },
    "box/9.wav": { INAM: "Nine", IART: "Gould", IPRD: "Box", ITRK: "9" },
    "box/CD 2/1.wav": { INAM: "Last", IART: "Bach", IPRD: "Box", ITRK: "1" },
    "loose.wav": { IART: "Bach" },
  };
  for (const [name, texts] of Object.entries(songs)) {
    await Deno.writeFile(join(folder, name), tagged(texts));
  }
  await Deno.writeTextFile(
    join(folder, "mix.m3u"),
    "loose.wav\nbox/9.wav\nx\n",
  );
}

Deno.test("albums, artists and playlists are listed, selected, played and removed", async () => {
  await using folder = await TempFolder.make();
  await musicFolder(folder.path);
  await using server = await TestServer.start(["--music", folder.path]);
  const run = async (...words: string[]) => {
    const at = ["--server", server.address, "--no-cache"];
    return await runClient([...words, ...at]);
  };
  const json = async (...words: string[]) =>
    JSON.parse((await run(...words, "--json")).stdout);
  const names = async (text: string) =>
    (await json("list", text)).map(({ name }: { name: string }) => name);

  const [album] = await json("albums");
  assert.deepEqual(
    [album.album, album.artist, album.songs],
    ["Box", "Various artists", 3],
  );
  const { stdout } = await run("albums", "box");
  assert.match(
    stdout,
    /^Box {2}Various artists .*3 songs .*album:[0-9a-f]+\n$/,
  );
  assert.match((await run("artists")).stdout, /^Bach {3}1 album {2}3 songs\n/);
  assert.deepEqual(await json("playlists"), [
    { name: "mix.m3u", songs: 2, missing: 1 },
  ]);
  const box = ["box/9.wav", "box/10.wav", "box/CD 2/1.wav"];
  assert.deepEqual(await names("album:box"), box);
  assert.deepEqual(await names(`album:${album.key}`), box);
  assert.deepEqual(await names("playlist:mix"), ["loose.wav", "box/9.wav"]);
  assert.deepEqual(await names("box/"), box);
  assert.deepEqual(await names("gould"), ["box/9.wav"]);

  const played = await run("play", "album:Box", "--player", "null:fast");
  assert.deepEqual(
    [...played.stdout.matchAll(/^playing (\S.*) \(/gm)].map(([, name]) => name),
    box,
  );
  assert.match(played.stdout, /^ {2}Nine - Gould - Box$/m);

  const missing = await run("play", "album:nothing");
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /\(not-found\)$/m);

  assert.equal(
    (await run("remove", "artist:gould")).stdout,
    "removed box/9.wav\n",
  );
  assert.deepEqual(await names("album:box"), box.slice(1));
  assert.equal(
    (await run("restore", "box/9.wav")).stdout,
    "restored box/9.wav\n",
  );
  assert.deepEqual(await names("album:box"), box);

  assert.equal(
    (await run("rename", "BOX/9", "box/Nine")).stdout,
    "renamed BOX/9 to box/Nine.wav\n",
  );
  assert.deepEqual(await names("gould"), ["box/Nine.wav"]);
  const taken = await run("rename", "box/Nine", "loose");
  assert.match(taken.stderr, /there is a song of that name.*\(exists\)$/m);
});
