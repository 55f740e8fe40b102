import assert from "node:assert/strict";
import { dirname } from "@std/path";
import { FolderWalk } from "../../../lib/io/songs/folder_walk.ts";
import { LeftOut } from "../../../lib/io/songs/left_out.ts";
import { TempFolder } from "../../support/programs.ts";

const onWindows = Deno.build.os === "windows";
const onLinux = Deno.build.os === "linux";

/** A folder `music` of empty files and links. */
async function setUp(
  files: string[],
  links: Record<string, string> = {},
) {
  const temp = await TempFolder.make();
  for (const name of files) {
    await Deno.mkdir(dirname(temp.file(`music/${name}`)), { recursive: true });
    await Deno.writeFile(temp.file(`music/${name}`), new Uint8Array());
  }
  for (const [name, to] of Object.entries(links)) {
    await Deno.symlink(to, temp.file(`music/${name}`));
  }
  const root = await Deno.realPath(temp.file("music"));
  return {
    root,
    /** The songs found, and the files left out with their reasons. */
    async walk(known: string[] = []) {
      const leftOut: Record<string, string> = {};
      const found = await new FolderWalk(root, {
        skipped: (path, reason) => leftOut[path] = reason,
        known: known.map((name) => ({ name })),
      }, { next: () => null }).songs();
      const songs = Array.from({ length: found.size }, (_, i) => found.at(i));
      return {
        names: songs.map(({ name }) => name).sort(),
        plain: songs.filter((song) => song.isPlain).map(({ name }) => name)
          .sort(),
        leftOut,
      };
    },
    [Symbol.asyncDispose]: () => temp[Symbol.asyncDispose](),
  };
}

Deno.test({
  name: "songs() finds songs of any name that the file system stores",
  ignore: onWindows,
  async fn() {
    const files = [
      ...["Who Are You?.wav", "Live: London.wav", 'The "Best".wav', "<3.wav"],
      ...["A*Teens.wav", "a|b.wav", "back\\slash.wav", "Con.wav", "aux/x.wav"],
      ...["R.E.M./Losing.wav", "Vol. 1./a.wav", "trail .wav", "trail /x.wav"],
      ...["...Baby One More Time.wav", "UPPER.WAV", "Wave.Wave", " .wav"],
      ...["Cafe\u0301.wav", "日本語.wav", "emoji 🎵🎶.wav", "a\u200bb.wav"],
      ...["dir.wav/in.wav", "\ufffd.wav", "192.0.2.7.wav"],
      ...[`${"n".repeat(251)}.wav`, `${"d/".repeat(15)}x.wav`],
      ...(onLinux ? ["case/Song.wav", "case/song.wav"] : []),
    ];
    await using folder = await setUp(files);
    const { names, plain, leftOut } = await folder.walk();
    assert.deepEqual(names, files.sort());
    assert.deepEqual(plain, names);
    assert.deepEqual(leftOut, {});
  },
});

Deno.test({
  name: "songs() skips hidden files silently, and reports a reason for others",
  ignore: onWindows,
  async fn() {
    await using folder = await setUp([
      ...["._plain.wav", ".hidden/in.wav", "notes.txt", "plain.wav"],
      ...["tab\tname.wav", "new\nline/a.wav", "rtl \u202eabc.wav", "a\nb.txt"],
      `${"d/".repeat(16)}x.wav`,
      `${"d/".repeat(20)}x.wav`,
    ]);
    const { names, leftOut } = await folder.walk();
    assert.deepEqual(names, ["plain.wav"]);
    const control = "it has a control or bidirectional character";
    assert.deepEqual(leftOut, {
      "tab\tname.wav": control,
      "new\nline": control,
      "rtl \u202eabc.wav": control,
      [Array(16).fill("d").join("/")]: "it lies deeper than 15 folders",
    });
  },
});

Deno.test({
  name: "songs() follows each link in the folder once, and no cycle",
  ignore: onWindows,
  async fn() {
    await using folder = await setUp([
      ...["a/one.wav", "a/b/two.wav", "c/three.wav", "plain.wav"],
      ...[".store/album/hidden.wav"],
    ], {
      "a.wav": "plain.wav",
      "album": ".store/album",
      "linked": "a",
      "twice": "a",
      "root": ".",
      "a/b/up": "..",
      "a/toC": "../c",
      "c/toA": "../a",
    });
    const { names, plain, leftOut } = await folder.walk();
    assert.deepEqual(plain, [
      ...["a/b/two.wav", "a/one.wav", "c/three.wav", "plain.wav"],
    ]);
    assert.deepEqual(names, [
      ...["a.wav", "a/b/two.wav", "a/one.wav", "a/toC/three.wav"],
      ...["album/hidden.wav", "c/three.wav", "linked/b/two.wav"],
      ...["linked/one.wav", "plain.wav"],
    ]);
    const circle = "it is a link to a folder that it lies in";
    const linked = "the link linked leads to the same folder";
    assert.deepEqual(leftOut, {
      root: circle,
      "a/b/up": circle,
      twice: linked,
      "c/toA": linked,
      "a/toC/toA": linked,
      "linked/b/up": circle,
      "linked/toC": "the link a/toC leads to the same folder",
    });
  },
});

