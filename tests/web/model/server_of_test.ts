import assert from "node:assert/strict";
import { serverOf } from "../../../web/model/server_of.ts";

Deno.test("serverOf() names a server only where there are several", () => {
  const row = { node: "attic" };
  assert.equal(serverOf({ also: ["cellar:4040"] }, row), "attic");
  assert.equal(serverOf({ also: ["cellar:4040"] }, {}), undefined);
  assert.equal(serverOf({ also: [] }, row), undefined);
  assert.equal(serverOf({}, row), undefined);
  assert.equal(serverOf(null, row), undefined);
});
