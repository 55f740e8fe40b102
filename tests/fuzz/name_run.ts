/**
 * Names by people, other systems and peers: an accepted name can be stored on
 * every system and hides no text, each song is found by its own name among its
 * twins, and comparisons are total orders.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Catalog } from "../../lib/model/catalog.ts";
import { compareNatural, foldText } from "../../lib/model/natural_order.ts";
import {
  checkDeviceName,
  checkNewSongName,
  looksLikeAddress,
  nameKey,
} from "../../lib/model/song_name.ts";
import fc from "../support/fast_check.ts";

const PIECES = [
  ..."aAbBzZ0129.- _/ß€ŞşıIİi",
  ...["\u0301", "\u00e9", "e\u0301", "\u03a3", "\u03c3", "\u03c2", "\ufb01"],
  ...["\u202e", "\u200b", "\u00ad", "\u061c", "\u2028", "\0", "\x1b", "\x7f"],
  ...["\ud800", "🎵", "👩\u200d🎤", "日", "ש", "\u212a", "\u1e9e", "10", "002"],
  ...[":", "?", "*", "<", "|", '"', "\\", "..", "con", "aux", "com1", ".wav"],
  ...[".wave", ".WAV", "~", "%", "\n", "\t", "192.0.2.7:4040", "[::1]", "x.y"],
];

const name = fc.array(fc.constantFrom(...PIECES), { maxLength: 8 })
  .map((pieces) => pieces.join(""));

export const NAMES: fc.Arbitrary<string[]> = fc.array(name, {
  minLength: 1,
  maxLength: 12,
});

const encoder = new TextEncoder();

/** Checks names. @throws {AssertionError} If a property fails. */
export async function runNames(names: string[]): Promise<void> {
  for (const name of names) {
    if (accepts(checkNewSongName, name)) assertPortable(name);
    if (accepts(checkDeviceName, name)) {
      assertVisible(name);
      assert.ok(!looksLikeAddress(name), `${name} is an address`);
      assert.ok([...name].length <= 64 && name.trim() !== "");
    }
    assert.equal(nameKey(nameKey(name)), nameKey(name));
    assert.equal(nameKey(name.normalize("NFD")), nameKey(name));
    assert.equal(foldText(foldText(name)), foldText(name));
  }
  assertOrder(names);
  // Systems report half a surrogate pair in a file's name as U+FFFD.
  const found = names.filter((name) => name !== "" && name.isWellFormed());
  await assertFound([...new Set(found)]);
}

function accepts(check: (name: string) => string, name: string): boolean {
  try {
    assert.equal(check(name), name);
    return true;
  } catch (error) {
    assert.equal((error as { code?: string }).code, "bad-name", String(error));
    return false;
  }
}

// The rules of docs/protocol.md and of "Naming Files, Paths, and
// Namespaces" (Microsoft Learn), written independently.
function assertPortable(name: string): void {
  assertVisible(name);
  assert.ok(!/^[/\\]|[/\\]$|\/\//.test(name), `${name} has an empty part`);
  const parts = name.split("/");
  assert.ok(parts.length <= 16, `${parts.length} parts`);
  for (const part of parts) {
    assert.ok(encoder.encode(part).length <= 255, "a part too long");
    assert.ok(!/[<>:"|?*\\]/.test(part), `${part} on Windows`);
    assert.ok(!/[. ]$/.test(part), `${part} ends with a dot or a blank`);
    assert.ok(part.trim() !== "" && part !== "." && part !== "..");
    const [stem] = part.toLowerCase().split(".");
    assert.ok(
      !/^(con|prn|aux|nul|com\d|lpt\d)$/.test(stem),
      `${part} is a device`,
    );
  }
}

/** U+200D between two emoji, which makes them one (Unicode Technical Standard 51). */
const JOINER =
  /(?<=\p{Extended_Pictographic}[\ufe0f\u{1f3fb}-\u{1f3ff}]?)\u200d(?=\p{Extended_Pictographic})/gu;

function assertVisible(name: string): void {
  assert.ok(
    !/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u
      .test(name.replace(JOINER, "")),
    `${JSON.stringify(name)} hides something`,
  );
}

/** Comparison is antisymmetric and transitive, and 0 only for equal names. */
function assertOrder(names: string[]): void {
  for (const a of names) {
    for (const b of names) {
      const order = Math.sign(compareNatural(a, b));
      assert.equal(order, -Math.sign(compareNatural(b, a)) + 0);
      assert.equal(order === 0, a === b, JSON.stringify([a, b]));
      for (const c of names) {
        if (order < 0 && compareNatural(b, c) < 0) {
          assert.ok(compareNatural(a, c) < 0, JSON.stringify([a, b, c]));
        }
      }
    }
  }
}

/** Each song is found by its own name, and is on exactly one page. */
async function assertFound(names: string[]): Promise<void> {
  const catalog = new Catalog(names.map((name) => ({ name })));
  for (const name of names) {
    assert.equal(catalog.find(name)?.name, name);
    const { rows } = await catalog.search({ match: name });
    if (name.trim() !== "") {
      assert.ok(rows.some((row) => row.name === name), `${name} by search`);
    }
  }
  for (const sort of [undefined, "natural"] as const) {
    const seen: string[] = [];
    let more = true;
    while (more) {
      const after = seen.at(-1);
      const page = await catalog.search({ after, limit: 2, sort });
      seen.push(...page.rows.map((row) => row.name));
      more = page.more;
    }
    assert.deepEqual(seen.toSorted(), names.toSorted());
  }
}
