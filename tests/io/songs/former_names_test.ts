import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import {
  FormerNames,
  type Renamed,
} from "../../../lib/io/songs/former_names.ts";

Deno.test("the oldest former names are forgotten", async () => {
  using db = new DatabaseSync(":memory:");
  const names = new FormerNames(db, 100);
  const all = Array.from({ length: 101 }, (_, i): Renamed => [
    `old ${i}`,
    `new ${i}`,
  ]);
  await names.note(all);
  assert.equal(names.presentName("old 0"), "old 0");
  assert.equal(names.presentName("old 1"), "new 1");
  await names.note([["old 0", "new 0"]]);
  assert.equal(names.presentName("old 1"), "old 1");
  assert.equal(names.presentName("old 100"), "new 100");
});

Deno.test("a database that cannot be written fails no rename", async () => {
  using db = new DatabaseSync(":memory:");
  const names = new FormerNames(db);
  await names.note([["a", "b"]]);
  db.exec("PRAGMA query_only = true");
  await names.note([["b", "c"]]);
  assert.equal(names.presentName("a"), "b");
});

Deno.test("100 former names of one song are remembered", async () => {
  using db = new DatabaseSync(":memory:");
  const names = new FormerNames(db);
  for (let i = 0; i <= 100; i++) await names.note([[`${i}`, `${i + 1}`]]);
  assert.equal(names.presentName("0"), "0");
  assert.equal(names.presentName("1"), "101");
});
