import assert from "node:assert/strict";
import { Catalog } from "../../lib/model/catalog.ts";
import { isPermutation, type KeptOrders } from "../../lib/model/kept_orders.ts";
import { formsOf, type Tagged } from "../../lib/model/song_table.ts";
import type { AlbumSort, SongSort } from "../../lib/ports/library.ts";

const AT_ONE_GO = { next: () => null };
const SORTS: readonly SongSort[] = ["natural", "title", "added", "album"];
const ALBUM_SORTS: readonly AlbumSort[] = ["album", "artist", "year", "added"];

/** By name: the places of `SONGS` are 0 to 4. */
const SONGS: readonly Tagged[] = [
  {
    name: "B/10.wav",
    added: 3,
    tags: { title: "Air", album: "Two", artist: "Zoe", year: 1990, track: 2 },
  },
  {
    name: "B/2.wav",
    added: 3,
    tags: { title: "Élan", album: "Two", artist: "Zoe", year: 1990, track: 1 },
  },
  { name: "a/1.wav", added: 9, tags: { title: "Zorn" } },
  {
    name: "c/1.wav",
    added: 5,
    tags: { title: "Birds", album: "One", artist: "Yan", year: 2000 },
  },
  { name: "loose.wav", added: 1 },
];

async function ordersOf(catalog: Catalog<Tagged>): Promise<KeptOrders> {
  return new Map(await Array.fromAsync(catalog.orders(AT_ONE_GO)));
}

/** A catalogue as a start fills it, and whether all orders fitted. */
async function started(songs: readonly Tagged[], orders: KeptOrders) {
  const shelf = new Map(songs.map((song) => [song.name, song]));
  const catalog = new Catalog<Tagged>([], shelf);
  async function* load() {
    yield songs.map(formsOf);
  }
  return { catalog, fits: await catalog.fill(load(), orders) };
}

/** All lists of a catalogue. */
async function listsOf(catalog: Catalog<Tagged>) {
  const lists: unknown[] = [await catalog.artists()];
  for (const sort of SORTS) lists.push(await catalog.names({ sort }));
  for (const sort of ALBUM_SORTS) {
    const { rows } = await catalog.albums({ sort });
    lists.push(rows.map(({ facts }) => facts));
  }
  return lists;
}

Deno.test("orders() has the places of songs by name, and albums by their first songs", async () => {
  const orders = await ordersOf(new Catalog(SONGS));
  const lists = Array.from(orders, ([name, order]) => [name, [...order]]);
  assert.deepEqual(lists, [
    ["songs natural", [2, 1, 0, 3, 4]],
    ["songs title", [0, 3, 1, 4, 2]],
    ["songs added", [2, 3, 1, 0, 4]],
    ["albums album", [2, 3, 1]],
    ["albums artist", [2, 3, 1]],
    ["albums year", [1, 3, 2]],
    ["albums added", [2, 3, 1]],
  ]);
});

Deno.test("a start takes over the orders of a catalogue that has changed, and follows changes from then on", async () => {
  const catalog = new Catalog([...SONGS].reverse());
  await catalog.warm(AT_ONE_GO);
  catalog.delete("a/1.wav");
  catalog.put({ ...SONGS[1], tags: { title: "Ähre", album: "Three" } });
  catalog.put({ name: "d.wav", added: 20 });
  const again = await started(catalog.songs, await ordersOf(catalog));
  assert.equal(again.fits, true);
  assert.deepEqual(await listsOf(again.catalog), await listsOf(catalog));
  for (const one of [catalog, again.catalog]) {
    one.put(SONGS[2]);
    one.delete("c/1.wav");
  }
  assert.deepEqual(await listsOf(again.catalog), await listsOf(catalog));
});

Deno.test("orders that fit are used as they are", async () => {
  const orders = new Map(await ordersOf(new Catalog(SONGS)));
  for (const [name, order] of orders) orders.set(name, order.toReversed());
  const { catalog } = await started(SONGS, orders);
  const names = await catalog.names({ sort: "title" });
  assert.deepEqual(names, [2, 4, 1, 3, 0].map((i) => SONGS[i].name));
  const { rows } = await catalog.albums({ sort: "year" });
  assert.deepEqual(rows.map(({ facts }) => facts.album), ["a", "One", "Two"]);
});

Deno.test("orders that do not fit are made anew", async () => {
  const orders = await ordersOf(new Catalog(SONGS));
  const lists = await listsOf(new Catalog(SONGS));
  const last = SONGS.length;
  for (const name of orders.keys()) {
    for (
      const other of [
        [],
        [0, 1, 2, 3],
        [0, 0, 1, 2, 3],
        [0, 1, 2, 3, last],
        [0, 1, 2, 3, 4, 4],
      ]
    ) {
      const damaged = new Map(orders).set(name, Uint32Array.from(other));
      const { catalog, fits } = await started(SONGS, damaged);
      assert.equal(fits, false, `${name}: ${other}`);
      assert.deepEqual(await listsOf(catalog), lists);
    }
    const missing = new Map(orders);
    missing.delete(name);
    assert.equal((await started(SONGS, missing)).fits, false);
  }
  assert.equal((await started(SONGS.slice(1), orders)).fits, false);
});

Deno.test("isPermutation() accepts each number below a count once", () => {
  assert.ok(isPermutation(Uint32Array.of(), 0));
  assert.ok(!isPermutation(Uint32Array.of(2 ** 32 - 1), 1));
});
