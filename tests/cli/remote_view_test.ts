import assert from "node:assert/strict";
import { controlOfKey } from "../../lib/cli/remote_view.ts";

type Group = Parameters<typeof controlOfKey>[1];

const DEVICE = {
  key: "k",
  name: "Kitchen",
  volume: 50,
  muted: false,
  delay: 0,
};
const GROUP: Group = {
  ...{ group: "k", name: "Kitchen", devices: [DEVICE], state: "playing" },
  ...{ entry: 7, song: "a.wav", title: "a", position: 1, positionAt: 0 },
  ...{ seconds: 9, songs: 1, revision: 1, repeat: "off", shuffle: false },
  volume: 50,
};
const ROOMS: Group = { ...GROUP, devices: [DEVICE, { ...DEVICE, key: "b" }] };

const TABLE: [key: string, group: Group, control: unknown][] = [
  ["space", GROUP, { action: "pause" }],
  ["space", { ...GROUP, state: "paused" }, { action: "resume" }],
  ["left", GROUP, { action: "seek", value: -10, relative: true }],
  ["up", GROUP, { action: "volume", value: 5, relative: true }],
  ["down", ROOMS, { action: "volume", value: -5, relative: true, group: true }],
  ["n", GROUP, { action: "next", entry: 7 }],
  ["p", { ...GROUP, entry: null }, { action: "previous" }],
  ["s", GROUP, { action: "stop" }],
  ["x", GROUP, null],
  ["constructor", GROUP, null],
];

for (const [key, group, control] of TABLE) {
  Deno.test(`the key ${key} sends ${JSON.stringify(control)}`, () => {
    assert.deepEqual(controlOfKey(key, group), control);
  });
}
