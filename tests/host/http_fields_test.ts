import assert from "node:assert/strict";
import { hasTag, takesGzip } from "../../lib/host/http_fields.ts";

const TAGS: [field: string, found: boolean][] = [
  ['"b"', true],
  ['"a","b"', true],
  ['"a" ,\t"b" , "c"', true],
  ['W/"b"', true],
  ["*", true],
  ["", false],
  ["b", false],
  ['"bb"', false],
  ['w/"b"', false],
];

for (const [field, found] of TAGS) {
  Deno.test(`hasTag() is ${found} for ${field || "an empty field"}`, () => {
    assert.equal(hasTag(field, '"b"'), found);
  });
}

const CODINGS: [field: string, taken: boolean][] = [
  ["gzip", true],
  ["br, GZIP", true],
  ["deflate, gzip;q=0.5, br;q=1.0", true],
  ["x-gzip", true],
  ["*", true],
  ["gzip ; Q=0.001", true],
  ["", false],
  ["identity", false],
  ["gzip;q=0", false],
  ["gzip;q=0.000, *", false],
  ["*;q=0", false],
  ["gzipped", false],
  ["gzip;q=x", false],
];

for (const [field, taken] of CODINGS) {
  Deno.test(`takesGzip() is ${taken} for ${field || "an empty field"}`, () => {
    assert.equal(takesGzip(field), taken);
  });
}

Deno.test("hasTag() and takesGzip() scan a field of 64 KiB in linear time", () => {
  const began = performance.now();
  for (const worst of [",", " ", "gzip;q=", '"a",', ";"]) {
    const field = worst.repeat(65_536 / worst.length);
    assert.equal(hasTag(field, '"b"'), false);
    takesGzip(field);
  }
  assert.ok(performance.now() - began < 1000);
});
