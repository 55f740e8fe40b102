import assert from "node:assert/strict";
import { Watchers } from "../../lib/server/watchers.ts";
import type { Channel } from "../../lib/wire/channel.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";

Deno.test("a notice that cannot be made keeps watchers from no later one", async () => {
  const unhandled = Promise.withResolvers<unknown>();
  const note = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    unhandled.resolve(event.reason);
  };
  globalThis.addEventListener("unhandledrejection", note);
  try {
    const clock = new FakeClock();
    const broken = new Error("the disk is broken");
    let isBroken = true;
    const watchers = new Watchers(clock, (knows) => {
      if (isBroken) throw broken;
      return () => ({ frame: new Uint8Array(1), knows });
    });
    let notices = 0;
    watchers.add({
      waitingBytes: 0,
      sendMessageFrame: () => notices++,
    } as unknown as Channel);
    watchers.changed();
    await clock.advance(1000);
    assert.equal(await unhandled.promise, broken);
    isBroken = false;
    watchers.changed();
    await clock.advance(1000);
    await settle();
    assert.equal(notices, 1);
  } finally {
    globalThis.removeEventListener("unhandledrejection", note);
  }
});
