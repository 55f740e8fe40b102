import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { SegmentHash } from "../../../lib/io/songs/segment_hash.ts";
import { settle } from "../../support/fake_clock.ts";

Deno.test("previous resolves when a single segment waits to be hashed", async () => {
  const header = new Uint8Array(44);
  const hash = new SegmentHash(header, {
    ...{ codec: "flac", encoding: "s16le", rate: 44_100, channels: 2 },
    ...{ validBits: 16, sampleFrames: 0, isEstimated: false, firstFrame: 0 },
  });
  // More than is hashed in one turn.
  const segment = new Uint8Array(64 << 20);
  hash.add(segment);
  await hash.previous;
  hash.add(segment.subarray(9));
  let isHashed = false;
  hash.previous.then(() => isHashed = true);
  await settle();
  assert.equal(isHashed, false);
  await hash.previous;
  const expected = createHash("sha256").update(header).update(segment)
    .update(segment.subarray(9));
  assert.equal((await hash.end())?.sha256, expected.digest("hex"));
});
