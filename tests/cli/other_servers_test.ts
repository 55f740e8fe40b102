import assert from "node:assert/strict";
import { otherServers } from "../../lib/cli/other_servers.ts";
import { placeOf } from "../../lib/model/server_address.ts";

const HERE = "127.0.0.1:4040";
const THERE = "192.168.1.2:4040";
const TLS = { caFile: "ca.pem" };

for (
  const [own, sendsToken, trust, expected] of [
    ["192.168.1.1", false, null, [THERE]],
    ["192.168.1.1", true, null, []],
    ["192.168.1.1", true, TLS, [THERE]],
    ["127.0.0.1", false, null, [HERE, THERE]],
    ["localhost", true, null, [HERE]],
    ["::1", true, TLS, [HERE, THERE]],
  ] as const
) {
  Deno.test(`otherServers() of ${own} ${sendsToken ? "with" : "without"} a token and ${trust ? "with" : "without"} TLS are ${expected.length}`, () => {
    const others = otherServers(
      { also: [HERE, THERE] },
      { host: own, port: 4040 },
      { sendsToken, trust },
    );
    assert.deepEqual(others.map(placeOf), expected);
  });
}

Deno.test("otherServers() leaves out what is no address, and all after the eighth", () => {
  const also = ["", "a b", "a:70000", ...Array(10).fill(THERE)];
  const world = { sendsToken: false, trust: null };
  const own = { host: "192.168.1.1", port: 4040 };
  assert.equal(otherServers({ also }, own, world).length, 5);
  assert.deepEqual(otherServers({}, own, world), []);
});
