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

Deno.test("what was read makes room before what is still needed", () => {
  const memory = new SegmentMemory(100);
  const owner = memory.newOwner();
  for (const index of [0, 1]) {
    memory.put(owner, index, new Uint8Array(40).fill(index + 1));
  }
  memory.noteRead(owner, 0, 40);
  memory.noteRead(owner, 1, 30);
  memory.put(owner, 2, new Uint8Array(80));
  assert.equal(memory.get(owner, 0), undefined);
  assert.equal(memory.get(owner, 1, 29), undefined);
  const rest = new Uint8Array(9).fill(2);
  assert.deepEqual(memory.get(owner, 1, 31), rest);
  assert.equal(memory.get(owner, 2)?.length, 80);
});

Deno.test("hasRoom() counts what is needed and what is being decoded", () => {
  const memory = new SegmentMemory(200);
  const owner = memory.newOwner();
  memory.put(owner, 0, new Uint8Array(60));
  assert.equal(memory.hasRoom(41), false);
  memory.noteRead(owner, 0, 50);
  assert.equal(memory.hasRoom(90), true);
  memory.expect(30);
  assert.equal(memory.hasRoom(61), false);
  memory.expect(-30);
  memory.forget(owner);
  assert.equal(memory.hasRoom(100), true);
});
