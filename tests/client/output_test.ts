import assert from "node:assert/strict";
import { Output } from "../../lib/client/output.ts";
import { OndacastError } from "../../lib/errors.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { CD, PHONE } from "../support/memory_songs.ts";
import { Recorder } from "../support/recording_sink.ts";

function setUp(realTime = true) {
  const clock = new FakeClock();
  const recorder = new Recorder(clock, { realTime });
  return { clock, recorder, output: new Output(recorder.open) };
}

Deno.test("for() keeps the sink and its pace while songs have the same layout", async () => {
  const { recorder, output } = setUp();
  const first = await output.for(CD);
  assert.equal(await output.for({ ...CD, validBits: 16 }), first);
  assert.deepEqual(recorder.events, ["open"]);
});

Deno.test("for() opens another sink once the one before has ended", async () => {
  const { recorder, output } = setUp();
  await output.for(CD);
  await output.for(PHONE);
  await output.for({ ...PHONE, rate: 11025 });
  assert.deepEqual(recorder.events, ["open", "end", "open", "end", "open"]);
});

Deno.test("for() opens another sink when each channel has another speaker", async () => {
  const { recorder, output } = setUp();
  const four = { ...CD, channels: 4 };
  await output.for(four);
  await output.for({ ...four, channelMask: 0x107 }); // what is taken for granted
  await output.for({ ...four, channelMask: 0x33 });
  assert.deepEqual(recorder.events, ["open", "end", "open"]);
});

Deno.test("for() leaves one sink open when two ask at once", async () => {
  const { recorder, output } = setUp();
  await Promise.all([output.for(CD), output.for(PHONE), output.for(PHONE)]);
  assert.deepEqual(recorder.events, ["open", "end", "open"]);
});

Deno.test("for() fails no earlier than all that was written before has been heard", async () => {
  const { recorder } = setUp();
  let opened = 0;
  const output = new Output((format, free) => {
    if (++opened === 1) return recorder.open(format, free);
    throw new OndacastError("unsupported", "Cannot play it");
  });
  await output.for(CD);
  await assert.rejects(output.for(PHONE), /Cannot play it/);
  assert.deepEqual(recorder.events, ["open", "end"]);
});

Deno.test("for() opens no sink before one that was ended has", async () => {
  for (const fails of [false, true]) {
    const { recorder, output } = setUp();
    await output.for(CD);
    const gate = Promise.withResolvers<void>();
    recorder.holdEnd = gate.promise;
    const ended = output.end().then(() => "ended", () => "failed");
    const open = output.for(CD);
    await settle();
    assert.deepEqual(recorder.events, ["open"]);
    if (fails) gate.reject(new OndacastError("player-failed", "Cannot play"));
    else gate.resolve();
    await open;
    assert.equal(await ended, fails ? "failed" : "ended");
    assert.deepEqual(
      recorder.events,
      fails ? ["open", "open"] : ["open", "end", "open"],
    );
  }
});

Deno.test("cut() has a sink that keeps what it is given followed by another", async () => {
  const { recorder, output } = setUp(false);
  output.cut();
  await output.for(CD);
  output.cut();
  await output.for(CD);
  assert.deepEqual(recorder.events, ["open"]);
  recorder.keeps = true;
  await output.for(PHONE);
  output.cut();
  await output.for(PHONE);
  await output.for(PHONE);
  assert.deepEqual(recorder.events.slice(1), [
    ...["end", "open", "cut", "end", "open"],
  ]);
});

Deno.test("for() sets no pace for a sink that is not real-time", async () => {
  const { clock, output } = setUp(false);
  assert.equal((await output.for(CD)).pacer, null);
  assert.equal(output.unheardBytes(clock), 0);
});

Deno.test("unheardBytes() is what the player still has", async () => {
  const { clock, output } = setUp();
  assert.equal(output.unheardBytes(clock), 0);
  const { pacer } = await output.for(PHONE);
  pacer?.wrote(2000, clock.now());
  await clock.advance(100);
  assert.equal(output.unheardBytes(clock), 1200);
});

Deno.test("throwIfFailed() throws once the player has failed, and failed is called at once", async () => {
  const { recorder, output } = setUp();
  let seen = 0;
  output.listen({ failed: () => seen++ });
  await output.for(CD);
  output.throwIfFailed();
  recorder.fail(new OndacastError("player-failed", "Cannot play"));
  await settle();
  assert.equal(seen, 1);
  assert.throws(() => output.throwIfFailed(), { code: "player-failed" });
});

Deno.test("a player that fails after it was ended is no failure", async () => {
  const { recorder, output } = setUp();
  await output.for(CD);
  await output.end();
  recorder.fail(new OndacastError("player-failed", "Cannot play"));
  await settle();
  output.throwIfFailed();
});

Deno.test("end() and abort() may be called without a sink, and again", async () => {
  const { recorder, output } = setUp();
  await output.end();
  await output.abort();
  await output.for(CD);
  await output.abort();
  await output.abort();
  await output.end();
  assert.deepEqual(recorder.events, ["open", "abort"]);
});

Deno.test("abort() while a sink opens aborts it, and for() throws interrupted", async () => {
  const { clock, recorder } = setUp();
  const gate = Promise.withResolvers<void>();
  const output = new Output(async (format, free) => {
    await gate.promise;
    return await recorder.open(format, free);
  });
  const opening = output.for(CD);
  await clock.advance(0);
  await output.abort();
  gate.resolve();
  await assert.rejects(opening, { code: "interrupted" });
  assert.deepEqual(recorder.events, ["open", "abort"]);
});
