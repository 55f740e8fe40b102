import assert from "node:assert/strict";
import { CacheTee } from "../../lib/client/cache_tee.ts";
import type { CacheWriter } from "../../lib/ports/client.ts";
import { settle } from "../support/fake_clock.ts";

/** A tee to a disk whose first write takes as long as the test wants. */
function setUp() {
  const disk = Promise.withResolvers<void>();
  const events: string[] = [];
  const writer: CacheWriter = {
    storedBytes: 0,
    read: () => assert.fail(),
    write: async (piece) => {
      events.push(`write ${piece}`);
      await disk.promise;
    },
    publish: () => assert.fail(),
    close: () => Promise.resolve(void events.push("close")),
    discard: () => Promise.resolve(void events.push("discard")),
  };
  const granted: number[] = [];
  const done = (bytes: number) => void granted.push(bytes);
  const tee = new CacheTee(Promise.resolve(writer), 0, done);
  return { tee, disk, events, granted };
}

/** A piece that counts how often it is copied. */
class Piece extends Uint8Array {
  static copies = 0;

  override slice(from?: number, to?: number): Uint8Array<ArrayBuffer> {
    Piece.copies++;
    return new Uint8Array(super.slice(from, to));
  }
}

for (const act of ["stop", "discard"] as const) {
  Deno.test(`${act}() writes what came before it, and copies no more for a disk that hangs`, async () => {
    const { tee, disk, events, granted } = setUp();
    Piece.copies = 0;
    tee.store(Piece.of(1));
    tee.store(Piece.of(2));
    await settle();
    tee.played(2);
    const stopped = tee[act]();
    // The bytes are granted again as they are played, whatever the disk does.
    assert.equal(granted.reduce((sum, bytes) => sum + bytes), 2);
    for (let i = 0; i < 100; i++) tee.store(Piece.of(3));
    assert.equal(Piece.copies, 2);
    disk.resolve();
    await stopped;
    const end = act === "stop" ? "close" : "discard";
    assert.deepEqual(events, ["write 1", "write 2", end]);
  });
}
