import assert from "node:assert/strict";
import { BufferPool, type PooledBuffer } from "../../lib/server/buffer_pool.ts";
import { FakeClock } from "../support/fake_clock.ts";

function setUp(count: number) {
  const clock = new FakeClock();
  return { clock, pool: new BufferPool(clock, { count, bytesEach: 100 }) };
}

Deno.test("acquireSoon() lends each buffer once, then those released, in the order of the requests", async () => {
  const { pool } = setUp(2);
  const first = pool.acquireSoon() as PooledBuffer;
  const second = pool.acquireSoon() as PooledBuffer;
  assert.notEqual(first.memory, second.memory);
  assert.equal(first.memory.length, 100);
  const got: [who: string, buffer: PooledBuffer | null][] = [];
  const waits = ["a", "b", "c"].map(async (who) => {
    got.push([who, await pool.acquireSoon()]);
  });
  second.release();
  first.release();
  await Promise.all(waits.slice(0, 2));
  assert.deepEqual(got, [["a", second], ["b", first]]);
  second.release();
  await waits[2];
  assert.deepEqual(got[2], ["c", second]);
  assert.equal(pool.acquire(), null);
  first.release();
  assert.equal(pool.acquire(), first);
});

Deno.test("acquireSoon() gives up after 5 ms without a release, for all until there is one", async () => {
  const { clock, pool } = setUp(1);
  const lent = pool.acquire()!;
  const waits = [pool.acquireSoon(), pool.acquireSoon()];
  await clock.advance(5);
  assert.deepEqual(await Promise.all(waits), [null, null]);
  assert.equal(pool.acquireSoon(), null);
  lent.release();
  assert.equal(pool.acquireSoon(), lent);
  const next = pool.acquireSoon();
  lent.release();
  assert.equal(await next, lent);
});

Deno.test("acquireSoon() waits while buffers are released, however many wait before it", async () => {
  const { clock, pool } = setUp(1);
  const lent = pool.acquire()!;
  const waits = [1, 2, 3].map(() => pool.acquireSoon());
  for (const wait of waits) {
    lent.release();
    assert.equal(await wait, lent);
    await clock.advance(5);
  }
  const last = pool.acquireSoon();
  await clock.advance(5);
  assert.equal(await last, null);
});
