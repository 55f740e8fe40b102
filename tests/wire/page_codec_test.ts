import assert from "node:assert/strict";
import { NEXT } from "../../lib/wire/message_row.ts";
import { encodePage } from "../../lib/wire/message_codec.ts";
import type { Page } from "../../lib/wire/messages.ts";
import { json } from "../support/read_message.ts";

/** An answer in pages as it is read again. */
function answered(rows: unknown[], others: Record<string, unknown> = {}) {
  const frame = encodePage(
    { type: "songs", songs: rows, more: false, ...others } as unknown as Page,
  );
  assert.ok(frame.length <= 4 + (1 << 20));
  const length = frame[1] << 16 | frame[2] << 8 | frame[3];
  assert.deepEqual([frame[0], length], [1, frame.length - 4]);
  return json(frame);
}

Deno.test("encodePage() encodes the first rows that fit into a message", () => {
  const row = (bytes: number) => "x".repeat(bytes - 2); // and two quotes
  const table: [rows: string[], fitting: number][] = [
    [[], 0],
    [[row(10), row(10)], 2],
    [[row(500_000), row(500_000), row(500_000)], 2],
    [[row(10), row(1 << 20), row(10)], 1],
    [[row(1 << 20)], 0],
    [new Array(2000).fill(row(1000)), 1014],
    [new Array(2000).fill('"'.repeat(500)), 1012], // twice as long as JSON
    [new Array(2000).fill("ü".repeat(500)), 1012],
    [new Array(3).fill("\ud800"), 3], // a lone surrogate, escaped
  ];
  for (const [rows, fitting] of table) {
    for (const re of [undefined, "\u0001".repeat(64)]) {
      assert.deepEqual(answered(rows, re ? { re } : {}), {
        type: "songs",
        songs: rows.slice(0, fitting),
        more: fitting < rows.length,
        ...(re && { re }),
      });
    }
  }
});

Deno.test("encodePage() keeps `more` set when all rows of a page fit", () => {
  assert.equal(answered(["a"], { more: true }).more, true);
});

Deno.test("encodePage() reads no more rows than a message holds", () => {
  let looked = 0;
  const long = "p".repeat(8000);
  const rows = Array.from({ length: 1000 }, () => ({
    toJSON: () => (looked++, long),
  }));
  const { length } = answered(rows).songs;
  assert.equal(looked, length + 1);
});

Deno.test("encodePage() has the cursor behind the rows that fit, where there is one", () => {
  const row = "x".repeat(498);
  const all = Array(10).fill(row);
  const many = Array(3000).fill(row);
  const next = (rows: number) => rows === 10 ? undefined : `behind ${rows}`;
  const paged = (albums: unknown[]) =>
    json(encodePage(
      { type: "albums", albums, total: 1, [NEXT]: next } as unknown as Page,
    ));
  assert.deepEqual(paged(all), { type: "albums", albums: all, total: 1 });
  const { albums, next: cursor, ...rest } = paged(many);
  assert.deepEqual(rest, { type: "albums", total: 1 });
  assert.equal(cursor, `behind ${albums.length}`);
  assert.ok(albums.length > 2000 && albums.length < 3000);
});

Deno.test("encodePage() throws what does not fit around its rows", () => {
  const rows = new Array(2000).fill("x".repeat(1000));
  assert.throws(() => answered(rows, { re: "r".repeat(40_000) }), RangeError);
});

Deno.test("a welcome has as many of its rows as fit", () => {
  const rows = Array(100).fill("x".repeat(20_000));
  const welcome = { type: "welcome", online: rows, total: 100 };
  const read = json(encodePage(welcome as unknown as Page));
  assert.ok(read.online.length < 100);
  assert.deepEqual(read, {
    ...welcome,
    online: rows.slice(0, read.online.length),
  });
});
