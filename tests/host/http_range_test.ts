import assert from "node:assert/strict";
import { parseRange } from "../../lib/host/http_range.ts";

const RANGES: [field: string, range: unknown][] = [
  ["bytes=0-0", { offset: 0, bytes: 1 }],
  ["bytes=2-3", { offset: 2, bytes: 2 }],
  ["bytes=2-", { offset: 2, bytes: 8 }],
  ["bytes=9-9", { offset: 9, bytes: 1 }],
  ["bytes=9-10", { offset: 9, bytes: 1 }],
  ["Bytes= 2-3 ", { offset: 2, bytes: 2 }],
  ["bytes=-3", { offset: 7, bytes: 3 }],
  ["bytes=-99", { offset: 0, bytes: 10 }],
  [`bytes=0-${"9".repeat(400)}`, { offset: 0, bytes: 10 }],
  ["bytes=10-", "unsatisfiable"],
  ["bytes=10-20", "unsatisfiable"],
  ["bytes=-0", "unsatisfiable"],
  [`bytes=${"9".repeat(400)}-`, "unsatisfiable"],
  ["", null],
  ["bytes=", null],
  ["bytes=-", null],
  ["bytes=3-2", null],
  ["bytes=+1-2", null],
  ["bytes=1-2x", null],
  ["bytes=0x1-2", null],
  ["bytes=0-1,4-5", null],
  ["bytes 0-1", null],
  ["items=0-1", null],
];

for (const [field, range] of RANGES) {
  Deno.test(`parseRange() of ${field.slice(0, 20) || "an empty field"} in 10 bytes is ${JSON.stringify(range)}`, () => {
    assert.deepEqual(parseRange(field, 10), range);
  });
}

Deno.test("parseRange() finds no satisfiable range in an empty body", () => {
  for (const field of ["bytes=0-", "bytes=0-0", "bytes=-1"]) {
    assert.equal(parseRange(field, 0), "unsatisfiable");
  }
});
