import assert from "node:assert/strict";
import { type Page, PageCache } from "../../lib/server/page_cache.ts";

/** A cache of pages of 10 bytes. */
function setUp(maxPages: number) {
  const cache = new PageCache(maxPages, 10);
  const use = (number: number): Page => {
    const page = cache.use("song", number * 10);
    assert.ok(page);
    return page;
  };
  /** Reads a page as a listener does, and returns whether it was there. */
  const visit = (number: number, from = 0, to = 10): boolean => {
    const page = use(number);
    const wasThere = page.filledTo > 0;
    page.filledTo = 10;
    cache.noteRead(page, from, to, to === 10);
    return wasThere;
  };
  return { cache, use, visit };
}

Deno.test("a listener that plays on and on needs few pages", () => {
  const { use, visit } = setUp(100);
  const memories = new Set<ArrayBufferLike>();
  for (let number = 0; number < 1000; number++) {
    visit(number, 0, 6);
    visit(number, 6, 10);
    memories.add(use(number).memory.buffer);
  }
  assert.ok(memories.size <= 4, `${memories.size}`);
});

Deno.test("pages of a song that is played again are kept from the second time on", () => {
  const { visit } = setUp(100);
  const play = () =>
    Array.from({ length: 50 }, (_, number) => visit(number))
      .filter((wasThere) => wasThere).length;
  assert.equal(play(), 0);
  assert.ok(play() <= 3);
  assert.equal(play(), 50);
});

Deno.test("a long song that passes by leaves what is kept alone", () => {
  const { visit } = setUp(8);
  for (const number of [1, 2, 3, 1, 2, 3]) visit(number);
  for (let number = 100; number < 200; number++) visit(number);
  assert.deepEqual([1, 2, 3].map((number) => visit(number)), [
    true,
    true,
    true,
  ]);
});

Deno.test("pages that two listeners share are kept, though neither goes back", () => {
  const { visit } = setUp(100);
  for (let number = 0; number < 20; number++) {
    visit(number);
    visit(number); // the other, right behind
  }
  assert.ok(visit(0));
});

Deno.test("when all are kept, the least recently used makes room", () => {
  const { visit } = setUp(4);
  for (const number of [1, 2, 3, 4]) {
    visit(number);
    visit(number);
  }
  visit(1);
  assert.equal(visit(5), false); // takes the place of 2
  assert.equal(visit(1), true);
  assert.equal(visit(3), true);
  assert.equal(visit(2), false);
});

Deno.test("a page that was not read to its end is not the first to make room", () => {
  const { visit } = setUp(100);
  visit(0, 0, 5);
  for (let number = 1; number < 50; number++) visit(number);
  assert.ok(visit(0, 5, 10));
});

Deno.test("use() returns null while all pages are in use", () => {
  const { cache, use, visit } = setUp(2);
  const [first, second] = [use(1), use(2)];
  first.users = second.users = 1;
  assert.equal(cache.use("song", 30), null);
  first.users = 0;
  assert.equal(visit(3), false);
});

Deno.test("use() reuses no memory that is in use", () => {
  const { cache, use } = setUp(8);
  const lent = [1, 2, 3, 4, 5, 6, 7].map((number) => {
    const page = use(number);
    page.users = 1;
    cache.noteRead(page, 0, 10, true);
    return page;
  });
  assert.equal(new Set(lent.map(({ memory }) => memory.buffer)).size, 7);
  use(8).users = 1;
  assert.equal(cache.use("song", 90), null);
});

Deno.test("two songs have a page each at the same place", () => {
  const cache = new PageCache(8, 10);
  assert.notEqual(cache.use("one", 0), cache.use("two", 0));
});
