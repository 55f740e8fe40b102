import assert from "node:assert/strict";
import { chosen, findRooms, oneGroup } from "../../lib/cli/rooms.ts";

Deno.test("all means all devices, whatever one of them is called", () => {
  const names = ["all", "ALL", "Allison", "Kitchen"];
  const groups = names.map((name) => ({
    ...{ group: name, name, devices: [{ key: name, name }] },
  }));
  assert.deepEqual(chosen(groups, ["all"]).to, names);
  assert.deepEqual(chosen(groups.slice(2), ["All"]).to, names.slice(2));
});

Deno.test("a device that is away yields its name to one that is here, and is not among all", () => {
  const groups = [
    { key: "old", name: "Kitchen", away: true },
    { key: "new", name: "Kitchen" },
    { key: "off", name: "Bath", away: true },
  ].map((it) => ({ group: it.key, name: it.name, devices: [it] }));
  assert.deepEqual(chosen(groups, ["kitchen"]).to, ["new"]);
  assert.deepEqual(chosen(groups, ["all"]).to, ["new"]);
  assert.deepEqual(chosen(groups, ["bath"]).to, ["off"]);
  assert.deepEqual(chosen(groups.slice(2), ["all"]).to, ["off"]);
});

Deno.test("a name that several devices have is ambiguous, and named once as the nearest", () => {
  const groups = ["a", "b"].map((key) => ({
    ...{ group: key, name: "Kitchen", devices: [{ key, name: "Kitchen" }] },
  })) as unknown as Parameters<typeof oneGroup>[0]["groups"];
  const { to } = chosen(groups, ["kitchen"]);
  assert.throws(() => oneGroup({ to, groups }), { code: "ambiguous" });
  const { unknown } = chosen(groups, ["kichen"]);
  assert.deepEqual(unknown.get("kichen"), ["Kitchen"]);
});

/** A server with two rooms, and a client that does not receive. */
const server = {
  welcome: Promise.resolve({ features: ["groups"] }),
  request: ({ type }: { type: string }) =>
    Promise.resolve(
      type === "groups"
        ? { groups: rooms("Kitchen", "Living room"), more: false }
        : {
          clients: [
            { key: "k1", id: "192.0.2.7:1", name: "Kitchen" },
            { key: "k9", id: "192.0.2.7:9", name: "kitchens" },
          ],
          more: false,
        },
    ),
} as unknown as Parameters<typeof findRooms>[1];

function rooms(...names: string[]) {
  return names.map((name) => ({
    ...{ group: name, name, devices: [{ key: name, name }] },
  }));
}

const context = { unlessInterrupted: <T>(work: Promise<T>) => work };

const WORDS: [
  words: string[],
  isWhole: boolean,
  expected: string[] | RegExp,
][] = [
  [["kit", "LIVING"], true, ["Kitchen", "Living room"]],
  [
    ["kit", "livign"],
    false,
    /^Cannot find the device "livign"; nearest: Living room$/,
  ],
  [["kit", "livign"], true, /; nearest: Living room$/],
  [["kit", "Bath"], false, ["Kitchen", "Bath"]],
  [["kit", "Bath"], true, /^Cannot find the device "Bath"$/],
  [["kit", "kitchens"], true, ["Kitchen", "kitchens"]],
  [["192.0.2.7:1"], true, ["k1"]],
  [["192.0.2.7:2"], true, /^Cannot find/],
];

for (const [words, isWhole, expected] of WORDS) {
  const whole = isWhole ? " as a whole" : "";
  const does = Array.isArray(expected) ? "finds" : "rejects";
  Deno.test(`findRooms() ${does} ${words.join(" and ")}${whole}`, async () => {
    const found = findRooms(context, server, words, { isWhole });
    if (Array.isArray(expected)) {
      assert.deepEqual((await found).to, expected);
    } else {
      await assert.rejects(found, { code: "not-found", message: expected });
    }
  });
}
