import assert from "node:assert/strict";
import { MemoryPage, modelTest } from "../../support/memory_page.ts";
import { noise, PHONE, wavFile } from "../../support/memory_songs.ts";
import fc from "../../support/fast_check.ts";
import { Destination } from "../../../web/model/destination.ts";
import { foldersOf } from "../../../web/model/folders.ts";
import { settle } from "../../support/fake_clock.ts";
import { Groups } from "../../../web/model/groups.ts";
import { Library } from "../../../web/model/library.ts";
import { PagedList } from "../../../web/model/paged_list.ts";
import { effect } from "../../../web/model/signals.ts";
import { Shelves } from "../../../web/model/shelves.ts";
import { chunksFrom } from "../../../web/model/song_chunks.ts";
import type { ClientSession } from "../../../lib/client/client_session.ts";
import type { ToServer } from "../../../lib/wire/messages.ts";

modelTest(
  "Library asks for few songs at first, then for as many as have come",
  async () => {
    const page = await MemoryPage.open();
    const { songs } = page.server;
    for (let i = 0; i < 1_000; i++) songs.addEntry({ name: `${i}.wav` });
    const limits: unknown[] = [];
    const session = {
      failure: null,
      request(message: ToServer<"list">) {
        limits.push(message.limit);
        return page.session!.request(message);
      },
    };
    const library = new Library({
      session: session as unknown as ClientSession,
    });
    await library.refresh();
    assert.deepEqual(limits, [50, 50, 100, 200, 250, 250, 250]);
    assert.equal(library.songs.value!.length, songs.list().length);
  },
);

modelTest(
  "the folders of Library grow while its first songs come",
  async () => {
    const page = await MemoryPage.open();
    for (let i = 0; i < 200; i++) {
      page.server.songs.addEntry({ name: `${i}/x.wav` });
    }
    const library = new Library(page);
    let folders = 0;
    const stop = effect(() => void (folders = library.folders?.size ?? 0));
    await library.refresh();
    assert.equal(folders, library.folders!.size);
    assert.ok(folders > 200);
    stop();
  },
);

modelTest("Shelves lists albums, artists and songs by pages", async () => {
  const page = await MemoryPage.open();
  for (let i = 0; i < 250; i++) {
    const { format } = page.server.songs
      .add(`x/${i}.wav`, wavFile(PHONE, noise(2_000, 1)));
    const tags = { album: `album ${i}`, artist: `artist ${i % 3}` };
    page.server.songs.addEntry({ name: `${i}.wav`, format, tags });
  }
  const shelves = new Shelves(page);
  await shelves.albums.show({ sort: "album" });
  assert.equal(shelves.albums.listed.value!.rows.length, 200);
  assert.equal(shelves.albums.listed.value!.total, 251);
  await shelves.albums.more();
  await shelves.albums.more();
  const { rows, next } = shelves.albums.listed.value!;
  assert.deepEqual([rows.length, next], [251, undefined]);
  await shelves.artists.show({ match: "artist 1" });
  assert.deepEqual(
    shelves.artists.listed.value!.rows.map(({ artist }) => artist),
    ["artist 1"],
  );
  await shelves.songs.show({ album: rows[1].key });
  assert.equal(shelves.songs.listed.value!.rows.length, 1);
  await shelves.songs.show({ selection: "album:no such album" });
  assert.match(shelves.songs.listed.value!.problem!, /no such album/);
});

modelTest(
  "a PagedList shows the answer to its latest query alone",
  async () => {
    const answers = new Map<string, PromiseWithResolvers<{ rows: string[] }>>();
    const reach = { session: {} as ClientSession };
    const list = new PagedList<string, string>(reach, (_, query) => {
      const answer = Promise.withResolvers<{ rows: string[] }>();
      answers.set(query, answer);
      return answer.promise;
    });
    const [first, second] = [list.show("first"), list.show("second")];
    answers.get("second")!.resolve({ rows: ["2"] });
    await second;
    answers.get("first")!.resolve({ rows: ["1"] });
    await first;
    assert.deepEqual(list.listed.value!.rows, ["2"]);
  },
);

modelTest(
  "a PagedList that is shown again keeps its pages unless the first one has changed",
  async () => {
    let count = 5;
    const reach = { session: {} as ClientSession };
    const list = new PagedList<string, number>(
      reach,
      (_, _query, after = "0") => {
        const from = Number(after);
        const rows = [0, 1].map((i) => from + i).filter((i) => i < count);
        const to = from + rows.length;
        return Promise.resolve({
          rows,
          ...(to < count && { next: String(to) }),
        });
      },
    );
    const rows = () => list.listed.value!.rows;
    await list.show("all");
    await list.more();
    assert.deepEqual(rows(), [0, 1, 2, 3]);
    await list.show("all");
    assert.deepEqual(rows(), [0, 1, 2, 3]);
    await list.more();
    assert.deepEqual(rows(), [0, 1, 2, 3, 4]);
    count = 2;
    await list.show("all");
    assert.deepEqual(rows(), [0, 1]);
    count = 0;
    await list.show("all");
    assert.deepEqual(rows(), []);
  },
);

