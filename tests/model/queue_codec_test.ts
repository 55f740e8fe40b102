import assert from "node:assert/strict";
import {
  decodeOrder,
  encodeOrder,
  pagesOf,
  readPage,
} from "../../lib/model/queue_codec.ts";
import { hex, unhex } from "../support/decoded.ts";
import fc from "../support/fast_check.ts";

Deno.test("encodeOrder() takes a byte for each entry in the order it was added", () => {
  const table: [order: number[], bytes: string][] = [
    [[], ""],
    [[1, 2, 3], "020202"],
    [[3, 1, 2], "060302"],
    [[64, 0, 65], "80017f8201"],
    [[2 ** 52], "8080808080808010"],
  ];
  for (const [order, bytes] of table) {
    assert.equal(hex(encodeOrder(order)), bytes);
    assert.deepEqual(decodeOrder(unhex(bytes)), order);
  }
});

Deno.test("decodeOrder() reads what encodeOrder() wrote", () => {
  const entry = fc.oneof(fc.nat(200_000), fc.integer({ min: 0, max: 2 ** 52 }));
  fc.assert(fc.property(fc.array(entry), (order) => {
    assert.deepEqual(decodeOrder(encodeOrder(order)), order);
  }));
});

Deno.test("decodeOrder() takes any bytes", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
    assert.ok(decodeOrder(bytes).length <= bytes.length);
  }));
});

Deno.test("readPage() reads what pagesOf() wrote, in pages of a bounded length", () => {
  fc.assert(fc.property(
    fc.uniqueArray(fc.nat(10_000), { maxLength: 300 }),
    fc.string({ unit: "grapheme" }),
    fc.nat(1000),
    (numbers, song, times) => {
      const entries = numbers.sort((a, b) => a - b);
      const songs = entries.map((it) => `${it}`.padEnd(times, song));
      const batch = { entries, songs };
      const pages = [...pagesOf(batch)].map(readPage);
      assert.deepEqual(pages.flatMap((it) => it.entries), entries);
      assert.deepEqual(pages.flatMap((it) => [...it.songs]), songs);
      for (const { songs } of pages) {
        assert.ok(songs.slice(0, -1).join("").length < 65_536);
      }
    },
  ));
});

Deno.test("readPage() throws when it is no page", () => {
  for (const page of ["", "{}", '["a"]', "[1,null]", "[1,[]]", "null"]) {
    assert.throws(() => readPage(page), SyntaxError);
  }
});
