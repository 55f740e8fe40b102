import assert from "node:assert/strict";
import { GroupList } from "../../lib/server/group_list.ts";
import type { Group } from "../../lib/server/groups/group.ts";
import type { GroupRow } from "../../lib/server/groups/group_row.ts";
import { json } from "../support/read_message.ts";

/** A list that counts its changes, whose rows name the group and its state. */
function listOf() {
  let changes = 0;
  const states = new Map<string, string>();
  const rowOf = ({ id }: Group) => `${id} ${states.get(id)}`;
  const list = new GroupList(
    (group) => rowOf(group) as unknown as GroupRow,
    () => ++changes,
  );
  return {
    list,
    change(id: string, state = "new") {
      states.set(id, state);
      list.changed({ id } as Group);
    },
    /** What a watcher that knows some changes is sent, and knows then. */
    notice(known: number) {
      const { frame, knows } = list.news(changes)(known);
      return { ...json(frame), knows };
    },
  };
}

Deno.test("GroupList.page() lists groups by id, whatever order they come in", () => {
  const { list, change } = listOf();
  for (const id of ["c", "a", "d", "b"]) change(id);
  list.gone("d");
  list.gone("unknown");
  const page = (after: string | undefined, limit: number) => {
    const { rows, more, total } = list.page(after, limit);
    const ids = rows.map((row) => String(row()).split(" ")[0]);
    return [ids.join(""), more, total];
  };
  assert.deepEqual(page(undefined, 2), ["ab", true, 3]);
  assert.deepEqual(page("b", 2), ["c", false, 3]);
  assert.deepEqual(page("bb", 2), ["c", false, 3]);
  assert.deepEqual(page("c", 2), ["", false, 3]);
});

Deno.test("a watcher is sent what has changed since, each group once", () => {
  const { list, change, notice } = listOf();
  for (const id of ["a", "b", "c"]) change(id);
  const { knows, ...all } = notice(0);
  assert.deepEqual(all, {
    type: "groups",
    changed: ["a new", "b new", "c new"],
    gone: [],
  });
  change("c", "old");
  change("a", "old");
  change("a", "older");
  list.gone("b");
  const { changed, gone } = notice(knows);
  assert.deepEqual([changed, gone], [["c old", "a older"], ["b"]]);
  assert.deepEqual(notice(notice(knows).knows).changed, []);
  change("b", "again");
  assert.deepEqual(notice(knows).gone, []);
});

Deno.test("a watcher is sent many changes in several notices, the oldest first", () => {
  const { change, notice } = listOf();
  const long = "x".repeat(30_000);
  for (let i = 0; i < 12; i++) change(`${i}`, long);
  const seen: string[] = [];
  let known = 0;
  for (let notices = 0; seen.length < 12; notices++) {
    const { changed, knows } = notice(known);
    assert.ok(changed.length <= 5 && notices < 3);
    // What changes meanwhile comes last.
    if (known === 0) change("0", "new");
    seen.push(...changed.map((row: string) => row.split(" ")[0]));
    known = knows;
  }
  const later = ["5", "6", "7", "8", "9", "10", "11", "0"];
  assert.deepEqual(seen.slice(5), later);
  assert.deepEqual(notice(known).changed, []);
});

Deno.test("a watcher that missed thousands of groups that are gone begins anew", () => {
  const { list, change, notice } = listOf();
  change("stays");
  const { knows } = notice(0);
  for (let i = 0; i < 4096; i++) {
    change(`${i}`);
    list.gone(`${i}`);
  }
  assert.equal(notice(knows).gone.length, 4096);
  change("last");
  list.gone("last");
  const { knows: now, ...again } = notice(knows);
  assert.deepEqual(again, { type: "groups", groups: [], more: true, total: 1 });
  assert.deepEqual(notice(now).changed, []);
});
