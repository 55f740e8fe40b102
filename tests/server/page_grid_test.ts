import assert from "node:assert/strict";
import { PageGrid } from "../../lib/server/page_grid.ts";
import fc from "../support/fast_check.ts";

const MIB = 1 << 20;

Deno.test("a page is a megabyte of the run, or whole frames where they are large", () => {
  const table: [block: number, page: number, most: number][] = [
    [8192, MIB, MIB + 8195],
    [512, MIB, MIB + 515],
    [65_532, MIB, MIB + 65_535],
    [65_533, 65_537 * 15, 65_537 * 15],
    [MIB, MIB + 4, MIB + 4],
    [5_292_000, 5_292_004, 5_292_004],
  ];
  for (const [block, page, most] of table) {
    const { pageBytes, mostBytes } = new PageGrid(block);
    assert.deepEqual([pageBytes, mostBytes], [page, most], `${block}`);
  }
});

Deno.test("offsetAt() counts no header, be it cut", () => {
  const grid = new PageGrid(1000);
  const table: [position: number, offset: number][] = [
    [0, 0],
    [3, 0],
    [4, 0],
    [5, 1],
    [1004, 1000],
    [1007, 1000],
    [1009, 1001],
    [2008, 2000],
  ];
  for (const [position, offset] of table) {
    assert.equal(grid.offsetAt(position), offset, `${position}`);
  }
});

Deno.test("the frame of each byte is in the page that it begins in", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 200_000 }),
    fc.nat(1 << 30),
    (block, offset) => {
      const grid = new PageGrid(block);
      const frame = grid.frameAt(offset);
      const page = grid.pageStart(frame);
      assert.equal(grid.offsetAt(frame), offset - offset % block);
      assert.ok(page <= frame && frame < page + grid.pageBytes);
      assert.ok(frame + grid.frameBytes <= grid.pageEnd(frame));
      assert.ok(grid.pageEnd(frame) - page <= grid.mostBytes);
      assert.equal(grid.frameEnd(frame), frame);
      assert.equal(grid.frameEnd(frame + 1), frame + grid.frameBytes);
      assert.equal(grid.runBytes(offset - offset % block), frame);
    },
  ));
});
