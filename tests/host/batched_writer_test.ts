import assert from "node:assert/strict";
import { BatchedWriter } from "../../lib/host/batched_writer.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";

const utf8 = new TextDecoder();

/** A batched writer, and the texts that it wrote, one for each write. */
function recordedLines() {
  const clock = new FakeClock();
  const writes: string[] = [];
  const lines = new BatchedWriter(
    new WritableStream({
      write: (bytes) => {
        writes.push(utf8.decode(bytes));
      },
    }),
    clock,
  );
  const take = (...words: string[]) =>
    words.forEach((word) => lines.add(() => `${word}\n`));
  return { clock, lines, take, writes };
}

Deno.test("the first line is written at once, and those of the next 100 ms in one write", async () => {
  const { clock, take, writes } = recordedLines();
  take("first");
  await clock.advance(0);
  assert.deepEqual(writes, ["first\n"]);
  take("second");
  await clock.advance(60);
  take("third");
  await clock.advance(39);
  assert.equal(writes.length, 1);
  await clock.advance(1);
  assert.deepEqual(writes, ["first\n", "second\nthird\n"]);
  await clock.advance(500);
  take("fourth");
  await clock.advance(0);
  assert.deepEqual(writes.slice(2), ["fourth\n"]);
});

Deno.test("flush() writes pending lines immediately, and once", async () => {
  const { clock, lines, take, writes } = recordedLines();
  await lines.flush();
  take("first");
  await clock.advance(0);
  take("second", "third");
  await lines.flush();
  assert.deepEqual(writes, ["first\n", "second\nthird\n"]);
  await clock.advance(500);
  assert.equal(writes.length, 2);
});

Deno.test("flush() resolves when everything is written", async () => {
  const clock = new FakeClock();
  const written = Promise.withResolvers<void>();
  const lines = new BatchedWriter(
    new WritableStream({ write: () => written.promise }),
    clock,
  );
  lines.add(() => "first\n");
  await clock.advance(0);
  let isFlushed = false;
  const flushed = lines.flush().then(() => isFlushed = true);
  await settle();
  assert.equal(isFlushed, false);
  written.resolve();
  await flushed;
});

Deno.test("add() drops lines while a megabyte is unread, and accepts them again afterwards", async () => {
  const clock = new FakeClock();
  const { readable, writable } = new TransformStream<Uint8Array>();
  const lines = new BatchedWriter(writable, clock);
  const long = `${"x".repeat(99_999)}\n`;
  for (let i = 0; i < 20; i++) {
    lines.add(() => long);
    await clock.advance(100);
  }
  const reader = readable.getReader();
  const kept = Math.ceil((1 << 20) / long.length);
  for (let i = 0; i < kept; i++) {
    assert.equal((await reader.read()).value?.length, long.length);
  }
  await settle();
  lines.add(() => "short\n");
  await clock.advance(100);
  assert.equal(utf8.decode((await reader.read()).value), "short\n");
});

Deno.test("lines are dropped silently once the reader has closed", async () => {
  const clock = new FakeClock();
  const { readable, writable } = new TransformStream<Uint8Array>();
  const lines = new BatchedWriter(writable, clock);
  await readable.cancel("gone");
  lines.add(() => "first\n");
  await lines.flush();
  lines.add(() => "second\n");
  await clock.advance(100);
});
