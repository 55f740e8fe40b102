import assert from "node:assert/strict";
import { Beats } from "../../lib/cluster/beats.ts";
import { Node } from "../../lib/cluster/nodes.ts";
import { ClusterSecret } from "../../lib/cluster/secret.ts";
import { FakeClock } from "../support/fake_clock.ts";

const BEAT = new TextEncoder().encode("{}");

/** What a server hears of the attic. */
function hear() {
  const told: string[] = [];
  const clock = new FakeClock();
  const attic = new Node("attic");
  attic.record = {
    ...{ address: "attic:4040", admission: "all", clock: "this run" },
    mark: "",
  };
  let hears: (from: string, beat: Uint8Array) => void = () => {};
  const beatsOf = (place: string, clockName: string, secret: string) =>
    new Beats({
      ...{ place, clockName, secret: new ClusterSecret(secret, "home") },
      bus: {
        beat: (beat) => hears("attic", beat),
        hear: (heard) => void (hears = heard),
      },
      ...{ clock, signal: new AbortController().signal },
      nodes: {
        all: new Map([["attic", attic]]),
        heard: (name) => told.push(`${name} beats`),
        left: (name) => told.push(`${name} has left`),
      },
      terms: { isOwn: () => true, ownTerm: () => 1 },
    });
  beatsOf("here", "that run", "secret").hear();
  return { told, clock, beatsOf, beat: () => hears("attic", BEAT) };
}

Deno.test("a server's last beat says that it has left", () => {
  const { told, beatsOf } = hear();
  beatsOf("attic", "this run", "secret").end();
  assert.deepEqual(told, ["attic has left"]);
});

for (
  const [what, place, clockName, secret] of [
    ["without the secret", "attic", "this run", "another"],
    ["of another server", "cellar", "this run", "secret"],
    ["of an earlier run", "attic", "an earlier run", "secret"],
  ] as const
) {
  Deno.test(`a last beat ${what} is a beat like any other`, () => {
    const { told, beatsOf } = hear();
    beatsOf(place, clockName, secret).end();
    assert.deepEqual(told, ["attic beats"]);
  });
}

Deno.test("of a flood of beats of a server four a second are read", async () => {
  const { told, clock, beat } = hear();
  for (let i = 0; i < 100; i++) beat();
  assert.equal(told.length, 4);
  await clock.advance(1000);
  for (let i = 0; i < 100; i++) beat();
  assert.equal(told.length, 8);
});
