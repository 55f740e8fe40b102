import assert from "node:assert/strict";
import { readKeyOf } from "../../../lib/server/read_key.ts";
import { readKey } from "../../../web/model/read_key.ts";

Deno.test("readKey() is the key that the server expects, for a token of any length", () => {
  for (const token of ["a", "geheim ü", ...[63, 64, 65, 900].map(long)]) {
    assert.equal(readKey(token), readKeyOf(token), token);
  }
});

function long(units: number): string {
  return "x".repeat(units);
}
