import assert from "node:assert/strict";
import { ownState } from "../../../web/model/own_device.ts";

type Known = Parameters<typeof ownState>[0];
type State = NonNullable<NonNullable<Known["now"]>["state"]>;

const PLAYING: State = {
  ...{ song: "a.wav", level: 0, underruns: 0, volume: 100, paused: false },
  ...{ bufferedSeconds: 2, positionSeconds: 5, lengthSeconds: 60 },
  format: {
    ...{ encoding: "s16le", rate: 8000, channels: 1, bits: 16 },
    ...{ dataOffset: 44, dataBytes: 960_000 },
  },
};

Deno.test("ownState() names what is most pressing", () => {
  const online = { state: "online" };
  const away = { state: "away" };
  const step: State["step"] = {
    errorUs: 1500,
    grade: "exact",
    rttUs: 1,
    leadMs: 1,
  };
  const cases: [
    { state: string },
    boolean,
    State | "none yet" | null,
    object,
  ][] = [
    [online, false, null, { is: "idle" }],
    [away, false, null, { is: "away" }],
    [online, true, null, { is: "silenced" }],
    [online, true, PLAYING, { is: "silenced" }],
    [online, false, "none yet", { is: "buffering" }],
    [online, false, PLAYING, { is: "playing", offMs: null }],
    [away, false, PLAYING, { is: "playing", offMs: null }],
    [online, false, { ...PLAYING, step }, { is: "playing", offMs: 1.5 }],
    [online, false, { ...PLAYING, paused: true }, { is: "paused" }],
    [online, false, { ...PLAYING, bufferedSeconds: 0 }, { is: "buffering" }],
    [
      online,
      false,
      { ...PLAYING, bufferedSeconds: 0, positionSeconds: 59.5 },
      { is: "playing", offMs: null },
    ],
    // A live song.
    [
      online,
      false,
      { ...PLAYING, bufferedSeconds: 0, lengthSeconds: null },
      { is: "playing", offMs: null },
    ],
  ];
  for (const [connection, silenced, state, expected] of cases) {
    const now = state && { state: state === "none yet" ? null : state };
    assert.deepEqual(ownState({ connection, silenced, now }), expected);
  }
});
