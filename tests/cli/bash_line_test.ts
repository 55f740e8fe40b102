import assert from "node:assert/strict";
import { bashWords, readBashLine } from "../../lib/cli/bash_line.ts";
import fc from "../support/fast_check.ts";
import { hasProgram } from "../support/programs.ts";

/** `COMP_WORDBREAKS` of bash. */
const BREAKS = " \t\n\"'><=;|&(:";

Deno.test("readBashLine() reads words without their quotes", () => {
  const cases: [string, string[]][] = [
    ["", [""]],
    ["a ", ["a", ""]],
    ["  a  b", ["a", "b"]],
    [String.raw`a\ b\'`, ["a b'"]],
    [String.raw`"a \"\$\`\b`, ['a "$`\\b']],
    [String.raw`'a\' "b"'c'`, ["a\\", "bc"]],
    ['""', [""]],
    ["a\\", ["a"]],
  ];
  for (const [line, words] of cases) {
    assert.deepEqual(readBashLine(line, BREAKS).words, words, line);
  }
});

Deno.test("readBashLine() finds what bash keeps of the last word", () => {
  const cases: [string, number][] = [
    ["album:De", 6],
    [String.raw`album\:De`, 0],
    ['"album:De', 0],
    ['album:"De', 6],
    ['"album:"De', 0],
    ["--to=Kit", 5],
    ["album:a b", 0],
  ];
  for (const [line, kept] of cases) {
    assert.equal(readBashLine(line, BREAKS).kept, kept, line);
  }
  assert.equal(readBashLine("album:De", " ").kept, 0);
});

const QUOTES = ["", "'", '"'] as const;
const NAME = fc.string({
  unit: fc.constantFrom(..." !\"#$%&'()*;<=>?@[\\]^`{|}~:ab夜é𝄞"),
  minLength: 1,
});

/** Whether bash could not tell the beginning of a name from the quote before it. */
function isOmitted(name: string, quote: string): boolean {
  return name[0] === { "'": "'", '"': "!" }[quote];
}

/** A line after bash has inserted its only candidate. */
function completed(quote: string, word: string): string {
  return `${quote}${word}${word.endsWith(quote) ? "" : quote}`;
}

Deno.test("bashWords() are read as the candidates", () => {
  fc.assert(
    fc.property(NAME, NAME, fc.constantFrom(...QUOTES), (a, b, quote) => {
      const line = readBashLine(quote, BREAKS);
      const candidates = [a, a + b, b];
      const words = bashWords(candidates, line);
      assert.deepEqual(
        words.map((it) => readBashLine(completed(quote, it), BREAKS).words[0]),
        candidates.filter((it) => !isOmitted(it, quote)),
      );
    }),
  );
});

Deno.test("bashWords() begin alike as the candidates do, and not within an escape", () => {
  fc.assert(
    fc.property(NAME, NAME, NAME, (begin, a, b) => {
      for (const quote of QUOTES) {
        const candidates = [begin + a, begin + b];
        if (isOmitted(begin, quote) || a[0] === b[0]) continue;
        const words = bashWords(candidates, readBashLine(quote, BREAKS));
        let [alike] = words;
        while (!words.every((word) => word.startsWith(alike))) {
          alike = alike.slice(0, -1);
        }
        const read = readBashLine(`${quote}${alike}x`, BREAKS);
        assert.deepEqual(read.words, [`${begin}x`]);
      }
    }),
  );
});

Deno.test({
  name: "bashWords() mean the candidates to bash",
  ignore: !hasProgram("bash", "--version"),
  async fn() {
    for (const quote of QUOTES) {
      const names = fc.sample(NAME, 200).filter((it) => !isOmitted(it, quote));
      const words = names.map((name) =>
        completed(quote, bashWords([name], readBashLine(quote, BREAKS))[0])
      );
      const { stdout } = await new Deno.Command("bash", {
        args: ["-c", `printf '%s\\n' ${words.join(" ")}`],
      }).output();
      const text = new TextDecoder().decode(stdout);
      assert.deepEqual(text.split("\n").slice(0, -1), names);
    }
  },
});
