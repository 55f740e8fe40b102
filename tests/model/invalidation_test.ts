import assert from "node:assert/strict";
import { InvalidationSignal } from "../../lib/model/invalidation.ts";

Deno.test("InvalidationSignal notifies each current listener once, and no other", () => {
  const signal = new InvalidationSignal();
  const notified: string[] = [];
  const listener = (name: string) => ({
    invalidated: () => notified.push(name),
  });
  const leaving = listener("leaving");
  signal.add(listener("first"));
  signal.add(leaving);
  signal.add(listener("last"));
  signal.delete(leaving);
  signal.throwIfInvalid();
  assert.equal(signal.happened, false);
  const reason = new Error("removed");
  signal.invalidate(reason);
  signal.invalidate(new Error("changed"));
  signal.add(listener("late"));
  assert.deepEqual(notified, ["first", "last"]);
  assert.equal(signal.happened, true);
  assert.throws(() => signal.throwIfInvalid(), reason);
});

Deno.test("InvalidationSignal notifies all listeners when each removes itself", () => {
  const signal = new InvalidationSignal();
  let notified = 0;
  for (let i = 0; i < 3; i++) {
    const listener = {
      invalidated() {
        notified++;
        signal.delete(listener);
      },
    };
    signal.add(listener);
  }
  signal.invalidate(new Error("removed"));
  assert.equal(notified, 3);
});
