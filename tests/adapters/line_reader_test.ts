import assert from "node:assert/strict";
import { LineReader } from "../../lib/adapters/snapcast/line_reader.ts";

const TEXT = new TextEncoder().encode(`one\r\n\n${"x".repeat(1000)}\ntwo\n`);
const WHOLE = ["one\r", "", "x".repeat(1000), "two"];

Deno.test("push() cuts the same lines however their bytes are split", () => {
  for (const size of [1, 2, 3, 7, 255, 256, 257, 1000, 5000]) {
    const reader = new LineReader(1000);
    const lines: string[] = [];
    for (let at = 0; at < TEXT.length; at += size) {
      const some = reader.push(TEXT.subarray(at, at + size));
      lines.push(...some.map((it) => new TextDecoder().decode(it)));
    }
    assert.deepEqual(lines, WHOLE);
  }
});

Deno.test("push() refuses a line with its first byte beyond the most", () => {
  const reader = new LineReader(10);
  assert.deepEqual(reader.push(new Uint8Array(10)), []);
  assert.throws(() => reader.push(new Uint8Array(1)), RangeError);
});
