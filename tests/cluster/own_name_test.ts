import assert from "node:assert/strict";
import { Admission } from "../../lib/cluster/admission.ts";
import { OwnName } from "../../lib/cluster/own_name.ts";
import { ClusterSecret } from "../../lib/cluster/secret.ts";

const KEY = "node.attic";

function admissionOf(clockName: string, address: string): Admission {
  return new Admission({
    ...{ name: "attic", address, clockName, admission: "all" },
    secret: new ClusterSecret("only they know it", "home"),
    random: () => "0".repeat(64),
  });
}

const bytes = (value: unknown) =>
  new TextEncoder().encode(JSON.stringify(value));

/** The name of a server, and what it was told. */
function nameOf(place: string) {
  const own = admissionOf("this run", "attic:1");
  const told: string[] = [];
  const name = new OwnName(place, own, {
    ...{ begin() {}, record() {}, complete() {} },
  }, {
    kept: (address) => told.push(`kept, not ${address}`),
    taken: (address) => told.push(`taken by ${address}`),
  });
  return { own, told, name };
}

Deno.test("a server whose table was made anew still keeps its name against one that comes later", () => {
  const { own, told, name } = nameOf("attic");
  name.record(KEY, bytes(own.record), 100);
  assert.equal(own.since, 100);
  // Revisions begin again.
  name.record(KEY, bytes(own.record), 3);
  assert.equal(own.since, 3);
  const twin = admissionOf("another run", "attic:2");
  name.record(KEY, bytes(twin.record), 5);
  twin.since = 5;
  name.record(KEY, bytes(twin.record), 6);
  assert.deepEqual(told, ["kept, not attic:2"]);
});

Deno.test("a server leaves its name to one that writes its record again, and not to its own run before", () => {
  const { own, told, name } = nameOf("attic");
  name.record(KEY, bytes(own.record), 81);
  const before = admissionOf("the run before", "attic:1");
  before.since = 3;
  // A copy of NATS that has parted shows it, at each watch.
  for (let i = 0; i < 3; i++) name.record(KEY, bytes(before.record), 100);
  assert.deepEqual(told, []);
  const twin = admissionOf("another run", "attic:2");
  twin.since = 3;
  name.record(KEY, bytes(twin.record), 101);
  assert.deepEqual(told, []);
  name.record(KEY, bytes(twin.record), 103);
  assert.deepEqual(told, ["taken by attic:2"]);
});
