import assert from "node:assert/strict";
import stringWidth from "string-width";
import {
  matchingRows,
  menuLines,
  type MenuState,
  press,
} from "../../lib/cli/menu.ts";
import fc from "../support/fast_check.ts";

const ROWS = ["Canon in D", "Greensleeves", "Ode to Joy", "Ode to Joy, live"];
const MANY = Array.from({ length: 30 }, (_, i) => `Song ${i + 1}`);
const START: MenuState = { typed: "", cursor: 0 };

/** The menu after some keys, as long as it is open. */
function pressAll(
  rows: string[],
  keys: string[],
): MenuState | { chosen: number | null } {
  let state: ReturnType<typeof press> = START;
  for (const key of keys) {
    if ("chosen" in state) break;
    state = press(rows, state, key);
  }
  return state;
}

Deno.test("matchingRows() matches numbers and texts in any case", () => {
  const table: [rows: string[], typed: string, matching: number[]][] = [
    [ROWS, "", [0, 1, 2, 3]],
    [ROWS, "  ", [0, 1, 2, 3]],
    [ROWS, "ode", [2, 3]],
    [ROWS, "ODE TO", [2, 3]],
    [ROWS, "live", [3]],
    [ROWS, "zzz", []],
    [ROWS, "2", [1]],
    [ROWS, "5", []],
    [MANY, "1", [0, ...Array.from({ length: 10 }, (_, i) => 9 + i)]],
    [MANY, "30", [29]],
    [["1984", "b"], "1984", [0]],
    [[], "", []],
  ];
  for (const [rows, typed, matching] of table) {
    assert.deepEqual(matchingRows(rows, typed), matching, typed);
  }
});

Deno.test("press() moves, narrows down and chooses", () => {
  const table: [keys: string[], state: unknown][] = [
    [["down"], { typed: "", cursor: 1 }],
    [["up"], { typed: "", cursor: 0 }],
    [new Array(9).fill("down"), { typed: "", cursor: 3 }],
    [["down", "enter"], { chosen: 1 }],
    [["o", "d", "e"], { typed: "ode", cursor: 0 }],
    [["o", "d", "e", "down", "enter"], { chosen: 3 }],
    [["down", "down", "j", "enter"], { chosen: 2 }],
    [["2", "enter"], { chosen: 1 }],
    [["x", "backspace"], { typed: "", cursor: 0 }],
    [["backspace"], { typed: "", cursor: 0 }],
    [["z", "enter"], { typed: "z", cursor: 0 }],
    [["t", "o", "space", "j"], { typed: "to j", cursor: 0 }],
    [["escape"], { chosen: null }],
    [["interrupt"], { chosen: null }],
    [["left"], START],
    [["\x1b[3~"], START],
    [["ü"], { typed: "ü", cursor: 0 }],
  ];
  for (const [keys, state] of table) {
    assert.deepEqual(pressAll(ROWS, keys), state, keys.join(" "));
  }
});

Deno.test("press() chooses a row that is shown, or none, whatever keys come", () => {
  const key = fc.constantFrom(
    ..."up down enter backspace space o j 1 2 3 z".split(" "),
  );
  fc.assert(fc.property(fc.array(key), (keys) => {
    const state = pressAll(MANY, keys);
    if ("chosen" in state) {
      assert.ok(state.chosen !== null && MANY[state.chosen] !== undefined);
      return;
    }
    const lines = menuLines("Which?", MANY, state, 80);
    const marked = lines.filter((line) => line.startsWith("❯"));
    const any = matchingRows(MANY, state.typed).length > 0;
    assert.equal(marked.length, any ? 1 : 0);
  }));
});

Deno.test("menuLines() shows title, rows by number, and where the cursor is", () => {
  assert.deepEqual(menuLines("Which?", ROWS, { typed: "o", cursor: 1 }, 80), [
    "Which? o",
    "  1) Canon in D",
    "❯ 3) Ode to Joy",
    "  4) Ode to Joy, live",
  ]);
});

Deno.test("menuLines() says when nothing matches, and how much is hidden", () => {
  assert.deepEqual(menuLines("?", ROWS, { typed: "zz", cursor: 0 }, 80), [
    "? zz",
    "  nothing matches",
  ]);
  const lines = menuLines("?", MANY, START, 80);
  assert.equal(lines.length, 14);
  assert.equal(lines[13], "  … 18 more: type to search");
});

Deno.test("menuLines() keeps the cursor in sight, and lines within the columns", () => {
  for (let cursor = 0; cursor < 30; cursor++) {
    for (const columns of [8, 20, 80]) {
      const lines = menuLines(
        "Which song?",
        MANY,
        { typed: "", cursor },
        columns,
      );
      assert.equal(lines.filter((line) => line.startsWith("❯")).length, 1);
      for (const line of lines) assert.ok(stringWidth(line) < columns);
    }
  }
});

Deno.test("menuLines() keeps to the room that a low terminal has", () => {
  for (let cursor = 0; cursor < 30; cursor++) {
    for (const room of [-1, 1, 2, 5, 40]) {
      const lines = menuLines("?", MANY, { typed: "", cursor }, 80, room);
      assert.equal(lines.filter((line) => line.startsWith("❯")).length, 1);
      assert.ok(lines.length <= Math.max(1, Math.min(12, room)) + 2);
    }
  }
});
