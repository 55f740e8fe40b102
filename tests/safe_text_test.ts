import assert from "node:assert/strict";
import { isUnsafeText, safeJson, safeText } from "../lib/safe_text.ts";

const UNSAFE = [
  ..."\u0000\u0007\u001b\n\r\t\u007f\u0085\u009b\u061c\u200b\u200d\u200e\u200f",
  ..."\u2028\u2029\u202a\u202e\u2060\u2066\u2069\ufeff\u00ad\u{e0041}",
  "\ud800",
];

Deno.test("safeText() escapes controls, bidirectional, invisible and separating characters", () => {
  for (const character of UNSAFE) {
    assert.ok(isUnsafeText(character), JSON.stringify(character));
    const shown = safeText(`a${character}b`);
    assert.match(shown, /^a(\\u[0-9a-f]{4}){1,2}b$/);
    assert.equal(JSON.parse(`"${shown}"`), `a${character}b`);
  }
});

Deno.test("safeText() leaves all visible text unchanged", () => {
  for (const text of ["Zoë – שלום 日本語 🎵", 'a "b" \\u202e', ""]) {
    assert.equal(isUnsafeText(text), false);
    assert.equal(safeText(text), text);
  }
});

Deno.test("safeJson() round-trips a value, with nothing unsafe in it", () => {
  const value = { name: UNSAFE.join("x"), rows: [1, null, "Zoë"] };
  const json = safeJson(value);
  assert.equal(isUnsafeText(json), false);
  assert.deepEqual(JSON.parse(json), value);
});

Deno.test("safeText() takes linear time on 64 KiB of the worst input", () => {
  const text = "\u202e ".repeat(32 * 1024);
  const began = performance.now();
  safeText(text);
  assert.ok(performance.now() - began < 500);
});
