import assert from "node:assert/strict";
import stringWidth from "string-width";
import { statusLine as styledLine } from "../../lib/cli/status_line.ts";
import { plainText } from "../../lib/io/console/styled.ts";

type State = Parameters<typeof styledLine>[0];

function statusLine(...args: Parameters<typeof styledLine>): string {
  return plainText(styledLine(...args));
}

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

const WIDTHS: [columns: number, line: string][] = [
  [
    100,
    "▶  0:50 / 3:20  Ode to Joy.wav  100 %  ━━━━━━━━━────────────────────────────  ████████  buffer 4.0 s",
  ],
  [
    80,
    "▶  0:50 / 3:20  Ode to Joy.wav  100 %  ━━━━─────────────  ████████  buffer 4.0 s",
  ],
  [60, "▶  0:50 / 3:20  Ode to Joy.wav  100 %  ━━━────────  ████████"],
  [40, "▶  0:50 / 3:20  Ode to Joy.wav  100 %"],
  [30, "▶  0:50 / 3:20  Ode…wav  100 %"],
  [22, "▶  0:50 / 3:20  100 %"],
];

for (const [columns, line] of WIDTHS) {
  Deno.test(`statusLine() keeps song, time and volume longest: ${columns} columns`, () => {
    assert.equal(statusLine(STATE, 1, columns), line);
  });
}

Deno.test("statusLine() shows a pause, the volume and gaps where there are", () => {
  const state = { ...STATE, paused: true, volume: 85, underruns: 2 };
  const line = statusLine(state, 0, 200);
  assert.ok(
    line.startsWith("❚❚ 0:50 / 3:20  Ode to Joy.wav  85 %  "),
    line,
  );
  assert.ok(line.includes("  2 underruns  "), line);
});

Deno.test("statusLine() of a live stream has no bar", () => {
  assert.equal(
    statusLine({ ...STATE, lengthSeconds: null }, 0.5, 200),
    "▶  0:50 / live  Ode to Joy.wav  100 %  ███████   buffer 4.0 s",
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

Deno.test("statusLine() says that a device is muted, whatever its volume", () => {
  const line = statusLine({ ...STATE, muted: true }, 0, 60);
  assert.match(line, /Ode to Joy\.wav {2}muted {2}━/);
});
