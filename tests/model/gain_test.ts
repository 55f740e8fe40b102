import assert from "node:assert/strict";
import { gainFactor, type GainMode } from "../../lib/model/gain.ts";
import type { SongGain } from "../../lib/ports/song_entry.ts";

const TABLE: [gain: SongGain | undefined, mode: GainMode, factor: number][] = [
  [undefined, "track", 1],
  [{ track: -20, album: -40 }, "off", 1],
  [{ track: -20, album: -40 }, "track", 0.1],
  [{ track: -20, album: -40 }, "album", 0.01],
  [{ track: -20 }, "album", 0.1],
  [{ album: -40 }, "track", 0.01],
  [{ track: 20 }, "track", 10],
  [{ track: 20, peak: 0.5 }, "track", 2],
  [{ track: 64 }, "track", 16],
  [{ track: -20, peak: 2 }, "track", 0.1],
  [{ track: 0, peak: 2 }, "track", 0.5],
  [{ track: 0, peak: 0 }, "track", 1],
];

for (const [gain, mode, factor] of TABLE) {
  Deno.test(`gainFactor() of ${JSON.stringify(gain)} by ${mode} is ${factor}`, () => {
    assert.ok(Math.abs(gainFactor(gain, mode) - factor) < 1e-9);
  });
}
