import assert from "node:assert/strict";
import { PageMemory } from "../../lib/server/page_memory.ts";
import { CD, PHONE } from "../support/memory_songs.ts";

const MIB = 1 << 20;

Deno.test("pagesFor() gives all songs the same pages when blocks are bytes", () => {
  const memory = new PageMemory({ bytes: 8192 }, 64 * MIB);
  const pages = memory.pagesFor(CD, MIB);
  assert.equal(pages.blockBytes, 8192);
  assert.equal(memory.pagesFor(PHONE, MIB), pages);
  assert.equal(memory.pagesFor(null, 16 * MIB), pages);
});

Deno.test("pagesFor() gives each kind of song its own when blocks are seconds", () => {
  const memory = new PageMemory({ seconds: 1 }, 64 * MIB);
  assert.equal(memory.pagesFor(CD, MIB).blockBytes, 176_400);
  assert.equal(memory.pagesFor(PHONE, MIB).blockBytes, 8000);
  assert.equal(memory.pagesFor(CD, MIB), memory.pagesFor({ ...CD }, MIB));
});

Deno.test("pagesFor() cuts blocks at the largest that may be sent", () => {
  const memory = new PageMemory({ seconds: 30 }, 64 * MIB);
  assert.equal(memory.pagesFor(CD, MIB).blockBytes, MIB);
  assert.equal(memory.pagesFor(CD, 16 * MIB - 1).blockBytes, 5_292_000);
});

Deno.test("pagesFor() forgets the size used least recently beyond four", () => {
  const memory = new PageMemory({ seconds: 1 }, 64 * MIB);
  const rates = [8000, 11025, 16000, 22050, 44100];
  const at = (rate: number) => memory.pagesFor({ ...PHONE, rate }, MIB);
  const first = rates.slice(0, 4).map(at);
  assert.equal(at(8000), first[0]); // now 11025 is the oldest
  at(44100);
  assert.equal(at(8000), first[0]);
  assert.notEqual(at(11025), first[1]);
});
