import assert from "node:assert/strict";
import {
  type ChosenServer,
  found,
  idOf,
  named,
  remembered,
  tokenFor,
} from "../../lib/cli/chosen_server.ts";

const SERVER = {
  ...{ id: "7f", name: "Kitchen", host: "10.9.1.1", port: 4040, tls: false },
  token: "kept",
};
const FOUND = found({
  ...{ name: "Kitchen", id: "7f", port: 4040, http: null, tls: false },
  ...{ token: true, addresses: ["10.9.1.1", "fe80::1%3"] },
});

Deno.test("a token goes to a server that was named or remembered, and to no other", () => {
  const cases: [ChosenServer, string | undefined, string | undefined][] = [
    [named("pi"), "given", "given"],
    [named("pi"), undefined, undefined],
    [remembered("remembered", SERVER), "given", "given"],
    [remembered("remembered", SERVER), undefined, "kept"],
    [remembered("kept", SERVER), "given", undefined],
    [FOUND, "given", undefined],
  ];
  for (const [server, given, sent] of cases) {
    assert.equal(tokenFor(server, given), sent, server.how);
  }
});

Deno.test("a server that is not named has an id, and an address or more", () => {
  assert.equal(idOf(named("pi")), null);
  for (const server of [FOUND, remembered("kept", SERVER)]) {
    assert.equal(idOf(server), "7f");
    assert.deepEqual(server.endpoints[0], { host: "10.9.1.1", port: 4040 });
  }
  assert.equal(FOUND.endpoints.length, 2);
});
