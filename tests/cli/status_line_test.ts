import assert from "node:assert/strict";
import stringWidth from "string-width";
import { statusLine } from "../../lib/cli/status_line.ts";

type State = Parameters<typeof statusLine>[0];

const STATE: State = {
  song: "Ode to Joy.wav",
  format: {
    encoding: "s16le",
    rate: 44100,
    channels: 2,
    bits: 16,
    dataOffset: 44,
    dataBytes: 176_400 * 200,
  },
  positionSeconds: 50,
  lengthSeconds: 200,
  bufferedSeconds: 3.96,
  level: 1,
  underruns: 0,
  volume: 100,
  paused: false,
};

Deno.test("statusLine() shows time, length, bar, buffer and level", () => {
  assert.equal(
    statusLine(STATE, 1, 69),
    "▶  0:50 / 3:20  ━━━━━━━──────────────────────  buffer 4.0 s  ████████",
  );
});

Deno.test("statusLine() shows a pause, the volume and gaps where there are", () => {
  const state = { ...STATE, paused: true, volume: 85, underruns: 2 };
  const line = statusLine(state, 0, 200);
  assert.ok(line.startsWith("❚❚ 0:50 / 3:20  "), line);
  assert.ok(line.endsWith("  85 %  2 underruns"), line);
});

Deno.test("statusLine() leaves the bar out where it has no room, and for a live stream", () => {
  assert.equal(
    statusLine(STATE, 1, 45),
    "▶  0:50 / 3:20  buffer 4.0 s  ████████",
  );
  assert.equal(
    statusLine({ ...STATE, lengthSeconds: null }, 0.5, 200).trimEnd(),
    "▶  0:50 / live  buffer 4.0 s  ███████",
  );
});

Deno.test("statusLine() is never wider than it may be", () => {
  const states = [
    STATE,
    { ...STATE, positionSeconds: 359_999, lengthSeconds: 360_000 },
    { ...STATE, paused: true, volume: 5, underruns: 12_345 },
    { ...STATE, positionSeconds: 300 }, // beyond its end
    { ...STATE, lengthSeconds: 0 },
  ];
  for (const state of states) {
    for (let columns = 1; columns <= 200; columns++) {
      const line = statusLine(state, 1, columns);
      assert.ok(stringWidth(line) <= columns, `${columns}: ${line}`);
    }
  }
});
