/**
 * One of two workers that race for the same lock, round after round.
 *
 * @module
 */

import { FileLock } from "../../../lib/io/disk/file_lock.ts";

/** Counts of a round: workers that arrived, that hold the lock, that tried. */
const PLACES = 3;

interface Race {
  path: string;
  rounds: number;
  memory: SharedArrayBuffer;
}

/** This worker's global scope, which the type checker does not know here. */
const worker = globalThis as unknown as {
  onmessage: (event: MessageEvent<Race>) => void;
  postMessage(message: string): void;
};

worker.onmessage = ({ data }) => {
  const seen = new Int32Array(data.memory);
  for (let round = 0; round < data.rounds; round++) {
    const at = round * PLACES;
    meet(seen, at);
    const lock = FileLock.tryAcquire(data.path);
    if (lock) Atomics.add(seen, at + 1, 1);
    meet(seen, at + 2);
    lock?.release();
  }
  worker.postMessage("done");
};

/** Waits until both workers have arrived. */
function meet(seen: Int32Array, at: number): void {
  Atomics.add(seen, at, 1);
  while (Atomics.load(seen, at) < 2);
}
