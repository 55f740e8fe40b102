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

const EMOJI: [what: string, text: string][] = [
  ["a family", "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}"],
  [
    "a couple with skin tones",
    "\u{1f469}\u{1f3fd}\u200d\u{1f91d}\u200d\u{1f468}\u{1f3ff}",
  ],
  ["a heart on fire, in colour", "\u2764\ufe0f\u200d\u{1f525}"],
  ["a rainbow flag", "\u{1f3f3}\ufe0f\u200d\u{1f308}"],
  ["a woman who runs, in colour", "\u{1f3c3}\u{1f3fb}\u200d\u2640\ufe0f"],
  [
    "the flag of Scotland",
    "\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
  ],
  [
    "a flag, a keycap and a skin tone",
    "\u{1f1ea}\u{1f1f8}1\ufe0f\u20e3\u{1f44b}\u{1f3fe}",
  ],
];

for (const [what, text] of EMOJI) {
  Deno.test(`safeText() leaves ${what} whole`, () => {
    for (const all of [text, `a ${text}${text} b`]) {
      assert.equal(isUnsafeText(all), false);
      assert.equal(safeText(all), all);
      assert.equal(safeJson({ all }), JSON.stringify({ all }));
    }
  });
}

const BROKEN: [what: string, text: string, shown: string][] = [
  ["between letters", "a\u200db", "a\\u200db"],
  ["before an emoji", "a\u200d\u{1f467}", "a\\u200d\u{1f467}"],
  ["after an emoji", "\u{1f467}\u200db", "\u{1f467}\\u200db"],
  [
    "twice",
    "\u{1f467}\u200d\u200d\u{1f467}",
    "\u{1f467}\\u200d\\u200d\u{1f467}",
  ],
  [
    "after two selectors",
    "\u{1f467}\ufe0f\ufe0f\u200d\u{1f467}",
    "\u{1f467}\ufe0f\ufe0f\\u200d\u{1f467}",
  ],
  ["after a digit", "1\ufe0f\u200d\u{1f467}", "1\ufe0f\\u200d\u{1f467}"],
  [
    "at the end of a family",
    "\u{1f468}\u200d\u{1f469}\u200d",
    "\u{1f468}\u200d\u{1f469}\\u200d",
  ],
  [
    "beside an override",
    "\u{1f468}\u200d\u202e\u{1f469}",
    "\u{1f468}\\u200d\\u202e\u{1f469}",
  ],
];

for (const [what, text, shown] of BROKEN) {
  Deno.test(`safeText() escapes a joiner ${what}`, () => {
    assert.equal(isUnsafeText(text), true);
    assert.equal(safeText(text), shown);
  });
}

const tags = (code: string) =>
  [...code].map((it) => String.fromCodePoint(0xe0000 + it.charCodeAt(0))).join(
    "",
  );

Deno.test("safeText() escapes tags that are no code of a region behind a black flag", () => {
  const flag = "\u{1f3f4}";
  const end = "\u{e007f}";
  const codes = ["", "gb", "gbeng", "gbengla", "gb eng", "GBENG", "usca1"];
  const whole = codes.filter((code) => !isUnsafeText(flag + tags(code) + end));
  assert.deepEqual(whole, ["gbeng", "usca1"]);
  for (
    const text of [
      flag + tags("gbeng"),
      tags("gbeng") + end,
      `x${tags("gbeng")}${end}`,
    ]
  ) {
    assert.equal(isUnsafeText(text), true);
    assert.match(safeText(text), /^(x|\u{1f3f4})?(\\u[0-9a-f]{4})+$/u);
  }
});

Deno.test("safeJson() round-trips a value, with nothing unsafe in it", () => {
  const value = { name: UNSAFE.join("x"), rows: [1, null, "Zoë"] };
  const json = safeJson(value);
  assert.equal(isUnsafeText(json), false);
  assert.deepEqual(JSON.parse(json), value);
});

Deno.test("safeText() takes linear time on 64 KiB of the worst input", () => {
  const family = "\u{1f468}\u200d";
  const flag = "\u{1f3f4}\u{e0061}\u{e0061}\u{e0061}";
  for (const worst of ["\u202e ", family, flag, "\u200d", `${family}\ufe0f`]) {
    const text = worst.repeat(Math.ceil(64 * 1024 / worst.length));
    const began = performance.now();
    safeText(text);
    isUnsafeText(text);
    assert.ok(performance.now() - began < 500);
  }
});
