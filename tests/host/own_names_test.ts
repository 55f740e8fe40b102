import assert from "node:assert/strict";
import { httpNames } from "../../lib/host/own_names.ts";
import { isOwnHost } from "../../lib/model/web_origin.ts";

Deno.test("httpNames() returns the first address as the server's, and its host as a name", () => {
  const { hosts, address } = httpNames("attic", [
    "songs.example",
    "https://one.example:8443/music",
    "http://two.example",
  ]);
  assert.equal(address, "https://one.example:8443/music/");
  for (const name of ["songs.example", "one.example", "two.example:80"]) {
    assert.equal(isOwnHost(name, hosts), true, name);
  }
  assert.equal(isOwnHost("three.example", hosts), false);
});

Deno.test("httpNames() returns no address when only names are given", () => {
  assert.equal(httpNames("attic", ["songs.example"]).address, null);
});