modelTest(
  "Destination follows its group as devices join and leave",
  async () => {
    const page = await MemoryPage.open();
    for (const name of ["kitchen", "hall", "porch"]) await page.device(name);
    await page.groups.watch(page.session!);
    const { key } = page.row("porch").devices[0];
    const destination = new Destination(page.groups, () => key);
    const chosen = () => destination.group.value?.name ?? "here";
    assert.equal(chosen(), "here");
    assert.equal(destination.id.value, page.row("porch").group);
    destination.choose(page.row("kitchen"));
    assert.deepEqual([chosen(), destination.isHere.value], ["kitchen", false]);
    const devices = [
      ...page.row("kitchen").devices,
      ...page.row("hall").devices,
    ];
    await page.actions.group(devices);
    await page.news();
    assert.equal(chosen(), "kitchen, hall");
    await page.actions.ungroup([devices[1]]);
    await page.news();
    assert.equal(chosen(), "kitchen");
    // It may be chosen from a list that is older.
    const before = page.row("kitchen");
    await page.actions.group(devices);
    await page.news();
    destination.choose(before);
    assert.equal(chosen(), "kitchen, hall");
    destination.choose(null);
    assert.deepEqual([chosen(), destination.isHere.value], ["here", true]);
  },
);

modelTest(
  "Destination waits for the groups where one was chosen before a reload",
  async () => {
    const page = await MemoryPage.open();
    await page.device("kitchen");
    const { key: device } = await page.session!.welcome;
    const own = () => device;
    await new Destination(page.groups, own).whenKnown();
    await page.groups.watch(page.session!);
    new Destination(page.groups, own).choose(page.row("kitchen"));

    const groups = new Groups(page.client.clock);
    const destination = new Destination(groups, own);
    let known = false;
    const waiting = destination.whenKnown().then(() => known = true);
    await settle();
    assert.equal(known, false);
    await groups.watch(page.session!);
    await waiting;
    assert.equal(destination.group.value?.name, "kitchen");
    destination.choose(null);
  },
);

Deno.test("chunksFrom() keeps each part within one message, and loses no song behind the chosen", () => {
  const names = fc.array(fc.string({ maxLength: 4_000 }), {
    minLength: 1,
    maxLength: 300,
    size: "max",
  });
  fc.assert(
    fc.property(names, fc.nat(), (songs, n) => {
      const at = n % songs.length;
      const chunks = chunksFrom(songs, at);
      for (const { songs } of chunks) {
        const bytes = new TextEncoder().encode(JSON.stringify(songs)).length;
        assert.ok(bytes < 60_000 && songs.length <= 1_000);
      }
      const [{ songs: first, index }, ...rest] = chunks;
      const behind = [...first.slice(index), ...rest.flatMap((it) => it.songs)];
      assert.deepEqual(behind, songs.slice(at));
    }),
    { numRuns: 20 },
  );
});

Deno.test("foldersOf() makes a tree with the songs below each folder", () => {
  const songs = ["a.wav", "x/b.wav", "x/y/c.wav", "z/d.wav"].map((name) => ({
    ...{ name, bytes: 1, seconds: 1, etag: "1", format: null },
  }));
  const folders = foldersOf(songs);
  const shown = [...folders.values()].map((it) => [
    ...[it.path, it.total, it.folders.map(({ path }) => path).join()],
    it.songs.map(({ name }) => name).join(),
  ]);
  assert.deepEqual(shown, [
    ["", 4, "x,z", "a.wav"],
    ["x", 2, "x/y", "x/b.wav"],
    ["x/y", 1, "", "x/y/c.wav"],
    ["z", 1, "", "z/d.wav"],
  ]);
});

modelTest(
  "a PagedList that has changed keeps its length, and shows no less meanwhile",
  async () => {
    let all = Array.from({ length: 9 }, (_, i) => i);
    const seen: number[] = [];
    const reach = { session: {} as ClientSession };
    const list: PagedList<string, number> = new PagedList(
      reach,
      (_, _query, after = "0") => {
        const shown = list.listed.value?.rows.length;
        if (shown !== undefined) seen.push(shown);
        const to = Number(after) + 2;
        return Promise.resolve({
          rows: all.slice(Number(after), to),
          ...(to < all.length && { next: String(to) }),
        });
      },
    );
    const rows = () => list.listed.value!.rows;
    await list.show("all");
    await list.more();
    await list.more();
    assert.deepEqual(rows(), [0, 1, 2, 3, 4, 5]);
    seen.length = 0;
    all = all.filter((i) => i !== 4);
    await list.refresh();
    assert.deepEqual(rows(), [0, 1, 2, 3, 5, 6]);
    assert.deepEqual(seen, [6, 6, 6]);
    await list.more();
    assert.deepEqual(rows(), [0, 1, 2, 3, 5, 6, 7, 8]);
    // Another query begins with its first page.
    await list.show("other");
    assert.deepEqual(rows(), [0, 1]);
  },
);

modelTest("a PagedList asks for 2,000 rows again at most", async () => {
  let asked = 0;
  const reach = { session: {} as ClientSession };
  const list = new PagedList<string, number>(
    reach,
    (_, _query, after = "0") => {
      asked++;
      const to = Number(after) + 500;
      const rows = Array.from({ length: 500 }, (_, i) => to - 500 + i);
      return Promise.resolve({ rows, next: String(to) });
    },
  );
  await list.show("all");
  for (let i = 0; i < 9; i++) await list.more();
  asked = 0;
  await list.refresh();
  assert.equal(asked, 4);
  assert.equal(list.listed.value!.rows.length, 2_000);
});
