import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import type { KnownSong } from "../../../lib/io/songs/known_song.ts";
import { SongIndex } from "../../../lib/io/songs/song_index.ts";
import { ORDER_NAMES } from "../../../lib/model/kept_orders.ts";
import { CD } from "../../support/memory_songs.ts";

const ORDER = Uint32Array.of(1, 0);
const SONGS = ["a.wav", "b.wav"].map((name): KnownSong => ({
  ...{ name, bytes: 1044, etag: `e ${name}`, stamp: `s ${name}` },
  format: { ...CD, dataOffset: 44, dataBytes: 1000 },
}));
const [A] = SONGS;

/** An index of two songs with their orders. */
async function ordered() {
  const db = new DatabaseSync(":memory:");
  const index = new SongIndex(db, 10);
  await index.putAll(SONGS, [], 0);
  for (const name of ORDER_NAMES) index.orders.put(name, ORDER);
  return { db, index, orders: index.orders };
}

Deno.test("orders are loaded as they were put", async () => {
  const { db, orders } = await ordered();
  assert.ok(orders.isComplete);
  assert.deepEqual(
    new SongIndex(db, 10).orders.load(),
    new Map(ORDER_NAMES.map((name) => [name, ORDER])),
  );
  db.exec("UPDATE orders SET places = x'0000000001' WHERE name LIKE 'songs%'");
  assert.deepEqual(orders.load().get("songs title"), Uint32Array.of(0));
  db.exec("UPDATE orders SET places = 'text' WHERE name LIKE 'songs%'");
  assert.deepEqual(orders.load().get("songs title"), new Uint32Array());
  db.exec("UPDATE orders SET revision = 0 WHERE name = 'songs title'");
  assert.ok(!orders.isComplete);
  assert.equal(orders.load().get("songs title"), undefined);
});

type Index = Awaited<ReturnType<typeof ordered>>["index"];

const CHANGES: [what: string, change: (index: Index) => unknown][] = [
  ["a new song", (index) => index.put({ ...A, name: "c.wav" })],
  ["other tags", (index) => index.put({ ...A, tags: { title: "T" } })],
  ["a missing song", (index) => index.putAll([], ["a.wav"], 1)],
];
for (const [what, change] of CHANGES) {
  Deno.test(`orders are dropped by ${what}`, async () => {
    const { index, orders } = await ordered();
    await change(index);
    assert.equal(orders.load().size, 0);
  });
}

Deno.test("orders are dropped by a song that is back, and not by one that is forgotten", async () => {
  const { index, orders } = await ordered();
  await index.putAll([], ["a.wav"], 1);
  orders.put("songs title", ORDER);
  await Array.fromAsync(index.load(31 * 24 * 3_600_000));
  assert.equal(index.get("a.wav"), undefined);
  assert.equal(orders.load().size, 1);
  await index.putAll([], ["b.wav"], 1);
  orders.put("songs title", ORDER);
  index.put(SONGS[1]);
  assert.equal(orders.load().size, 0);
});

Deno.test("orders stay at what they do not depend on", async () => {
  const { index, orders } = await ordered();
  index.put({ ...A, sha256: "h" });
  index.patch(A, { probe: "p", stamp: "t" });
  assert.ok(orders.isComplete);
});
