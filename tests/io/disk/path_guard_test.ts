import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import { wavHeader } from "../../../lib/audio/wav_writer.ts";
import { isInside, PathGuard } from "../../../lib/io/disk/path_guard.ts";
import { SongFiles } from "../../../lib/io/songs/song_files.ts";
import { sha256Hex } from "../../support/memory_songs.ts";
import { TempFolder } from "../../support/programs.ts";
import { openScanned } from "../../support/scanned_folder.ts";

const LIMITS = { maxUploadBytes: 1 << 20, minFreeBytes: 0, maxSongs: 1000 };
const needsLinks = {
  ignore: Deno.build.os === "windows", // where creating links needs a privilege
};

/** A different song for each number. */
function wav(fill: number): Uint8Array {
  const header = wavHeader(
    { encoding: "s16le", rate: 8000, channels: 1, bits: 16 },
    400,
  );
  const file = new Uint8Array(header.length + 400).fill(fill);
  file.set(header);
  return file;
}

/** A song folder, and next to it a folder that must stay unreachable. */
async function setUp(songs: string[] = []) {
  const temp = await TempFolder.make();
  const music = temp.file("music");
  const secret = temp.file("secret");
  await Deno.mkdir(join(music, "sub"), { recursive: true });
  await Deno.mkdir(secret);
  await Deno.writeFile(join(secret, "a.wav"), wav(66));
  for (const name of songs) await Deno.writeFile(join(music, name), wav(1));
  const open = () => openScanned(music, LIMITS);
  return {
    ...{ temp, music, secret, open },
    /** Creates a link in the song folder to the other folder, or into it. */
    link: (name: string, to = "") =>
      Deno.symlink(join(secret, to), join(music, name)),
    /** Replaces a folder by a link to the other folder. */
    async swap(name: string) {
      await Deno.rename(join(music, name), temp.file("away"));
      await Deno.symlink(secret, join(music, name));
    },
    /** Asserts that the other folder is unchanged. */
    async isUntouched() {
      const names = [...Deno.readDirSync(secret)].map(({ name }) => name);
      assert.deepEqual(names, ["a.wav"]);
      assert.deepEqual(await Deno.readFile(join(secret, "a.wav")), wav(66));
      const beside = [...Deno.readDirSync(temp.path)].map(({ name }) => name);
      assert.deepEqual(
        beside.filter((name) => name !== "away").sort(),
        ["music", "secret"],
      );
    },
    [Symbol.asyncDispose]: () => temp[Symbol.asyncDispose](),
  };
}

/** Uploads a song. @returns Its name, or the code of the error. */
async function upload(
  files: SongFiles,
  name: string,
  { replace = false, before = () => Promise.resolve(), bytes = wav(2) } = {},
): Promise<string> {
  try {
    const writer = await files.create(name, { replace });
    try {
      await writer.write(bytes);
      await before();
      const sha256 = sha256Hex(bytes);
      return (await writer.store({ bytes: bytes.length, sha256 })).name;
    } catch (error) {
      await writer.abandon();
      throw error;
    }
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    assert.doesNotMatch(message, /ondacast-|\/tmp/, "it tells a path");
    return code;
  }
}

Deno.test("isInside() is true only of paths below the folder", () => {
  const root = Deno.build.os === "windows" ? "C:\\music" : "/music";
  const table: [path: string[], inside: boolean][] = [
    [["a.wav"], true],
    [["sub", "a.wav"], true],
    [["..a.wav"], true],
    [["...", "a.wav"], true],
    [[""], false],
    [["."], false],
    [[".."], false],
    [["..", "music2", "a.wav"], false],
    [["sub", "..", "..", "a.wav"], false],
  ];
  for (const [parts, inside] of table) {
    assert.equal(isInside(root, join(root, ...parts)), inside, parts.join("/"));
  }
  assert.equal(isInside(root, `${root}2`), false);
});

const BAD_NAMES = [
  ...["../a.wav", "..", "sub/../../a.wav", "sub/..", "./a.wav", "sub/./a.wav"],
  ...["/etc/passwd", "/a.wav", "//host/a.wav", "sub//a.wav", "", "/"],
  ...["..\\a.wav", "sub\\a.wav", "C:\\a.wav", "C:/a.wav", "C:a.wav"],
  ...["\\\\host\\share\\a.wav", "\\\\?\\C:\\a.wav", "a.wav:stream"],
  ...["CON", "con.wav", "sub/NUL.wav", "aux.txt.wav", "COM1.wav", "lpt¹.wav"],
  ...["sub /a.wav", "sub./a.wav", "a?.wav", "a*.wav", "a|b.wav", '"a".wav'],
  ...["a\0.wav", "a\n.wav", "\u009b.wav", "\ud800.wav", "..%00/../a\0.wav"],
  ...[".a.wav", ".sub/a.wav", "sub/.a.wav", `${"a".repeat(252)}.wav`],
  ...[`${"a/".repeat(16)}a.wav`, "..", ".wav", "sub/.wav", "\u200b.wav"],
  ...["192.0.2.7", "0123456789abcdef01234567", "a\u202e.wav", "\u3164"],
];

