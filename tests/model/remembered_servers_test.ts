import assert from "node:assert/strict";
import {
  readRemembered,
  type RememberedServer,
} from "../../lib/model/remembered_servers.ts";

const SERVER: RememberedServer = {
  ...{ id: "7f", name: "Kitchen", host: "10.9.1.1", port: 4040, tls: true },
  token: "secret",
};

Deno.test("readRemembered() reads what was written", () => {
  for (
    const servers of [
      {},
      { used: SERVER },
      { used: SERVER, received: { ...SERVER, id: null, token: undefined } },
    ]
  ) {
    const json = JSON.stringify(servers);
    assert.equal(JSON.stringify(readRemembered(json)), json);
  }
});

Deno.test("readRemembered() is null of what is malformed", () => {
  const wrong = (changes: object) =>
    JSON.stringify({ used: { ...SERVER, ...changes } });
  for (
    const json of [
      ...["", "[", "null", "7"],
      ...[wrong({ port: 0 }), wrong({ port: 65536 }), wrong({ host: "" })],
      ...[wrong({ tls: 1 }), wrong({ id: 7 }), wrong({ name: undefined })],
    ]
  ) assert.equal(readRemembered(json), null, json);
});
