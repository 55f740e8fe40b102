import assert from "node:assert/strict";
import type { SongEntry } from "../../lib/ports/song_entry.ts";
import type { SongStore, StoreOptions } from "../../lib/ports/server.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import {
  MemorySongs,
  noise,
  PHONE,
  sha256Hex,
  wavFile,
} from "../support/memory_songs.ts";
import { TempFolder } from "../support/programs.ts";
import { openScanned } from "../support/scanned_folder.ts";

/** A store of a test that is empty at first. */
interface TestStore extends AsyncDisposable {
  store: SongStore;
  /** Takes a song away behind the store's back. */
  lose(name: string): Promise<void>;
}

const STORES: Record<string, () => Promise<TestStore>> = {
  memory: () => {
    const store = new MemorySongs();
    return Promise.resolve({
      store,
      lose: async (name) => void await store.remove(name),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
  },
  files: async () => {
    const folder = await TempFolder.make();
    const store = await openScanned(folder.path, {
      maxUploadBytes: 1 << 20,
      minFreeBytes: 0,
      maxSongs: 100,
    });
    return {
      store,
      lose: (name) => Deno.remove(folder.file(name)),
      [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
    };
  },
};

/** Another WAV file for each seed, all of one length. */
const wav = (seed: number) => wavFile(PHONE, noise(5000, seed));

for (const [where, make] of Object.entries(STORES)) {
  const test = (name: string, run: (it: TestStore) => Promise<void>) =>
    Deno.test(`songs in ${where}: ${name}`, async () => {
      await using it = await make();
      await run(it);
    });

  test("find() takes a name in any case, with or without its ending, and no other", async ({ store }) => {
    await put(store, "live/Song.wav", wav(1));
    for (const name of ["live/Song.wav", "live/Song", "LIVE/sONG.WAV"]) {
      assert.equal(store.find(name)?.name, "live/Song.wav");
    }
    for (const name of ["Song.wav", "live/Son", "live", ""]) {
      assert.equal(store.find(name), undefined);
    }
  });

  test("search() gives songs by name, in pages, and says whether there are more", async ({ store }) => {
    for (const name of ["c", "a", "b 1", "b 2"]) {
      await put(store, `${name}.wav`, wav(1));
    }
    const all = ["a.wav", "b 1.wav", "b 2.wav", "c.wav"];
    const { library } = store;
    assert.deepEqual(named(await library.search({})), [all, false]);
    assert.deepEqual(
      named(await library.search({ limit: 2 })),
      [all.slice(0, 2), true],
    );
    assert.deepEqual(
      named(await library.search({ after: "a.wav", limit: 3 })),
      [all.slice(1), false],
    );
    const found = await store.library.search({ match: "B", limit: 1 });
    assert.deepEqual(named(found), [["b 1.wav"], true]);
  });

  test("a removed song is neither found nor played, and comes back as it was", async ({ store }) => {
    const entry = await put(store, "live/a.wav", wav(1));
    const song = await store.open(entry);
    const wrong = store.remove("live/a.wav", "another");
    await assert.rejects(wrong, { code: "changed" });
    assert.equal(await store.remove("LIVE/A", entry.etag), "live/a.wav");
    assert.equal(store.find("live/a.wav"), undefined);
    await assert.rejects(song.read(new Uint8Array(1), 0), { code: "changed" });
    song.close();
    const again = store.remove("live/a.wav", entry.etag);
    await assert.rejects(again, { code: "not-found" });
    assert.equal((await store.restore("live/a.wav")).etag, entry.etag);
    assert.equal(store.find("live/a")?.name, "live/a.wav");
    await assert.rejects(store.restore("live/a.wav"), { code: "not-found" });
    const { songs } = await store.library.select("live/");
    assert.deepEqual(songs, ["live/a.wav"]);
    assert.equal((await store.library.albums({})).rows[0].facts.album, "live");
  });

  test("a renamed song keeps its etag and its streams, and its old name is free", async ({ store }) => {
    const entry = await put(store, "live/a.wav", wav(1));
    await put(store, "b.wav", wav(2));
    const song = await store.open(entry);
    await assert.rejects(store.rename("live/a", "b"), { code: "exists" });
    await assert.rejects(store.rename("none", "x"), { code: "not-found" });
    for (const wrong of ["../x", "a/../../x", "con", "x?", ".hidden", ""]) {
      await assert.rejects(store.rename("live/a", wrong), { code: "bad-name" });
    }
    const renamed = await store.rename("LIVE/A", "new/c");
    assert.deepEqual([renamed.name, renamed.etag], ["new/c.wav", entry.etag]);
    assert.equal(store.find("live/a"), undefined);
    const into = new Uint8Array(100);
    await song.read(into, 44);
    assertBytes(into, wav(1).subarray(44, 144));
    song.close();
    const again = await store.open(store.find("new/c")!);
    assert.equal(again.entry.name, "new/c.wav");
    await again.read(into, 44);
    again.close();
    assert.equal((await store.rename("new/c", "new/C.WAV")).name, "new/C.WAV");
    assert.equal((await put(store, "live/a.wav", wav(3))).name, "live/a.wav");
  });

  test("a former name leads to the present one, back and forth, until another song has it", async ({ store }) => {
    for (const [i, name] of ["a", "c"].entries()) {
      await put(store, `${name}.wav`, wav(i));
    }
    await store.rename("a", "b");
    await store.rename("b", "d");
    assert.equal(store.presentName("a.wav"), "d.wav");
    await store.rename("d", "a");
    for (const former of ["a.wav", "b.wav", "d.wav"]) {
      assert.equal(store.presentName(former), "a.wav");
    }
    await store.rename("c", "b");
    assert.equal(store.presentName("b.wav"), "b.wav");
    assert.equal(store.presentName("c.wav"), "b.wav");
  });

  test("open() reads the song's bytes from any offset", async ({ store }) => {
    const entry = await put(store, "a.wav", wav(1));
    const song = await store.open(entry);
    assert.equal(song.entry.etag, entry.etag);
    assert.equal(song.gone.happened, false);
    const into = new Uint8Array(100);
    for (const offset of [0, 1, 44, entry.bytes! - 100]) {
      await song.read(into, offset);
      assertBytes(into, wav(1).subarray(offset, offset + 100));
    }
    song.close();
  });

  test("read() beyond the song's end rejects", async ({ store }) => {
    const entry = await put(store, "a.wav", wav(1));
    const song = await store.open(entry);
    await assert.rejects(song.read(new Uint8Array(2), entry.bytes! - 1));
    song.close();
  });

  test("a song that is replaced is gone for those who play it, and they are notified once", async ({ store }) => {
    const before = await put(store, "a.wav", wav(1));
    const song = await store.open(before);
    const notified = Promise.withResolvers<void>();
    let times = 0;
    song.gone.add({
      invalidated() {
        times++;
        notified.resolve();
      },
    });
    const after = await put(store, "a.wav", wav(2), { replace: true });
    assert.notEqual(after.etag, before.etag);
    await assert.rejects(song.read(new Uint8Array(1), 0), { code: "changed" });
    await notified.promise;
    assert.equal(times, 1);
    assert(song.gone.happened);
    assert.throws(() => song.gone.throwIfInvalid(), { code: "changed" });
    song.close();
  });

  test("open() of a song that was replaced gives it as it is now", async ({ store }) => {
    const before = await put(store, "a.wav", wav(1));
    const after = await put(store, "a.wav", wav(2), { replace: true });
    const song = await store.open(before);
    assert.equal(song.entry.etag, after.etag);
    const bytes = new Uint8Array(song.entry.bytes!);
    await song.read(bytes, 0);
    assertBytes(bytes, wav(2));
    song.close();
  });

  test("openFile() reads the file from any offset, and ends with its content", async ({ store }) => {
    const entry = await put(store, "a.wav", wav(1));
    const file = await store.openFile(entry);
    assert.equal(file.bytes, wav(1).length);
    assert.match(file.etag, /^[\w.-]+$/);
    const bytes = new Uint8Array(100);
    await file.read(bytes, 50);
    assertBytes(bytes, wav(1).subarray(50, 150));
    await put(store, "a.wav", wav(2), { replace: true });
    await assert.rejects(file.read(bytes, 50), { code: "changed" });
    file.close();
    file.close();
    const next = await store.openFile(store.find("a.wav")!);
    assert.notEqual(next.etag, file.etag);
    await next.read(bytes, 50);
    assertBytes(bytes, wav(2).subarray(50, 150));
    next.close();
  });

  test("openFile() of a song that is no longer there throws not-found", async ({ store, lose }) => {
    const entry = await put(store, "a.wav", wav(1));
    await lose("a.wav");
    await assert.rejects(store.openFile(entry), { code: "not-found" });
  });

  test("open() of a song that is no longer there throws not-found", async ({ store, lose }) => {
    const entry = await put(store, "a.wav", wav(1));
    await lose("a.wav");
    await assert.rejects(store.open(entry), { code: "not-found" });
    assert.equal(store.find("a.wav"), undefined);
  });

  test("a song is found once it is stored, by a name with an ending, and not before", async ({ store }) => {
    const writer = await store.create("new/a", { replace: false });
    await writer.write(wav(1).subarray(0, 1000));
    await writer.write(wav(1).subarray(1000));
    assert.equal(store.find("new/a.wav"), undefined);
    const stored = await writer.store(expected(wav(1)));
    assert.equal(stored.name, "new/a.wav");
    assert.equal(stored.bytes, wav(1).length);
    assert.equal(stored.format?.rate, PHONE.rate);
    assert.equal(store.find("new/a")?.etag, stored.etag);
  });

  test("create() of a song that is there throws exists, also when it comes meanwhile", async ({ store }) => {
    const late = await store.create("a.wav", { replace: false });
    await late.write(wav(2));
    const { etag } = await put(store, "a.wav", wav(1));
    await assert.rejects(store.create("a.wav", { replace: false }), {
      code: "exists",
    });
    await assert.rejects(late.store(expected(wav(2))), { code: "exists" });
    assert.equal(store.find("a")?.etag, etag);
  });

  test("a song is replaced only if it may be, asked at the begin and when it is stored", async ({ store }) => {
    const { etag } = await put(store, "a.wav", wav(1));
    let may = false;
    const mayReplace = () => {
      if (!may) throw new Error("may not");
    };
    const options = { replace: true, mayReplace };
    await assert.rejects(store.create("a.wav", options), /may not/);
    may = true;
    const writer = await store.create("a.wav", options);
    await writer.write(wav(2));
    may = false;
    await assert.rejects(writer.store(expected(wav(2))), /may not/);
    assert.equal(store.find("a")?.etag, etag);
  });

  const REFUSED: [what: string, file: Uint8Array, code: string, as?: object][] =
    [
      ["of another hash", wav(1), "bad-hash", { sha256: "0".repeat(64) }],
      ["of another length", wav(1), "bad-hash", { bytes: 1 }],
      ["that is no WAV", noise(5000), "not-wav"],
    ];
  for (const [what, file, code, as] of REFUSED) {
    test(`store() of a file ${what} throws ${code}, and nothing is left`, async ({ store }) => {
      const writer = await store.create("a.wav", { replace: false });
      await writer.write(file);
      await assert.rejects(writer.store({ ...expected(file), ...as }), {
        code,
      });
      assert.equal(store.find("a"), undefined);
      await put(store, "a.wav", wav(1));
    });
  }

  test("abandon() leaves nothing", async ({ store }) => {
    const writer = await store.create("a.wav", { replace: false });
    await writer.write(wav(1));
    await writer.abandon();
    assert.equal(store.find("a"), undefined);
    await put(store, "a.wav", wav(1));
  });

  test("create() of a name that leaves the folder throws bad-name", async ({ store }) => {
    for (const name of ["../a.wav", "/a.wav", "a/../../b.wav", ""]) {
      await assert.rejects(store.create(name, { replace: false }), {
        code: "bad-name",
      });
    }
  });
}

async function put(
  store: SongStore,
  name: string,
  file: Uint8Array,
  options: StoreOptions = { replace: false },
): Promise<SongEntry> {
  const writer = await store.create(name, options);
  await writer.write(file);
  return await writer.store(expected(file));
}

function expected(file: Uint8Array): { bytes: number; sha256: string } {
  return { bytes: file.length, sha256: sha256Hex(file) };
}

function named(
  { rows, more }: { rows: SongEntry[]; more: boolean },
): [string[], boolean] {
  return [rows.map(({ name }) => name), more];
}
