import assert from "node:assert/strict";
import { PcmBuffer } from "../../lib/client/pcm_buffer.ts";
import fc from "../support/fast_check.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);

Deno.test("shift() gives bytes in order, at most as many as there are", () => {
  const buffer = new PcmBuffer(4, 2);
  buffer.push(bytes(1, 2, 3));
  assert.deepEqual(buffer.shift(2), bytes(1, 2));
  buffer.push(bytes(4, 5, 6)); // around the end
  assert.deepEqual([buffer.bytes, buffer.room], [4, 0]);
  assert.deepEqual(buffer.shift(99), bytes(3, 4, 5, 6));
  assert.deepEqual(buffer.shift(1), bytes());
});

Deno.test("push() throws bad-frame when there is no room, and keeps its bytes", () => {
  const buffer = new PcmBuffer(4, 2);
  buffer.push(bytes(1, 2, 3));
  assert.throws(() => buffer.push(bytes(4, 5)), {
    code: "bad-frame",
    fatal: true,
  });
  buffer.push(bytes(4));
  assert.throws(() => buffer.push(bytes(5)), { code: "bad-frame" });
  buffer.push(bytes());
  assert.deepEqual(buffer.shift(4), bytes(1, 2, 3, 4));
});

Deno.test("push() copies", () => {
  const buffer = new PcmBuffer(4, 2);
  const pushed = bytes(1, 2);
  buffer.push(pushed);
  pushed.fill(9);
  assert.deepEqual(buffer.shift(2), bytes(1, 2));
});

Deno.test("shift() lends bytes that nothing else changes until the next call", () => {
  const buffer = new PcmBuffer(4, 2);
  buffer.push(bytes(1, 2, 3));
  const lent = buffer.shift(2);
  buffer.push(bytes(4, 5, 6));
  assert.deepEqual(lent, bytes(1, 2));
  lent.fill(9);
  assert.deepEqual(buffer.shift(4), bytes(3, 4, 5, 6));
});

Deno.test("release() makes shift() lend the same memory again", () => {
  const buffer = new PcmBuffer(400, 200);
  const places = new Set<number>();
  for (let i = 0; i < 20; i++) {
    buffer.push(new Uint8Array(100).fill(i));
    const lent = buffer.shift(100);
    assert.deepEqual(lent, new Uint8Array(100).fill(i));
    places.add(lent.byteOffset);
    buffer.release();
  }
  assert.deepEqual([...places], [0]);
});

Deno.test("clear() throws all away and says how much", () => {
  const buffer = new PcmBuffer(4, 2);
  buffer.push(bytes(1, 2, 3));
  assert.equal(buffer.clear(), 3);
  assert.equal(buffer.clear(), 0);
  buffer.push(bytes(4, 5, 6, 7));
  assert.deepEqual(buffer.shift(4), bytes(4, 5, 6, 7));
});

Deno.test("widen() keeps what is there, and never shrinks", () => {
  const buffer = new PcmBuffer(4, 2);
  buffer.push(bytes(1, 2, 3));
  buffer.shift(2);
  buffer.push(bytes(4, 5, 6));
  buffer.widen(6);
  assert.equal(buffer.room, 2);
  buffer.widen(5);
  assert.equal(buffer.room, 2);
  buffer.push(bytes(7, 8));
  assert.deepEqual(buffer.shift(9), bytes(3, 4, 5, 6, 7, 8));
});

Deno.test("a buffer gives what was put in, and keeps what it lent, whatever happens to it", () => {
  const step = fc.oneof(
    fc.record({ push: fc.uint8Array({ maxLength: 20 }) }),
    fc.record({ shift: fc.nat(20) }),
    fc.record({ widen: fc.nat(60) }),
    fc.constant({ clear: true }),
    fc.constant({ release: true }),
  );
  const sizes = [fc.nat(30), fc.nat(20), fc.array(step)] as const;
  fc.assert(fc.property(...sizes, (capacity, lentBytes, steps) => {
    const buffer = new PcmBuffer(capacity, lentBytes);
    let model: number[] = [];
    let most = capacity;
    let lent: { bytes: Uint8Array; are: number[] } | null = null;
    for (const step of steps) {
      if ("push" in step) {
        if (step.push.length > most - model.length) {
          assert.throws(() => buffer.push(step.push), { code: "bad-frame" });
        } else {
          buffer.push(step.push);
          model.push(...step.push);
        }
      } else if ("shift" in step) {
        lent = {
          bytes: buffer.shift(step.shift),
          are: model.splice(0, step.shift),
        };
      } else if ("widen" in step) {
        buffer.widen(step.widen);
        most = Math.max(most, step.widen);
      } else if ("clear" in step) {
        assert.equal(buffer.clear(), model.length);
        model = [];
      } else {
        buffer.release();
        lent = null;
      }
      if (lent !== null) assert.deepEqual([...lent.bytes], lent.are);
      assert.equal(buffer.bytes, model.length);
      assert.equal(buffer.room, most - model.length);
    }
  }));
});
