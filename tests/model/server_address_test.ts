import assert from "node:assert/strict";
import { namedServer, placeOf } from "../../lib/model/server_address.ts";

Deno.test("namedServer() reads what users write, and the address of a page", () => {
  const cases: [string, string[], boolean?][] = [
    ["pi", ["pi:4040"]],
    ["pi.local:5050", ["pi.local:5050"]],
    ["[fe80::1%eth0]:4040", ["[fe80::1%eth0]:4040"]],
    ["pi:4042", ["pi:4040", "pi:4042"]],
    ["http://pi.local:4042/", ["pi.local:4040", "pi.local:4042"]],
    ["http://pi.local/", ["pi.local:4040", "pi.local:4042"]],
    ["HTTP://pi:5050", ["pi:5050"]],
    ["https://pi:4042/#rooms", ["pi:4040", "pi:4042"], true],
    ["http://[::1]:4042/?key=x", ["[::1]:4040", "[::1]:4042"]],
  ];
  for (const [text, places, tls = false] of cases) {
    const server = namedServer(text);
    assert.deepEqual(server.endpoints.map(placeOf), places, text);
    assert.equal(server.tls, tls, text);
  }
});

Deno.test("namedServer() throws usage where there is no address", () => {
  for (const text of ["", "http://", "ftp://pi", "pi:0", "http://a@b:c/"]) {
    assert.throws(() => namedServer(text), { code: "usage" }, text);
  }
});
