import assert from "node:assert/strict";
import stringWidth from "string-width";
import {
  matchingRows,
  menuLines as styledLines,
  type MenuRow,
  type MenuState,
  press,
} from "../../lib/cli/menu_state.ts";
import { plainText } from "../../lib/io/console/styled.ts";
import fc from "../support/fast_check.ts";

const ROWS = rowsOf([
  ...["Canon in D", "Greensleeves", "Ode to Joy", "Ode to Joy, live"],
]);
const MANY = rowsOf(Array.from({ length: 30 }, (_, i) => `Song ${i + 1}`));
const HINT = "↑/↓ enter: choose · type: search · esc: back";
const START: MenuState = { typed: "", cursor: 0 };

function rowsOf(names: string[]): MenuRow[] {
  return names.map((name) => ({ name, text: `${name}  0:12` }));
}

function menuLines(...args: Parameters<typeof styledLines>): string[] {
  return styledLines(...args).map(plainText);
}

/** The menu after some keys, as long as it is open. */
function pressAll(
  rows: MenuRow[],
  keys: string[],
): MenuState | { chosen: number | null } {
  let state: ReturnType<typeof press> = START;
  for (const key of keys) {
    if ("chosen" in state) break;
    state = press(rows, state, key);
  }
  return state;
}

Deno.test("matchingRows() finds all words in any case and accents, and counts only after that", () => {
  const table: [rows: MenuRow[], typed: string, matching: number[]][] = [
    [ROWS, "", [0, 1, 2, 3]],
    [ROWS, "  ", [0, 1, 2, 3]],
    [ROWS, "ode", [2, 3]],
    [ROWS, "ODE TO", [2, 3]],
    [ROWS, "live", [3]],
    [ROWS, "zzz", []],
    [ROWS, "2", [1]],
    [ROWS, "5", []],
    [ROWS, "0", []],
    [ROWS, "joy ode", [2, 3]],
    [MANY, "30", [29]],
    [MANY, "3", [2, 12, 22, 29]],
    [rowsOf(["1984", "b"]), "1984", [0]],
    [rowsOf(["a", "Symphony 1"]), "1", [1, 0]],
    [rowsOf(["Étude"]), "etude", [0]],
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
    "  1) Canon in D  0:12",
    "❯ 3) Ode to Joy  0:12",
    "  4) Ode to Joy, live  0:12",
    HINT,
  ]);
});

Deno.test("menuLines() says when nothing matches, and how much is hidden", () => {
  assert.deepEqual(menuLines("?", ROWS, { typed: "zz", cursor: 0 }, 80), [
    "? zz",
    "  nothing matches",
    HINT,
  ]);
  const lines = menuLines("?", MANY, START, 80);
  assert.equal(lines.length, 15);
  assert.deepEqual(lines.slice(13), ["  … 18 more", HINT]);
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
    for (const rows of [1, 4, 5, 9, 40]) {
      const lines = menuLines("?", MANY, { typed: "", cursor }, 80, rows);
      assert.equal(lines.filter((line) => line.startsWith("❯")).length, 1);
      assert.ok(lines.length <= Math.max(4, Math.min(15, rows - 1)));
    }
  }
});