Deno.test("create() throws bad-name for every name that leads outside, and creates no file", async () => {
  await using world = await setUp();
  const files = await world.open();
  for (const name of BAD_NAMES) {
    assert.equal(await upload(files, name), "bad-name", JSON.stringify(name));
    assert.equal(files.size, 0);
  }
  await world.isUntouched();
  const left = [...Deno.readDirSync(world.music)].map(({ name }) => name);
  assert.deepEqual(left, ["sub"]);
});

Deno.test("create() accepts the longest valid names", async () => {
  await using world = await setUp();
  const files = await world.open();
  const part = `${"é".repeat(125)}x.wav`; // 255 bytes
  assert.equal(await upload(files, part), part);
  assert.equal(await upload(files, `y${part}`), "bad-name");
  if (Deno.build.os !== "linux") return; // Whole paths are shorter elsewhere.
  const deep = `${"a".repeat(200)}/`.repeat(15) + `${"c".repeat(251)}.wav`;
  assert.equal(await upload(files, deep), deep);
  assert.equal(await upload(files, `a/${deep}`), "bad-name");
  const tooLong = `${"a".repeat(255)}/`.repeat(15) + `${"c".repeat(251)}.wav`;
  assert.equal(await upload(files, tooLong), "bad-name");
  const left = [...Deno.readDirSync(world.music)].map(({ name }) => name);
  assert.deepEqual(left.sort(), ["a".repeat(200), "sub", part].sort());
});

Deno.test(
  "songs behind links that lead outside do not exist",
  needsLinks,
  async () => {
    await using world = await setUp(["b.wav"]);
    await world.link("file.wav", "a.wav");
    await world.link("folder");
    await world.link("gone.wav", "nothing.wav");
    await Deno.symlink("../secret/a.wav", join(world.music, "relative.wav"));
    await Deno.symlink("file.wav", join(world.music, "twice.wav"));
    await Deno.symlink("loop.wav", join(world.music, "loop.wav"));
    await Deno.symlink("b.wav", join(world.music, "inside.wav"));
    const files = await world.open();
    const names = Array.from(files.list(), ({ name }) => name);
    assert.deepEqual(names, ["b.wav", "inside.wav"]);
  },
);

Deno.test(
  "a song whose file becomes a link that leads outside is neither played nor hashed",
  needsLinks,
  async () => {
    await using world = await setUp(["b.wav"]);
    const files = await world.open();
    const entry = files.find("b")!;
    await Deno.remove(join(world.music, "b.wav"));
    await world.link("b.wav", "a.wav");
    await assert.rejects(files.open(entry), { code: "not-found" });
    files.wantHash(entry);
    await files.hashed;
    assert.equal(files.find("b")?.sha256, undefined);
    await files.rescan();
    assert.equal(files.find("b"), undefined);
  },
);

Deno.test(
  "create() refuses a folder that is a link, or below one, and creates no file outside",
  needsLinks,
  async () => {
    await using world = await setUp();
    await world.link("folder");
    const files = await world.open();
    for (const name of ["folder/new.wav", "folder/x/y/new.wav"]) {
      assert.equal(await upload(files, name), "bad-name");
    }
    await world.isUntouched();
  },
);

Deno.test(
  "store() replaces a link, never its target",
  needsLinks,
  async () => {
    await using world = await setUp();
    await world.link("a.wav", "a.wav");
    await world.link("new.wav", "new.wav");
    const files = await world.open();
    for (const name of ["a.wav", "new.wav"]) {
      assert.equal(await upload(files, name), "exists");
      assert.equal(await upload(files, name, { replace: true }), name);
      assert.ok((await Deno.lstat(join(world.music, name))).isFile);
    }
    await world.isUntouched();
  },
);

Deno.test(
  "store() writes no file outside when the song's folder has become a link",
  needsLinks,
  async () => {
    await using world = await setUp();
    const files = await world.open();
    const before = () => world.swap("sub");
    assert.equal(await upload(files, "sub/new.wav", { before }), "internal");
    await world.isUntouched();
  },
);

/** Calls a function right after the n-th answer of `Deno.realPath`. */
function afterLook(nth: number, act: () => Promise<void>): Disposable {
  const { realPath } = Deno;
  let looks = 0;
  Deno.realPath = async (path) => {
    const real = await realPath(path);
    if (++looks === nth) await act();
    return real;
  };
  return { [Symbol.dispose]: () => void (Deno.realPath = realPath) };
}

Deno.test(
  "create() writes no file outside when the folder becomes a link between check and use",
  needsLinks,
  async () => {
    await using world = await setUp();
    const files = await world.open();
    using _ = afterLook(1, () => world.swap("sub"));
    assert.equal(await upload(files, "sub/new.wav"), "bad-name");
    await world.isUntouched();
  },
);

Deno.test(
  "open() opens no file outside when the folder becomes a link between check and use",
  needsLinks,
  async () => {
    await using world = await setUp(["sub/a.wav"]);
    const fence = new PathGuard(
      await Deno.realPath(world.music),
      "song folder",
    );
    const path = join(fence.root, "sub", "a.wav");
    (await fence.open(path, "sub/a.wav")).close();
    using _ = afterLook(1, () => world.swap("sub"));
    await assert.rejects(fence.open(path, "sub/a.wav"), { code: "bad-name" });
  },
);

