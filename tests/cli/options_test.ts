import assert from "node:assert/strict";
import {
  port,
  portOrOff,
  positive,
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
  for (const [text, value] of taken) assert.equal(read(text), value, text);
  for (const text of refused) {
    assert.throws(
      () => read(text),
      (error: Error & { code?: string }) =>
        error.code === WRONG.code && error.message.startsWith("Expected"),
      text,
    );
  }
}

Deno.test("port() takes 0 to 65535 alone", () => {
  check(
    port,
    [["0", 0], ["4040", 4040], ["65535", 65535], ["0080", 80]],
    ["", "65536", "-1", "1.5", "80x", "off", " 80", "0x50", "1e3", "٣"],
  );
});

Deno.test("portOrOff() takes off as well", () => {
  check<number | "off">(
    portOrOff,
    [["off", "off"], ["1", 1]],
    ["OFF", "no", ""],
  );
});

Deno.test("size() takes bytes, thousands and 1024s", () => {
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

Deno.test("positive() takes whole numbers from 1", () => {
  check(
    positive,
    [["1", 1], ["4096", 4096], ["999999999", 999_999_999]],
    ["", "0", "-1", "1.0", "01", "1e3", "9999999999"],
  );
});

Deno.test("songTime() takes seconds, minutes and hours", () => {
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
