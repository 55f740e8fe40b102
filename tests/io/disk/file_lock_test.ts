import assert from "node:assert/strict";
import { TempFolder } from "../../support/programs.ts";

const ROUNDS = 50;

Deno.test("one of two concurrent attempts acquires the lock", async () => {
  await using folder = await TempFolder.make();
  const path = folder.file("lock");
  const memory = new SharedArrayBuffer(ROUNDS * 3 * 4);
  const url = new URL("file_lock_racer.ts", import.meta.url);
  const racers = [0, 1].map(() => new Worker(url, { type: "module" }));
  await Promise.all(racers.map((racer) =>
    new Promise((resolve, reject) => {
      racer.onmessage = resolve;
      racer.onerror = reject;
      racer.postMessage({ path, rounds: ROUNDS, memory });
    })
  ));
  for (const racer of racers) racer.terminate();
  const seen = new Int32Array(memory);
  const takers = Array.from({ length: ROUNDS }, (_, i) => seen[3 * i + 1]);
  assert.deepEqual(takers.filter((count) => count !== 1), []);
});
