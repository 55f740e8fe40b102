import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import {
  AdmittedTable,
  KNOWN_MS,
  MOST_KNOWN,
} from "../../lib/host/admitted_table.ts";

const DAY_MS = 86_400_000;

function setUp() {
  const db = new DatabaseSync(":memory:");
  const now = { ms: 1_800_000_000_000 };
  const open = () => new AdmittedTable(db, () => now.ms);
  return { db, now, open, table: open() };
}

Deno.test("AdmittedTable keeps its devices across restarts", () => {
  const { db, table, open } = setUp();
  assert.equal(table.has("key", "proof"), false);
  table.add("key", "proof");
  for (const each of [table, open()]) {
    assert.equal(each.has("key", "proof"), true);
    assert.equal(each.has("key", "another"), false);
    assert.equal(each.has("another", "proof"), false);
  }
  table.add("key", "newer");
  assert.equal(table.has("key", "proof"), false);
  db.close();
});

Deno.test("AdmittedTable drops a device 30 days after it was last admitted", () => {
  const { db, now, table } = setUp();
  table.add("stays", "p");
  table.add("goes", "p");
  for (let days = 0; days < 29; days++) {
    now.ms += DAY_MS;
    assert.equal(table.has("stays", "p"), true);
  }
  now.ms += KNOWN_MS - 29 * DAY_MS;
  assert.equal(table.has("stays", "p"), true);
  assert.equal(table.has("goes", "p"), false);
  db.close();
});

Deno.test("AdmittedTable keeps a bounded number of devices, the most recent ones", () => {
  const { db, now, table } = setUp();
  for (let i = 0; i <= MOST_KNOWN; i++) {
    now.ms++;
    table.add(`key ${i}`, "p");
  }
  assert.equal(table.has("key 0", "p"), false);
  assert.equal(table.has("key 1", "p"), true);
  const { rows } = db.prepare("SELECT count(*) AS rows FROM admitted").get()!;
  assert.equal(rows, MOST_KNOWN);
  db.close();
});