Deno.test({
  name: "songs() bounds its work when links multiply at each level",
  ignore: onWindows,
  async fn() {
    const levels = Array.from({ length: 12 }, (_, i) => `${i}`);
    await using folder = await setUp(
      levels.map((level) => `${level}/song.wav`),
      Object.fromEntries(
        levels.slice(1).flatMap((level) =>
          ["x", "y", "z"].map((link) => [
            `${Number(level) - 1}/${link}`,
            `../${level}`,
          ])
        ),
      ),
    );
    const { names } = await folder.walk();
    assert.ok(names.length < 2 * levels.length, `${names.length} songs`);
  },
});

Deno.test({
  name: "songs() reports broken links, links that lead outside, and pipes",
  ignore: onWindows,
  async fn() {
    await using folder = await setUp(["plain.wav"], {
      "broken.wav": "nowhere.wav",
      "broken": "../nowhere",
      "out.wav": "../out.wav",
      "album": "../outside",
      "cover.jpg": "../out.wav",
      "device.wav": "/dev/zero",
    });
    await Deno.mkdir(`${folder.root}/../outside`);
    await Deno.writeFile(`${folder.root}/../out.wav`, new Uint8Array());
    await new Deno.Command("mkfifo", { args: [`${folder.root}/pipe.wav`] })
      .output();
    const { names, leftOut } = await folder.walk();
    assert.deepEqual(names, ["plain.wav"]);
    const outside = "it is a link that leads outside the song folder";
    assert.deepEqual(leftOut, {
      "broken.wav": "it is a link to nothing",
      "broken": "it is a link to nothing",
      "out.wav": outside,
      "album": outside,
      "device.wav": outside,
      "pipe.wav": "it is a device, pipe or socket, not a file",
    });
  },
});

Deno.test({
  name: "songs() reports files and folders whose names are not UTF-8",
  ignore: !onLinux,
  async fn() {
    await using folder = await setUp(["plain.wav", "\ufffd.wav"]);
    const made = await new Deno.Command("python3", {
      args: [
        "-c",
        'import os,sys\nr=os.fsencode(sys.argv[1])\nopen(r+b"/Bj\\xf6rk.wav","w")\nopen(r+b"/Bj\\xf6rk.txt","w")\nos.mkdir(r+b"/Mot\\xf6rhead")',
        folder.root,
      ],
    }).output().catch(() => null);
    if (!made?.success) return; // without Python or such names
    const { names, leftOut } = await folder.walk();
    assert.deepEqual(names, ["plain.wav", "\ufffd.wav"]);
    if (Deno.version.deno < "2.9") return; // which skips them
    assert.deepEqual(leftOut, {
      "Bj\ufffdrk.wav": "its name is not UTF-8",
      "Mot\ufffdrhead": "its name is not UTF-8",
    });
  },
});

Deno.test("songs() keeps the known songs of folders that temporarily cannot be listed", async () => {
  await using folder = await setUp(["a.wav", "below/b.wav", "gone/x/c.wav"]);
  const { readDir } = Deno;
  Deno.readDir = (path) => {
    if (/below$/.test(String(path))) throw new Error("Too many (os error 24)");
    if (/gone.x$/.test(String(path))) throw new Deno.errors.PermissionDenied();
    return readDir(path);
  };
  try {
    const known = ["below/b.wav", "below/deep/b.wav", "gone/x/c.wav", "z.wav"];
    const { names, leftOut } = await folder.walk(known);
    assert.deepEqual(names, ["a.wav", "below/b.wav", "below/deep/b.wav"]);
    assert.deepEqual(leftOut, {
      "below": "Too many",
      "gone/x": "no permission to read it",
    });
  } finally {
    Deno.readDir = readDir;
  }
});

Deno.test("note() reports each file once while scans keep skipping it", () => {
  const reported: string[] = [];
  const leftOut = new LeftOut((path, reason) =>
    reported.push(`${path}: ${reason}`)
  );
  const look = (...notes: [string, string][]) => {
    leftOut.begin();
    for (const note of notes) leftOut.note(...note);
    leftOut.end();
    return reported.splice(0);
  };
  assert.deepEqual(look(["a", "x"], ["b", "x"]), ["a: x", "b: x"]);
  assert.deepEqual(look(["a", "x"], ["b", "y"]), ["b: y"]);
  assert.deepEqual(look(["b", "y"]), []);
  assert.deepEqual(look(["a", "x"], ["b", "y"]), ["a: x"]);
});
