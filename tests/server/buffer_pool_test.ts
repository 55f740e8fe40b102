import assert from "node:assert/strict";
import { BufferPool, type PooledBuffer } from "../../lib/server/buffer_pool.ts";

/** Has timers fire when it is said, and not by themselves. */
async function withTimers(run: (fire: () => void) => Promise<void>) {
  const { setTimeout } = globalThis;
  const timers: (() => void)[] = [];
  globalThis.setTimeout =
    ((callback: () => void) =>
      timers.push(callback)) as unknown as typeof setTimeout;
  try {
    await run(() => timers.splice(0).forEach((timer) => timer()));
  } finally {
    globalThis.setTimeout = setTimeout;
  }
}

Deno.test("takeSoon() lends each buffer once, and then those that come back, in the order they were asked for", async () => {
  const buffers = new BufferPool(100, 2);
  const first = buffers.takeSoon() as PooledBuffer;
  const second = buffers.takeSoon() as PooledBuffer;
  assert.notEqual(first.buffer, second.buffer);
  assert.equal(first.buffer.length, 100);
  const got: [who: string, buffer: PooledBuffer | null][] = [];
  const waits = ["a", "b", "c"].map(async (who) => {
    got.push([who, await buffers.takeSoon()]);
  });
  second.release();
  first.release();
  await Promise.all(waits.slice(0, 2));
  assert.deepEqual(got, [["a", second], ["b", first]]);
  second.release();
  await waits[2];
  assert.deepEqual(got[2], ["c", second]);
  assert.equal(buffers.take(), null);
  first.release();
  assert.equal(buffers.take(), first);
});

Deno.test("takeSoon() gives up when none comes back, for all until one does", async () => {
  await withTimers(async (fire) => {
    const buffers = new BufferPool(100, 1);
    const lent = buffers.take()!;
    const waits = [buffers.takeSoon(), buffers.takeSoon()];
    fire();
    assert.deepEqual(await Promise.all(waits), [null, null]);
    assert.equal(buffers.takeSoon(), null);
    lent.release();
    assert.equal(buffers.takeSoon(), lent);
    const next = buffers.takeSoon();
    lent.release();
    assert.equal(await next, lent);
  });
});

Deno.test("takeSoon() waits on while others come back, however many are before", async () => {
  await withTimers(async (fire) => {
    const buffers = new BufferPool(100, 1);
    const lent = buffers.take()!;
    const waits = [1, 2, 3].map(() => buffers.takeSoon());
    for (const wait of waits) {
      lent.release();
      assert.equal(await wait, lent);
      fire();
    }
    const last = buffers.takeSoon();
    fire();
    assert.equal(await last, null);
  });
});
