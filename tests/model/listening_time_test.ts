import assert from "node:assert/strict";
import { ListeningTime } from "../../lib/model/listening_time.ts";

/** Of CD audio. */
const BYTES_PER_MS = 176.4;
const SECOND = 176_400;

Deno.test("a first read is heard soon, the next ones when those before them were heard", () => {
  const time = new ListeningTime(BYTES_PER_MS);
  assert.equal(time.heardMs(5 * SECOND, 1_000), 1_100);
  time.begins(5 * SECOND, SECOND);
  assert.equal(time.heardMs(5 * SECOND, 1_000), 1_100);
  time.ends(1_050);
  assert.equal(time.heardMs(6 * SECOND, 1_060), 2_050);
  time.begins(6 * SECOND, 3 * SECOND);
  time.ends(1_070);
  assert.equal(time.heardMs(9 * SECOND, 1_080), 5_050);
  assert.equal(time.heardMs(9 * SECOND, 60_000), 5_050); // It is late.
});

Deno.test("reads go on where others have read meanwhile", () => {
  const time = new ListeningTime(BYTES_PER_MS);
  time.begins(0, SECOND);
  time.ends(0);
  assert.equal(time.heardMs(3 * SECOND, 500), 3_000);
});

Deno.test("a read elsewhere begins anew", () => {
  for (const elsewhere of [4 * SECOND, 60 * SECOND]) {
    const time = new ListeningTime(BYTES_PER_MS);
    time.begins(5 * SECOND, SECOND);
    time.ends(0);
    assert.equal(time.heardMs(elsewhere, 7_000), 7_100);
    time.begins(elsewhere, SECOND);
    assert.equal(time.heardMs(elsewhere + SECOND, 7_050), 7_150);
    time.ends(7_200);
    assert.equal(time.heardMs(elsewhere + SECOND, 7_300), 8_200);
  }
});
