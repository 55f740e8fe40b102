import assert from "node:assert/strict";
import { errorLine, NEXT_STEPS } from "../../lib/cli/error_line.ts";
import {
  FATAL_CODES,
  LOCAL_CODES,
  MILD_CODES,
  OndacastError,
  PeerError,
} from "../../lib/errors.ts";

const CODES = [...FATAL_CODES, ...MILD_CODES, ...LOCAL_CODES];

Deno.test("every error code has one next step in a household's words, and the code behind it", () => {
  assert.deepEqual(
    Object.keys(NEXT_STEPS).sort(),
    CODES.toSorted() as string[],
  );
  for (const code of CODES) {
    const line = errorLine(new OndacastError(code, "Cannot do it: it failed"));
    const step = /^Cannot do it: it failed\. (["`A-Z].*)\. \((.*)\)$/.exec(
      line,
    );
    assert.equal(step?.[2], code, line);
    assert.ok(step[1].length <= 130, line);
    assert.doesNotMatch(step[1], /[.?] /, "one sentence");
    assert.doesNotMatch(
      step[1],
      /\b(frame|json|socket|tcp|tls|bytes?|stream|session|stderr|null)\b(?!`)/i,
      line,
    );
  }
});

const LINES: [code: string, message: string, line: string | RegExp][] = [
  [
    "lost",
    "Lost it: it was closed. Try `this`",
    "Lost it: it was closed. Try `this`. (lost)",
  ],
  [
    "usage",
    "Which device? Name it by --to",
    "Which device? Name it by --to. (usage)",
  ],
  [
    "not-found",
    'Cannot find the song "Mr. Blue Sky"',
    /^Cannot find the song "Mr\. Blue Sky"\. `ondacast list` shows/,
  ],
  ["of-tomorrow", "Cannot do it: why", "Cannot do it: why. (of-tomorrow)"],
  ["constructor", "Cannot do it: why", "Cannot do it: why. (constructor)"],
];

for (const [code, message, line] of LINES) {
  Deno.test(`errorLine() of "${message}" (${code}) names one next step at most`, () => {
    const shown = errorLine(new PeerError(code, message, false));
    if (typeof line === "string") assert.equal(shown, line);
    else assert.match(shown, line);
  });
}
