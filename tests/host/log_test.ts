import assert from "node:assert/strict";
import type { LogRecord } from "@logtape/logtape";
import { formatterOf } from "../../lib/host/log.ts";
import { isUnsafeText } from "../../lib/safe_text.ts";

/** One character of each kind that acts on a terminal or is invisible. */
const NASTY =
  "a\0\n\r\t\u001b[2J\u007f\u009b2J\u00ad\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202e\u2066\u2069\ufeff\u{e0001}\ud800z";

function recordOf(properties: Record<string, unknown>): LogRecord {
  const [name, value] = Object.entries(properties)[0];
  return {
    category: ["ondacast", "server"],
    level: "info",
    message: ["found ", value, " there"],
    rawMessage: `found {${name}} there`,
    properties,
    timestamp: 1_800_000_000_000,
  };
}

const NASTY_PROPERTIES: [what: string, properties: Record<string, unknown>][] =
  [
    ["a text", { path: NASTY }],
    ["an error", { error: new Error(NASTY) }],
    ["a list", { names: [NASTY, { deep: NASTY }] }],
    ["the name of a property", { [NASTY]: 1 }],
    ["an object with such a name", { more: { [NASTY]: 1 } }],
  ];

for (const format of ["text", "json"] as const) {
  for (const [what, properties] of NASTY_PROPERTIES) {
    Deno.test(`the log in ${format} is one safe line with ${what} from a peer`, () => {
      const line = formatterOf(format)(recordOf(properties));
      assert.ok(line.endsWith("\n"));
      assert.equal(isUnsafeText(line.slice(0, -1)), false, line);
    });
  }

  Deno.test(`the log in ${format} is safe when the message itself is not`, () => {
    const record = { ...recordOf({ a: 1 }), message: [`found ${NASTY}`] };
    const line = formatterOf(format)(record);
    assert.equal(isUnsafeText(line.slice(0, -1)), false, line);
  });
}

Deno.test("the log in json preserves the values exactly", () => {
  const { properties } = JSON.parse(
    formatterOf("json")(recordOf({ path: NASTY })),
  );
  assert.deepEqual(properties, { path: NASTY });
});
