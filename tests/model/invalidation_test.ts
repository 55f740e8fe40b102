import assert from "node:assert/strict";
import { InvalidationSignal } from "../../lib/model/invalidation.ts";

Deno.test("GoneSignal tells each listener that is there once, and no other", () => {
  const gone = new InvalidationSignal();
  const told: string[] = [];
  const listener = (name: string) => ({
    handleInvalidation: () => told.push(name),
  });
  const leaving = listener("leaving");
  gone.add(listener("first"));
  gone.add(leaving);
  gone.add(listener("last"));
  gone.delete(leaving);
  gone.throwIfInvalid();
  assert.equal(gone.happened, false);
  const reason = new Error("removed");
  gone.tell(reason);
  gone.tell(new Error("changed"));
  gone.add(listener("late"));
  assert.deepEqual(told, ["first", "last"]);
  assert.equal(gone.happened, true);
  assert.throws(() => gone.throwIfInvalid(), reason);
});

Deno.test("GoneSignal tells all, though each leaves when it is told", () => {
  const gone = new InvalidationSignal();
  let told = 0;
  for (let i = 0; i < 3; i++) {
    const listener = {
      handleInvalidation() {
        told++;
        gone.delete(listener);
      },
    };
    gone.add(listener);
  }
  gone.tell(new Error("removed"));
  assert.equal(told, 3);
});
