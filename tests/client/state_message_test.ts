import assert from "node:assert/strict";
import { stateMessage } from "../../lib/client/state_message.ts";
import { PHONE } from "../support/memory_songs.ts";

const STATE = {
  song: "a.wav",
  format: { ...PHONE, dataOffset: 44, dataBytes: 80_000 },
  positionSeconds: 9.9,
  lengthSeconds: 10,
  bufferedSeconds: 0,
  level: 0,
  underruns: 2,
  volume: 40,
  paused: false,
};
const NOW = { over: false, problem: null };

Deno.test("stateMessage() has the position and what plays", () => {
  assert.deepEqual(stateMessage(7, STATE, NOW), {
    type: "state",
    stream: 7,
    position: 9.9,
    playing: true,
    volume: 40,
    underruns: 2,
  });
});

const STILL: [what: string, state: object, now: object, position: RegExp][] = [
  ["paused at its end", { paused: true }, {}, /^9\.49/],
  ["without a player at its end", {}, { problem: "busy" }, /^9\.49/],
  ["paused before it", { paused: true, positionSeconds: 3 }, {}, /^3$/],
  ["over", {}, { over: true }, /^10$/],
  ["live and paused", { paused: true, lengthSeconds: null }, {}, /^9\.9$/],
  ["short and paused", { paused: true, lengthSeconds: 0.2 }, {}, /^0$/],
];

for (const [what, state, now, position] of STILL) {
  Deno.test(`stateMessage() distinguishes a song that is ${what}`, () => {
    const message = stateMessage(
      ...[7, { ...STATE, ...state }, { ...NOW, ...now }] as const,
    );
    assert.equal(message.playing, false);
    assert.match(String(message.position), position);
  });
}

Deno.test("stateMessage() cuts a problem to 500 characters", () => {
  const problem = "🎵".repeat(501);
  const message = stateMessage(7, STATE, { over: false, problem });
  assert.equal(message.problem, "🎵".repeat(500));
});
