/**
 * One of two who want the same lock at the same moment, again and again.
 *
 * @module
 */

import { FileLock } from "../../../lib/io/disk/file_lock.ts";

/** Of each round: how many have come to it, how many have it, how many have tried. */
const PLACES = 3;

interface Race {
  path: string;
  rounds: number;
  memory: SharedArrayBuffer;
}

/** What a worker is, which the checker does not know of a file among others. */
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

/** Goes on when both are there. */
function meet(seen: Int32Array, at: number): void {
  Atomics.add(seen, at, 1);
  while (Atomics.load(seen, at) < 2);
}
