import assert from "node:assert/strict";
import { chosen } from "../../lib/cli/rooms.ts";

Deno.test("all means all devices, whatever one of them is called", () => {
  const names = ["all", "ALL", "Allison", "Kitchen"];
  const groups = names.map((name) => ({
    ...{ group: name, name, devices: [{ key: name, name }] },
  }));
  assert.deepEqual(chosen(groups, ["all"]).to, names);
  assert.deepEqual(chosen(groups.slice(2), ["All"]).to, names.slice(2));
});
