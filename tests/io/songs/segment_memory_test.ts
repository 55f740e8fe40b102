import assert from "node:assert/strict";
import { SegmentMemory } from "../../../lib/io/songs/segment_memory.ts";

Deno.test("the least recently used segments are evicted first", () => {
  const memory = new SegmentMemory(100);
  const [a, b] = [memory.newOwner(), memory.newOwner()];
  memory.put(a, 0, new Uint8Array(40));
  memory.put(b, 0, new Uint8Array(40));
  memory.get(a, 0);
  memory.put(a, 1, new Uint8Array(40));
  assert.equal(memory.get(b, 0), undefined);
  assert.equal(memory.get(a, 0)?.length, 40);
  memory.put(b, 1, new Uint8Array(1000)); // alone more than the budget
  assert.equal(memory.get(a, 0), undefined);
  assert.equal(memory.get(b, 1)?.length, 1000);
});

Deno.test("forget() drops the segments of one song", () => {
  const memory = new SegmentMemory(100);
  const owners = Array.from({ length: 11 }, () => memory.newOwner());
  for (const owner of owners) memory.put(owner, 0, new Uint8Array(1));
  memory.forget(1);
  assert.deepEqual(owners.filter((it) => !memory.get(it, 0)), [1]);
});
