import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { OndacastError } from "../../../lib/errors.ts";
import { SongFiles } from "../../../lib/io/songs/song_files.ts";
import type { SongWriter, StoreOptions } from "../../../lib/ports/server.ts";
import { assertBytes } from "../../support/assert_bytes.ts";
import {
  noise,
  PHONE,
  sha256Hex,
  wavFile,
} from "../../support/memory_songs.ts";
import { TempFolder } from "../../support/programs.ts";
import { openScanned } from "../../support/scanned_folder.ts";

const LIMITS = { maxUploadBytes: 1 << 20, minFreeBytes: 0, maxSongs: 100 };
const CONTENTS = [1, 2, 3, 4].map((seed) => wavFile(PHONE, noise(5000, seed)));

async function setUp() {
  const folder = await TempFolder.make();
  return { folder, files: await openScanned(folder.path, LIMITS) };
}

/** An upload that is complete, but not stored yet. */
async function written(
  files: SongFiles,
  name: string,
  content: Uint8Array,
  options: StoreOptions = { replace: false },
): Promise<() => Promise<string>> {
  const writer = await files.create(name, options);
  await writer.write(content);
  return () => ended(writer, content);
}

/** Stores an upload. @returns Its name, or the code of the error. */
async function ended(
  writer: SongWriter,
  content: Uint8Array,
): Promise<string> {
  try {
    const sha256 = sha256Hex(content);
    return (await writer.store({ bytes: content.length, sha256 })).name;
  } catch (error) {
    await writer.abandon();
    return (error as OndacastError).code;
  }
}

/** The files of a folder, hidden ones too. */
function namesIn(folder: TempFolder): string[] {
  return [...Deno.readDirSync(folder.path)].map(({ name }) => name).sort();
}

const TWINS: Record<string, string[]> = {
  "of one name": ["a.wav", "a.wav", "a", "a.wav"],
  "of names that differ in case": ["a.wav", "A.wav", "a.WAV", "A.WAV"],
  "of names that differ in normal form": [
    ...["\u00e9.wav", "e\u0301.wav", "\u00c9.wav", "E\u0301.wav"],
  ],
  "of one new folder": ["x/y/a.wav", "x/y/A.wav", "x/y/a", "x/y/a.wav"],
};

for (const [what, names] of Object.entries(TWINS)) {
  Deno.test(`one of several concurrent uploads ${what} is stored, and the others fail with exists`, async () => {
    const { folder, files } = await setUp();
    await using _ = folder;
    const ends = await Promise.all(
      names.map((name, i) => written(files, name, CONTENTS[i])),
    );
    const results = await Promise.all(ends.map((end) => end()));
    assert.equal(results.filter((it) => it === "exists").length, 3);
    const [stored] = results.filter((it) => it !== "exists");
    assertBytes(
      await Deno.readFile(folder.file(stored)),
      CONTENTS[results.indexOf(stored)],
    );
    assert.equal(files.size, 1);
    assert.equal(namesIn(folder).length, 1);
  });
}

Deno.test("an upload does not replace a file that was copied into the folder", async () => {
  const { folder, files } = await setUp();
  await using _ = folder;
  for (const [copied, uploaded] of [["a.wav", "a"], ["B.wav", "b.wav"]]) {
    const end = await written(files, uploaded, CONTENTS[0]);
    await Deno.writeFile(folder.file(copied), CONTENTS[1]);
    assert.equal(await end(), "exists", copied);
    assertBytes(await Deno.readFile(folder.file(copied)), CONTENTS[1]);
  }
  assert.deepEqual(namesIn(folder), ["B.wav", "a.wav"]);
});

Deno.test("the permission to replace is checked again when the song was stored in the meantime", async () => {
  const { folder, files } = await setUp();
  await using _ = folder;
  let asked = 0;
  const options: StoreOptions = {
    replace: true,
    mayReplace() {
      asked++;
      throw new OndacastError("read-only", "Cannot replace it");
    },
  };
  // The name is free, so no permission is checked; then another stores it.
  const ends = [
    await written(files, "a", CONTENTS[0], options),
    await written(files, "a", CONTENTS[1]),
    await written(files, "A", CONTENTS[2], options),
  ];
  assert.equal(asked, 0);
  assert.equal(await ends[1](), "a.wav");
  assert.deepEqual([await ends[0](), await ends[2]()], [
    ...["read-only", "read-only"],
  ]);
  assert.equal(asked, 2);
  // The same for a copied file that no scan has seen yet.
  const last = await written(files, "b", CONTENTS[0], options);
  await Deno.writeFile(folder.file("b.wav"), CONTENTS[3]);
  assert.equal(await last(), "read-only");
  assertBytes(await Deno.readFile(folder.file("a.wav")), CONTENTS[1]);
  assertBytes(await Deno.readFile(folder.file("b.wav")), CONTENTS[3]);
  assert.deepEqual(namesIn(folder), ["a.wav", "b.wav"]);
});

