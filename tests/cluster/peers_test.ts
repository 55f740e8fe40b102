import assert from "node:assert/strict";
import { Node } from "../../lib/cluster/nodes.ts";
import { Peers } from "../../lib/cluster/peers.ts";
import { ClusterSecret } from "../../lib/cluster/secret.ts";
import { FakeClock } from "../support/fake_clock.ts";

Deno.test("a server is connected to as its latest record says", () => {
  const attic = new Node("attic");
  attic.state = "alive";
  const record = { admission: "all", clock: "this run", mark: "" };
  const asked: unknown[] = [];
  const peers = new Peers({
    ...{ own: { name: "here", address: "here:1" }, clock: new FakeClock() },
    secret: new ClusterSecret("secret", "home"),
    ...{ random: () => "", newId: () => "" },
    node: () => attic,
    connector(...server) {
      asked.push(server);
      const connect = () => Promise.reject(new Error("not here"));
      return { place: "attic", connect };
    },
  });
  const records = [
    { address: "attic:1", certificate: "first" },
    { address: "attic:1", certificate: "first" },
    { address: "attic:1", certificate: "second" },
    { address: "attic:2", certificate: "second" },
  ];
  const got = records.map((it) => {
    attic.record = { ...record, ...it };
    return peers.get("attic");
  });
  assert.deepEqual(asked, [
    ["attic", 1, "first"],
    ["attic", 1, "second"],
    ["attic", 2, "second"],
  ]);
  assert.equal(got[0], got[1]);
  peers.close();
});
