import assert from "node:assert/strict";
import {
  amount,
  httpHost,
  percent,
  plainNegatives,
  port,
  portOrOff,
  positive,
  secret,
  size,
  songTime,
} from "../../lib/cli/options.ts";

const WRONG = { name: "Error", code: "commander.invalidArgument" };

/** Checks a reader of option values on texts that it takes and refuses. */
function check<T>(
  read: (text: string) => T,
  taken: [text: string, value: T][],
  refused: string[],
): void {
  for (const [text, value] of taken) assert.deepEqual(read(text), value, text);
  for (const text of refused) {
    assert.throws(
      () => read(text),
      (error: Error & { code?: string }) =>
        error.code === WRONG.code && error.message.startsWith("Expected"),
      text,
    );
  }
}

Deno.test("port() accepts 0 to 65535 only", () => {
  check(
    port,
    [["0", 0], ["4040", 4040], ["65535", 65535], ["0080", 80]],
    ["", "65536", "-1", "1.5", "80x", "off", " 80", "0x50", "1e3", "٣"],
  );
});

Deno.test("httpHost() accepts names, and whole addresses without query and fragment", () => {
  check(
    (text) => httpHost(text, ["a"]).at(-1),
    ["example.org", "[::1]:4042", "https://example.org", "HTTP://a.b:80/c/"]
      .map((text) => [text, text]),
    [
      "example.org/music",
      "ftp://example.org/",
      "https://",
      "https://user:secret@example.org/",
      "https://example.org/?a=1",
      "https://example.org/#a",
      "https://exa mple.org/",
    ],
  );
  assert.deepEqual(httpHost("b", ["a"]), ["a", "b"]);
});

Deno.test("portOrOff() accepts off as well", () => {
  check<number | "off">(
    portOrOff,
    [["off", "off"], ["1", 1]],
    ["OFF", "no", ""],
  );
});

Deno.test("size() accepts bytes, and units of 1000 and 1024", () => {
  check(
    size,
    [
      ["0", 0],
      ["4096", 4096],
      ["10b", 10],
      ["1k", 1000],
      ["1kB", 1000],
      ["1KiB", 1024],
      ["512MiB", 512 * 2 ** 20],
      ["2GB", 2e9],
      ["1.5 GiB", 1.5 * 2 ** 30],
      ["1TiB", 2 ** 40],
    ],
    ["", "GiB", "-1", "1PB", "1 2", "1,5GB", ".5k", "1e6", "Infinity"],
  );
});

Deno.test("positive() accepts whole numbers from 1", () => {
  check(
    positive,
    [["1", 1], ["4096", 4096], ["999999999", 999_999_999]],
    ["", "0", "-1", "1.0", "01", "1e3", "9999999999"],
  );
});

Deno.test("songTime() accepts seconds, minutes and hours", () => {
  check(
    songTime,
    [
      ["0", 0],
      ["90", 90],
      ["90s", 90],
      ["1.5", 1.5],
      ["1:30", 90],
      ["1:30.25", 90.25],
      ["01:02:03", 3723],
      ["100:00", 6000],
      ["1:02:03.5s", 3723.5],
    ],
    ["", "-1", "1:", ":30", "1:2:3:4", "a", "1m30", "Infinity", "NaN", "1.2.3"],
  );
});

Deno.test("amount() accepts a value, or a change with a sign", () => {
  const absolute = (value: number) => ({ value, relative: false });
  const relative = (value: number) => ({ value, relative: true });
  check(
    amount(percent),
    [
      ["0", absolute(0)],
      ["40", absolute(40)],
      ["40%", absolute(40)],
      ["+10", relative(10)],
      ["-10", relative(-10)],
      ["-5%", relative(-5)],
    ],
    ["", "+", "-", "--5", "+-5", "101", "+101", "-x", " 5", "1,5"],
  );
  check(
    amount(songTime),
    [["1:30", absolute(90)], ["-1:30", relative(-90)], ["+10s", relative(10)]],
    ["-", "--1:30", "-1:30:", "+"],
  );
});

Deno.test("plainNegatives() makes Commander accept a negative time or percentage", () => {
  assert.deepEqual(
    plainNegatives([
      "seek",
      "-1:30",
      "-10",
      "-10s",
      "-5%",
      "-x",
      "--to",
      "-1a",
    ]),
    ["seek", "-90", "-10", "-10", "-5", "-x", "--to", "-1a"],
  );
});

Deno.test("secret() accepts any text, and refuses one that is empty or too long", () => {
  check(secret, [["a", "a"], [" a b ", " a b "]], []);
  for (const empty of ["", " ", "\t\n"]) {
    assert.throws(() => secret(empty), {
      code: "usage",
      message: /^Cannot use an empty --token/,
    });
  }
  assert.equal(secret("x".repeat(1024)).length, 1024);
  assert.throws(() => secret("x".repeat(1025)), {
    code: "usage",
    message:
      /^Cannot use the token: it has 1025 characters, expected at most 1024$/,
  });
});
