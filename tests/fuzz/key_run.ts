/**
 * Keys pressed at any moment, on any source: the song always ends, and the
 * audio after the last key is right to the sample.
 *
 * @module
 */

import { assertBytes } from "../support/assert_bytes.ts";
import fc from "../support/fast_check.ts";
import { PCM, SECONDS, SOURCES } from "../support/playback_sources.ts";

/** A pause, and then a key or another event. */
export interface KeyStep {
  waitMs: number;
  act: "pause" | "resume" | "seek" | "cut";
  /** The target of a seek, in seconds. */
  to: number;
}

export interface KeyScript {
  source: string;
  steps: KeyStep[];
}

export const KEY_SCRIPT: fc.Arbitrary<KeyScript> = fc.record({
  source: fc.constantFrom(...Object.keys(SOURCES)),
  steps: fc.array(
    fc.record({
      waitMs: fc.constantFrom(0, 0, 1, 50, 300, 3_000, 11_000, 30_000),
      act: fc.constantFrom(
        ...(["pause", "resume", "seek", "seek", "cut"] as const),
      ),
      to: fc.constantFrom(-1, 0, 0.5, 12, 24.99, 25, 30, 59.9, SECONDS, 1e9),
    }),
    { maxLength: 8 },
  ),
});

/** Runs a script. @throws {Error} If a property fails. */
export async function runKeys({ source, steps }: KeyScript): Promise<void> {
  const { client, playback } = SOURCES[source]();
  const { clock, recorder } = client;
  const done = playback.run();
  let isOver = false;
  done.catch(() => {}).finally(() => isOver = true);
  let [before, byte] = [0, 0];
  for (const { waitMs, act, to } of steps) {
    await clock.advance(waitMs);
    if (isOver) break;
    if (act === "pause") playback.pause();
    else if (act === "resume") playback.resume();
    else if (act === "cut") client.server.connections.at(-1)?.cut();
    else if (playback.seek(to)) {
      before = recorder.pcm.length;
      byte = Math.round(Math.min(Math.max(0, to), SECONDS) * 8000);
    }
  }
  playback.resume();
  await clock.runUntil(done);
  assertBytes(recorder.pcm.slice(before), PCM.subarray(byte));
}
