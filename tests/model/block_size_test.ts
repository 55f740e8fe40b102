import assert from "node:assert/strict";
import { blockBytes, parseBlockSize } from "../../lib/model/block_size.ts";
import { CD, PHONE } from "../support/memory_songs.ts";

Deno.test("parseBlockSize() parses bytes and durations", () => {
  const table: [text: string, size: unknown][] = [
    ["512", { bytes: 512 }],
    ["8192", { bytes: 8192 }],
    ["8192b", { bytes: 8192 }],
    ["64k", { bytes: 65536 }],
    ["64KiB", { bytes: 65536 }],
    ["64 kB", { bytes: 65536 }],
    ["1m", { bytes: 1048576 }],
    ["1MiB", { bytes: 1048576 }],
    ["1048576", { bytes: 1048576 }],
    ["30s", { seconds: 30 }],
    ["0.5s", { seconds: 0.5 }],
    ["20ms", { seconds: 0.02 }],
    ["2min", { seconds: 120 }],
    ["10 S", { seconds: 10 }],
  ];
  for (const [text, size] of table) {
    assert.deepEqual(parseBlockSize(text), size, text);
  }
});

Deno.test("parseBlockSize() throws usage when the text is out of range or not a size", () => {
  const texts = [
    "",
    "0",
    "511",
    "1048577",
    "2MiB",
    "1GiB",
    "0s",
    "-1s",
    "1.5KiB",
    "s",
    "1e3",
    "8192 bytes",
    "30 h",
    "Infinity",
    "NaN",
  ];
  for (const text of texts) {
    assert.throws(() => parseBlockSize(text), { code: "usage" }, text);
  }
});

Deno.test("blockBytes() is the given bytes, a duration's bytes, or the maximum", () => {
  const most = 1 << 20;
  const table: [size: { bytes: number } | { seconds: number }, number][] = [
    [{ bytes: 8192 }, 8192],
    [{ bytes: most }, most],
    [{ seconds: 1 }, 176_400],
    [{ seconds: 0.1 }, 17_640],
    [{ seconds: 30 }, most],
    [{ seconds: 1e300 }, most],
    [{ seconds: 0.001 }, 512],
  ];
  for (const [size, bytes] of table) {
    assert.equal(blockBytes(size, CD, most), bytes, JSON.stringify(size));
  }
});

Deno.test("blockBytes() never exceeds what a frame can hold", () => {
  assert.equal(blockBytes({ bytes: 4096 }, CD, 1000), 1000);
  assert.equal(blockBytes({ seconds: 30 }, CD, 0xFFFFFF), 5_292_000);
  assert.equal(blockBytes({ seconds: 3000 }, CD, 0xFFFFFF), 0xFFFFFF);
});

Deno.test("blockBytes() of a duration is whole sample frames", () => {
  for (const seconds of [0.0333, 0.1234567, 1 / 3]) {
    assert.equal(blockBytes({ seconds }, CD, 1 << 20) % 4, 0);
  }
  assert.equal(blockBytes({ seconds: 1 / 3 }, PHONE, 1 << 20), 2667);
});

Deno.test("blockBytes() of a duration is the maximum when the song has no format", () => {
  assert.equal(blockBytes({ seconds: 1 }, null, 5000), 5000);
  assert.equal(blockBytes({ bytes: 700 }, null, 5000), 700);
});
