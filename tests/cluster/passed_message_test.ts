import assert from "node:assert/strict";
import {
  devicesOf,
  isTogether,
  joined,
  type PassedAnswer,
  type PassedMessage,
  withWords,
  wordsOf,
} from "../../lib/cluster/passed_message.ts";
import type { Answer } from "../../lib/wire/messages.ts";

const PAUSE: PassedMessage = {
  ...{ type: "control", action: "pause", to: ["bath", "attic"] },
};

for (
  const [message, words, devices, together] of [
    [PAUSE, "bath attic", "bath attic", false],
    [{ type: "cast", song: "a", to: "bath" }, "bath", "bath", true],
    [
      { type: "cast", song: "a", to: "bath", together: false },
      ...["bath", "bath", false],
    ],
    [{ type: "queue", songs: [], to: "bath" }, "bath", "bath", true],
    [{ type: "group", devices: ["bath"] }, "bath", "bath", true],
    [{ type: "ungroup", devices: ["bath"] }, "bath", "bath", false],
    [{ type: "move", group: "g", to: ["bath"] }, "g bath", "bath", true],
    [{ type: "entries", group: "g" }, "g", "", false],
  ] as [PassedMessage, string, string, boolean][]
) {
  Deno.test(`${JSON.stringify(message)} names what it is about`, () => {
    assert.deepEqual(
      [wordsOf(message).join(" "), devicesOf(message).join(" ")],
      [words, devices],
    );
    assert.equal(isTogether(message), together);
  });
}

Deno.test("withWords() makes the request about some devices, whichever field has them", () => {
  assert.deepEqual(withWords(PAUSE, ["attic"]), { ...PAUSE, to: ["attic"] });
  const group = { type: "group" as const, devices: ["bath", "attic"] };
  assert.deepEqual(withWords(group, ["bath"]), { ...group, devices: ["bath"] });
});

Deno.test("joined() has the devices that were reached and refused at any server", () => {
  const refused = [{ to: "c", code: "busy", message: "Cannot" }];
  const one: Answer<"control"> = { to: ["a"], refused: [] };
  const other: Answer<"control"> = { to: ["b"], refused };
  const all: Answer<"control"> = { to: ["a", "b"], refused };
  assert.deepEqual(joined([one, other] as PassedAnswer[], []), all);
  assert.equal(joined([one as PassedAnswer], []), one);
});