Deno.test(
  "open() opens no file outside when the link is replaced again before the second check",
  needsLinks,
  async () => {
    await using world = await setUp(["sub/a.wav"]);
    const fence = new PathGuard(
      await Deno.realPath(world.music),
      "song folder",
    );
    const path = join(fence.root, "sub", "a.wav");
    const { open } = Deno;
    using _ = afterLook(1, () => world.swap("sub"));
    Deno.open = async (...args) => {
      const file = await open(...args);
      await Deno.remove(join(world.music, "sub"));
      await Deno.rename(world.temp.file("away"), join(world.music, "sub"));
      return file;
    };
    try {
      await assert.rejects(fence.open(path, "sub/a.wav"), { code: "changed" });
    } finally {
      Deno.open = open;
    }
  },
);

Deno.test("create() treats names that differ only in case or normal form as equal", async () => {
  await using world = await setUp(["Ku\u0308che.wav"]); // as macOS writes it
  const files = await world.open();
  for (const name of ["K\u00fcche.wav", "k\u00fcche", "KU\u0308CHE.WAV"]) {
    assert.equal(await upload(files, name), "exists");
    const stored = await upload(files, name, { replace: true });
    assert.equal(stored, "Ku\u0308che.wav");
  }
  assert.equal(files.size, 1);
});

Deno.test({
  name: "create() replaces the twin of the exact name, and stores no third",
  ignore: Deno.build.os !== "linux", // the only system that can store both
  async fn() {
    await using world = await setUp(["Song.wav", "song.wav"]);
    const files = await world.open();
    for (const name of ["Song.wav", "song.wav", "SONG.wav"]) {
      assert.equal(await upload(files, name), "exists");
    }
    const replaced = await upload(files, "song.wav", { replace: true });
    assert.equal(replaced, "song.wav");
    const third = await upload(files, "SONG.wav", { replace: true });
    assert.equal(third, "ambiguous");
    assert.equal(files.size, 2);
  },
});

Deno.test("store() throws exists when the name belongs to anything but a listed song", async () => {
  await using world = await setUp(["b.wav"]);
  const files = await world.open();
  await Deno.mkdir(join(world.music, "folder.wav"));
  await Deno.writeFile(join(world.music, "new.wav"), wav(3));
  assert.equal(await upload(files, "folder.wav"), "exists");
  assert.equal(await upload(files, "folder.wav", { replace: true }), "exists");
  assert.equal(await upload(files, "new.wav"), "exists");
  assert.deepEqual(await Deno.readFile(join(world.music, "new.wav")), wav(3));
  assert.equal(await upload(files, "b.wav/in.wav"), "exists");
});

Deno.test("a refused upload leaves no folder behind", async () => {
  await using world = await setUp();
  const files = await world.open();
  const bytes = new Uint8Array(100);
  assert.equal(await upload(files, "x/y/z.wav", { bytes }), "not-wav");
  assert.equal(await upload(files, "sub/y/z.wav", { bytes }), "not-wav");
  await assert.rejects(
    files.create("x/z.wav", { replace: false, bytes: 1 << 21 }),
    { code: "too-large" },
  );
  const left = [...Deno.readDirSync(world.music)].map(({ name }) => name);
  assert.deepEqual(left, ["sub"]);
});

/** The modules that join paths, and the parts that they join. */
const JOINING: Record<string, string> = {
  "cache_files.ts": "random names of our own",
  "ffmpeg.ts": "a name of our own, in the folders of PATH",
  "ffmpeg_use.ts": "a name of our own",
  "group_database.ts": "a name of our own",
  "folder_walk.ts": "names that were found in the folder",
  "kept_device.ts": "a name of our own",
  "kept_id.ts": "names of our own",
  "kept_renditions.ts": "random names of our own",
  "known_servers_file.ts": "a name of our own",
  "old_cache.ts": "names that were found in the folder",
  "remembered_servers_file.ts": "a name of our own",
  "removed_songs.ts": "names that were found in its folder",
  "server_data.ts": "a hash, and names of our own",
  "new_place.ts": "names of songs, behind the guard",
  "song_folder.ts": "names of songs, behind the guard",
  "song_upload.ts": "a random name of our own, in a folder of the guard",
  "tls_identity.ts": "names of our own",
  "watch_folder.ts": "folders that were found, to be watched",
};

Deno.test("no other module of io or host builds paths", async () => {
  const joining: string[] = [];
  const look = async (folder: string) => {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const path = join(folder, name);
      if (isDirectory) await look(path);
      else if (
        /std\/path\/(join|resolve)"|node:path/.test(
          await Deno.readTextFile(path),
        )
      ) joining.push(name);
    }
  };
  for (const room of ["io", "host"]) {
    await look(fromFileUrl(new URL(`../../../lib/${room}`, import.meta.url)));
  }
  assert.deepEqual(joining.sort(), Object.keys(JOINING).sort());
});
