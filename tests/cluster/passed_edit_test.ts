import assert from "node:assert/strict";
import { FakeClock } from "../support/fake_clock.ts";
import { Passing } from "../../lib/cluster/passing.ts";
import { RateLimit } from "../../lib/model/rate_limit.ts";
import type { ToServer } from "../../lib/wire/messages.ts";

/** A server that passes an edit of the group "g" to its owner, which says its term. */
function editAtOwner(term: number | undefined, known: number) {
  const passing = new Passing({
    options: { control: "all", token: null },
    owners: {
      placeOf: () => "attic",
      keysOf: () => [],
      isLent: () => false,
      placeOfHeir: () => null,
      isDue: () => false,
    },
    clock: new FakeClock(),
    borrowed: { need: () => Promise.reject() },
    ask: () =>
      Promise.resolve({ revision: 9, ...(term !== undefined && { term }) }),
    accepts: (group, given) => group === "g" && given >= known,
    reclaim() {},
    songName: (name) => name,
    songNames: (_, names) => Promise.resolve([...names]),
  });
  const edit = { type: "edit", group: "g", action: "clear" } as ToServer<
    "edit"
  >;
  const here = () => assert.fail("it is not for this server");
  const asker = {
    ...{ isLocal: true, isInStep: true, isEnding: false },
    rateLimit: new RateLimit({ burst: 9, perSecond: 1 }, 0),
  };
  return passing.pass(asker, edit, here)!;
}

Deno.test("an edit that another server has answered is passed on without its term", async () => {
  assert.deepEqual(await editAtOwner(4, 4), { revision: 9 });
  // It knows more than this server.
  assert.deepEqual(await editAtOwner(5, 4), { revision: 9 });
  // It is of an older version.
  assert.deepEqual(await editAtOwner(undefined, 4), { revision: 9 });
});

Deno.test("an edit that the owner of a lower term has answered is stale", async () => {
  await assert.rejects(editAtOwner(3, 4), { code: "stale" });
});
