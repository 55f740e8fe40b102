import assert from "node:assert/strict";
import { DiskSpace } from "../../../lib/io/disk/disk_space.ts";

const NO_SPACE = { code: "no-space" };

/** A disk with this much free space. */
function disk(free: number, minFree: number) {
  const state = { free };
  const space = new DiskSpace(minFree, () => Promise.resolve(state.free));
  return { state, space };
}

Deno.test("reserve() keeps the minimum free, to the byte", async () => {
  await disk(1500, 1000).space.reserve("", 500);
  await assert.rejects(disk(1500, 1000).space.reserve("", 501), NO_SPACE);
  await assert.rejects(disk(1499, 1000).space.reserve("", 500), NO_SPACE);
  await disk(0, 0).space.reserve("", 0);
});

Deno.test("concurrent uploads that announce their length do not reserve the same bytes", async () => {
  const { space, state } = disk(1500, 1000);
  const results = await Promise.allSettled([
    space.reserve("", 300),
    space.reserve("", 300),
    space.reserve("", 200),
  ]);
  assert.deepEqual(results.map(({ status }) => status), [
    ...["fulfilled", "rejected", "fulfilled"],
  ]);
  const first = (results[0] as PromiseFulfilledResult<
    Awaited<ReturnType<typeof space.reserve>>
  >).value;
  first.wrote(100);
  state.free -= 100; // The disk itself counts written bytes.
  await assert.rejects(space.reserve("", 1), NO_SPACE);
  first.release();
  first.release();
  await space.reserve("", 200);
  await assert.rejects(space.reserve("", 1), NO_SPACE);
});

Deno.test("uploads that announce no length share the free space, to the byte", async () => {
  const { space, state } = disk(20_000_000, 10_000_000);
  const uploads = [await space.reserve("", 0), await space.reserve("", 0)];
  let stored = 0;
  const write = async (upload: typeof uploads[0], bytes: number) => {
    await upload.need(bytes);
    state.free -= bytes;
    stored += bytes;
    upload.wrote(bytes);
  };
  for (let i = 0; i < 9; i++) await write(uploads[i % 2], 1_000_000);
  // Bytes that the other upload reserved but has not written are not free.
  await assert.rejects(uploads[1].need(1_000_001), NO_SPACE);
  uploads[0].release();
  await write(uploads[1], 1_000_000);
  await assert.rejects(uploads[1].need(1), NO_SPACE);
  assert.equal(stored, 10_000_000);
});

Deno.test("a slow upload keeps only as much reserved as it sends in a minute", async () => {
  let nowMs = 0;
  const free = () => Promise.resolve(100_000_000);
  const space = new DiskSpace(0, free, { now: () => nowMs });
  const idle = await space.reserve("", 50_000_000);
  const slow = await space.reserve("", 50_000_000);
  slow.wrote(1_000_000);
  nowMs = 4999; // too early to measure the rate
  await assert.rejects(space.reserve("", 60_000_000), NO_SPACE);
  nowMs = 10_000;
  const other = await space.reserve("", 94_000_000);
  await assert.rejects(space.reserve("", 1), NO_SPACE);
  await assert.rejects(idle.need(1), NO_SPACE);
  other.release();
  await idle.need(50_000_000);
  for (const each of [idle, slow, other]) each.release();
  await space.reserve("", 100_000_000);
});

Deno.test("bytes written during the query of free space do not count as free", async () => {
  let freeBytes = 1000;
  let counted = () => {};
  const space = new DiskSpace(0, async () => {
    const now = freeBytes;
    await new Promise<void>((resolve) => setTimeout(resolve));
    counted();
    return now;
  });
  const first = await space.reserve("", 600);
  counted = () => {
    freeBytes -= 600;
    first.wrote(600);
  };
  await assert.rejects(space.reserve("", 401), NO_SPACE);
});