Deno.test("uploads and renames take a folder that is there in another case or normal form", async () => {
  const { folder, files } = await setUp();
  await using _ = folder;
  const store = async (name: string) =>
    (await written(files, name, CONTENTS[0]))();
  assert.equal(await store("Jazz/\u00e9/a"), "Jazz/\u00e9/a.wav");
  assert.equal(await store("JAZZ/E\u0301/b"), "Jazz/\u00e9/b.wav");
  // Both begin before there is a folder.
  const [one, other] = [
    await written(files, "new/a", CONTENTS[0]),
    await written(files, "New/b", CONTENTS[0]),
  ];
  assert.equal(await one(), "new/a.wav");
  assert.equal(await other(), "new/b.wav");
  const moved = await files.rename("new/a", "jazz/c");
  assert.equal(moved.name, "Jazz/c.wav");
  const same = await files.rename("Jazz/c", "jazz/c");
  assert.equal(same.name, "Jazz/c.wav");
  assert.deepEqual(Array.from(files.list(), ({ name }) => name), [
    ...["Jazz/c.wav", "Jazz/\u00e9/a.wav", "Jazz/\u00e9/b.wav", "new/b.wav"],
  ]);
  assert.deepEqual(namesIn(folder), ["Jazz", "new"]);
});

Deno.test("an upload of identical content keeps the etag and the running streams", async () => {
  const { folder, files } = await setUp();
  await using _ = folder;
  await (await written(files, "a", CONTENTS[0]))();
  const { etag } = files.find("a")!;
  await files.probeNew(
    { now: () => 0, sleep: () => Promise.resolve() },
    new AbortController().signal,
  );
  const song = await files.open(files.find("a")!);
  const again = { replace: true };
  await (await written(files, "a", CONTENTS[0], again))();
  assert.equal(files.find("a")!.etag, etag);
  await song.read(new Uint8Array(5044), 0);
  await (await written(files, "a", CONTENTS[1], again))();
  assert.notEqual(files.find("a")!.etag, etag);
  song.close();
});

Deno.test("songs are stored without hard links too, and never replace another file", async () => {
  const { folder, files } = await setUp();
  await using _ = folder;
  const { link } = Deno;
  Deno.link = () => Promise.reject(new Deno.errors.NotSupported());
  try {
    const ends = await Promise.all([
      written(files, "a", CONTENTS[0]),
      written(files, "b", CONTENTS[1]),
    ]);
    await Deno.writeFile(folder.file("b.wav"), CONTENTS[2]);
    assert.deepEqual(await Promise.all(ends.map((end) => end())), [
      ...["a.wav", "exists"],
    ]);
    assertBytes(await Deno.readFile(folder.file("a.wav")), CONTENTS[0]);
    assertBytes(await Deno.readFile(folder.file("b.wav")), CONTENTS[2]);
    assert.deepEqual(namesIn(folder), ["a.wav", "b.wav"]);
  } finally {
    Deno.link = link;
  }
});

Deno.test("a refused or abandoned upload leaves no file in the folder", async () => {
  const { folder, files } = await setUp();
  await using _ = folder;
  await (await written(files, "a", CONTENTS[0]))();
  const before = namesIn(folder);
  const events: string[] = [];
  using watcher = Deno.watchFs(folder.path);
  const watching = (async () => {
    for await (const { kind, paths } of watcher) {
      if (kind === "access") continue;
      events.push(...paths.filter((path) => !path.endsWith(".part")));
      if (paths.some((path) => path.endsWith("end"))) return;
    }
  })();
  await assert.rejects(files.create("a", { replace: false }));
  await assert.rejects(files.create("x/y/b", { replace: false, bytes: 1e9 }));
  const junk = new Uint8Array(1000);
  assert.equal(await (await written(files, "x/y/c", junk))(), "not-wav");
  await (await files.create("x/d", { replace: false })).abandon();
  assert.deepEqual(namesIn(folder), before);
  await Deno.mkdir(folder.file("end"));
  await watching;
  assert.deepEqual(new Set(events), new Set([folder.file("end")]));
});

Deno.test("an upload to a read-only folder fails with a clear error", async () => {
  const { folder, files } = await setUp();
  await using _ = folder;
  const { open: realOpen } = Deno;
  try {
    for (const code of ["EACCES", "EROFS", "EPERM"]) {
      Deno.open = () => Promise.reject(Object.assign(new Error(), { code }));
      await assert.rejects(files.create("a", { replace: false }), {
        code: "read-only",
        message: /may not write to its song folder/,
      });
    }
  } finally {
    Deno.open = realOpen;
  }
});

Deno.test("an upload into a missing song folder fails without revealing its path", async () => {
  const { folder, files } = await setUp();
  await Deno.remove(folder.path, { recursive: true });
  await assert.rejects(files.create("a", { replace: false }), {
    code: "internal",
    message: "Cannot store the song: no such file or folder",
  });
});

for (const isAlone of [true, false]) {
  const what = isAlone ? "removes" : "keeps";
  Deno.test(
    `a start ${what} unfinished uploads when it is ${
      isAlone ? "the only server" : "one of several servers"
    }`,
    async () => {
      const { folder, files } = await setUp();
      await using _ = folder;
      const store = await written(files, "a.wav", CONTENTS[0]);
      using db = new DatabaseSync(":memory:");
      await openScanned(
        folder.path,
        LIMITS,
        {},
        () => Promise.resolve({ db, isAlone }),
      );
      assert.equal(await store(), isAlone ? "internal" : "a.wav");
    },
  );
}
