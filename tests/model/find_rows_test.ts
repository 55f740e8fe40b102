import assert from "node:assert/strict";
import { findRows } from "../../lib/model/find_rows.ts";
import type { RowTest } from "../../lib/model/song_search.ts";

const SIZE = 10_000;
/** All rows, in an order that is not that of the table. */
const ROWS = Uint32Array.from({ length: SIZE }, (_, i) => i * 7_919 % SIZE);
const NO_TURNS = { next: () => null };

/** A test of every so many rows, which notes the rows that it is asked about. */
function every(
  count: number,
  cost = 1,
): { is: RowTest; tested: number[] } {
  const tested: number[] = [];
  const is: RowTest = (row, steps) => {
    tested.push(row);
    steps.count += cost - 1;
    return row % count === 0;
  };
  return { is, tested };
}

Deno.test("findRows() finds the rows that a filter finds, in their order", async () => {
  for (const count of [1, 3, 97, 5_000, SIZE + 1]) {
    for (const first of [0, 1, 4_000, 9_990, SIZE]) {
      for (const limit of [0, 1, 50, 2_500, Infinity]) {
        const { is } = every(count);
        const { rows, more } = await findRows(
          ROWS,
          { first, is, limit, size: SIZE },
          NO_TURNS,
        );
        const all = [...ROWS.slice(first)].filter((row) => row % count === 0);
        assert.deepEqual(
          rows,
          all.slice(0, limit),
          `${count} ${first} ${limit}`,
        );
        assert.equal(more, all.length > limit);
      }
    }
  }
});

Deno.test("findRows() tests few rows in their order, and many in that of the table", async () => {
  const few = every(3);
  await findRows(
    ROWS,
    { first: 0, is: few.is, limit: 50, size: SIZE },
    NO_TURNS,
  );
  assert.ok(few.tested.length < 300, `${few.tested.length}`);
  const many = every(SIZE + 1);
  const found = await findRows(
    ROWS,
    { first: 0, is: many.is, limit: 50, size: SIZE },
    NO_TURNS,
  );
  const rest = many.tested.slice(-SIZE);
  assert.deepEqual(rest, [...rest].sort((a, b) => a - b));
  assert.equal(found.compared, many.tested.length);
});

Deno.test("findRows() tests the last rows of an order only", async () => {
  const { is, tested } = every(SIZE + 1);
  await findRows(
    ROWS,
    { first: SIZE - 100, is, limit: 50, size: SIZE },
    NO_TURNS,
  );
  assert.deepEqual(tested, [...ROWS.slice(-100)]);
});

Deno.test("findRows() pauses after a few steps, and ends once it is over", async () => {
  let [steps, pauses, most] = [0, 0, 0];
  const turns = {
    next(count = 1) {
      steps += count;
      most = Math.max(most, count);
      pauses++;
      return Promise.resolve();
    },
  };
  const { is, tested } = every(SIZE + 1, 5);
  const sought = { first: 0, is, limit: 50, size: SIZE };
  const { compared } = await findRows(ROWS, sought, turns);
  assert.equal(compared, tested.length * 5);
  assert.ok(steps >= compared && most <= 40, `${steps} ${most}`);
  pauses = 0;
  const before = tested.length;
  await findRows(ROWS, sought, turns, () => pauses >= 3);
  assert.ok(tested.length - before <= 3 * 40);
});
