import assert from "node:assert/strict";
import { AfterInput } from "../../../lib/io/clock/after_input.ts";

Deno.test("AfterInput runs work behind the input that was there before", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const [near, far] = await Promise.all([
    Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port }),
    listener.accept(),
  ]);
  using after = await AfterInput.open();
  assert.ok(after);
  using _near = near;
  using _far = far;
  for (let i = 0; i < 100; i++) {
    let isRead = false;
    const reading = far.read(new Uint8Array(1)).then(() => isRead = true);
    await near.write(new Uint8Array(1));
    // Timers that are due do not come in between.
    for (let i = 0; i < 3; i++) setTimeout(() => busy(1));
    await new Promise<void>((done) => after.run(done));
    assert.ok(isRead, `input ${i} waits`);
    await reading;
  }
});

Deno.test("AfterInput runs work once it is closed", async () => {
  const after = await AfterInput.open();
  after![Symbol.dispose]();
  await new Promise<void>((done) => after!.run(done));
});

function busy(ms: number): void {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
}
