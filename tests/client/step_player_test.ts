import assert from "node:assert/strict";
import { OndacastError } from "../../lib/errors.ts";
import { settle } from "../support/fake_clock.ts";
import { WELCOME } from "../support/memory_client.ts";
import { StepWorld } from "../support/step_world.ts";

/** What quartz may be off until it is measured. */
const NEAR_US = 250;

/** A device that plays a song in step, from a time on. */
async function playing(
  options?: Parameters<typeof StepWorld.open>[0],
  song?: Parameters<StepWorld["start"]>[1],
) {
  const world = await StepWorld.open(options);
  await world.start(1, song);
  const at = await begin(world, 1);
  return { world, clock: world.clock, line: { stream: 1, frame: 0, at } };
}

/** Lets a stream begin 0.7 s from now. @returns When, by the server. */
async function begin(world: StepWorld, stream: number, frame = 0) {
  const at = Math.round(world.serverUs() + 700_000);
  await world.line(stream, frame, at, at);
  return at;
}

/** Asserts that a device is on its line at times. */
function assertInStep(
  world: StepWorld,
  line: { stream: number; frame: number; at: number },
  [fromMs, toMs]: readonly [number, number],
  nearUs = NEAR_US,
): void {
  const late = [];
  for (let ms = fromMs; ms < toMs; ms += 33.3) {
    late.push(world.lateUs(ms, line));
  }
  const worst = late.find((us) => !(Math.abs(us) <= nearUs));
  assert.equal(worst, undefined, `late: ${late.map(Math.round)}`);
}

function assertSilent(world: StepWorld, [fromMs, toMs]: readonly number[]) {
  for (let ms = fromMs; ms < toMs; ms += 7) {
    assert.equal(world.heardAt(ms), null, `at ${ms}`);
  }
}

Deno.test("a song sounds at its time, and is within 0.05 ms of the line once its clocks are measured", async () => {
  const song = { seconds: 15, rate: 16_000 };
  const { world, clock, line } = await playing({}, song);
  await clock.advance(15_000);
  assertSilent(world, [400, 690]);
  assertInStep(world, line, [720, 15_000]);
  assertInStep(world, line, [12_000, 15_000], 50);
  assert.equal(world.devices.length, 1);
  assert.equal(world.device.starts, 1);
  assert.deepEqual(world.device.format.rate, 48_000);
});

Deno.test("a device that has run dry is soon as near to the line as before", async () => {
  const song = { seconds: 20, rate: 12_000 };
  const { world, clock, line } = await playing({}, song);
  await clock.advance(12_000);
  assertInStep(world, line, [11_000, 12_000], 50);
  for (let i = 0; i < 3; i++) {
    await clock.standStill(406);
    await clock.advance(594);
  }
  await clock.advance(4_000);
  assert.ok(world.device.starts > 1);
  assertInStep(world, line, [17_000, 19_000], 50);
});

Deno.test("a player that holds less than is written ahead does not keep states and pauses back", async () => {
  const { world, clock } = await playing({ holdsSeconds: 0.2 }, {
    ...{ seconds: 6, rate: 16_000 },
  });
  await clock.advance(5_000);
  assert.ok(world.messages("state").length >= 3);
  await world.line(1, 80_000, null, Math.round(world.serverUs(5_100)));
  await clock.advance(300);
  assert.equal(world.messages("state").at(-1)!.playing, false);
});

Deno.test("a song that follows continues without a gap, at its rate or another", async () => {
  const world = await StepWorld.open();
  await world.start(1, { seconds: 2 });
  await world.start(2, { seconds: 2, follows: 1 });
  await world.start(3, { seconds: 1, follows: 2, rate: 32_000 });
  const at = await begin(world, 1);
  await world.clock.advance(7_000);
  assertInStep(world, { stream: 1, frame: 0, at }, [720, 2_690]);
  const second = { stream: 2, frame: 0, at: at + 2e6 };
  assertInStep(world, second, [2_705, 4_690]);
  const third = { stream: 3, frame: 0, at: at + 4e6 };
  assertInStep(world, third, [4_705, 5_690]);
  assertSilent(world, [5_720, 6_500]);
  assert.equal(world.device.starts, 1);
  assert.deepEqual(world.events.filter((it) => it.startsWith("end")), [
    "end 1.wav",
    "end 2.wav",
    "end 3.wav",
  ]);
});

Deno.test("a pause takes effect at its time, and the rest sounds after it, to the frame", async () => {
  const { world, clock, line } = await playing();
  await clock.advance(2_000);
  const since = Math.round(world.serverUs(2_700));
  await world.line(1, 88_200, null, since);
  await clock.advance(1_500);
  assertInStep(world, line, [720, 2_690]);
  assertSilent(world, [2_710, 3_500]);
  assert.equal(world.messages("state").at(-1)!.playing, false);
  const at = await begin(world, 1, 88_200);
  await clock.advance(2_500);
  assertInStep(world, { stream: 1, frame: 88_200, at }, [4_220, 6_000]);
  assert.equal(world.messages("state").at(-1)!.playing, true);
});

Deno.test("a pause whose time has passed is obeyed at once, and resumed on the line", async () => {
  const { world, clock } = await playing();
  await clock.advance(2_000);
  const since = Math.round(world.serverUs(1_900));
  await world.line(1, 52_920, null, since);
  await clock.advance(1_000);
  assertSilent(world, [2_450, 2_990]);
  const at = await begin(world, 1, 52_920);
  await clock.advance(1_000);
  // It has played on for a while, and what it has is behind the line.
  const later = { stream: 1, frame: 52_920, at };
  await clock.advance(2_000);
  assertInStep(world, later, [5_000, 6_000]);
});

Deno.test("a seek sounds at its time, the song until then, and all bytes of before are granted", async () => {
  const { world, clock, line } = await playing();
  await clock.advance(1_500);
  const granted = () =>
    world.messages("grant").reduce((sum, { bytes }) => sum + bytes, 0);
  await world.start(2, { seconds: 2, fromFrame: 50_000 });
  const at = await begin(world, 2);
  await clock.advance(100);
  const ofOne = 5 * 44_100 * 4;
  assert.ok(granted() >= ofOne, `${granted()} of ${ofOne}`);
  await clock.advance(2_500);
  assertInStep(world, line, [720, 2_190]);
  const second = { stream: 2, frame: 50_000, at };
  assertInStep(world, second, [2_220, 3_000]);
  const [, ...events] = world.events;
  assert.deepEqual(events.slice(0, 2), ["end 1.wav", "start 2.wav"]);
});

Deno.test("of two seeks in a row the last one sounds, and the first song until then", async () => {
  const { world, clock, line } = await playing();
  await clock.advance(1_500);
  await world.start(2, { seconds: 0.5 });
  await begin(world, 2);
  await clock.advance(300);
  await world.start(3, { seconds: 2 });
  const at = await begin(world, 3);
  await clock.advance(2_000);
  assertInStep(world, line, [720, 2_480]);
  assertInStep(world, { stream: 3, frame: 0, at }, [2_520, 3_700]);
});

Deno.test("stopped ends the sound, and the player stays open for a minute", async () => {
  const { world, clock } = await playing();
  await clock.advance(2_000);
  await world.peer.send({ type: "stopped", stream: 1, reason: "stopped" });
  await clock.advance(1_500);
  assertSilent(world, [2_450, 3_400]);
  await clock.advance(50_000);
  assert.equal(world.device.ended, false);
  await world.start(2);
  const at = await begin(world, 2);
  await clock.advance(2_000);
  const beganMs = 53_500 + 720;
  assertInStep(world, { stream: 2, frame: 0, at }, [beganMs, beganMs + 1_000]);
  assert.equal(world.devices.length, 1);
  await world.peer.send({ type: "stopped", stream: 2, reason: "stopped" });
  await clock.advance(62_000);
  assert.equal(world.device.ended, true);
});

Deno.test("a player that keeps failing is not opened any more once a minute has passed without a song", async () => {
  const { world, clock } = await playing();
  await clock.advance(2_000);
  await world.peer.send({ type: "stopped", stream: 1, reason: "stopped" });
  world.broken = new OndacastError("no-player", "It was removed");
  world.device.fail(world.broken);
  await clock.advance(70_000);
  const { attempts } = world;
  assert.ok(attempts > 10, `${attempts}`);
  await clock.advance(30_000);
  assert.equal(world.attempts, attempts);
  world.broken = null;
  await world.start(2);
  const at = await begin(world, 2);
  await clock.advance(3_000);
  assertInStep(world, { stream: 2, frame: 0, at }, [104_000, 104_900]);
});

Deno.test("a device that joins late sounds what is due", async () => {
  const world = await StepWorld.open();
  await world.clock.advance(100);
  await world.start(1);
  const at = Math.round(world.serverUs(0));
  await world.line(1, 0, at);
  await world.clock.advance(3_000);
  assertInStep(world, { stream: 1, frame: 0, at }, [1_500, 3_000]);
});

Deno.test("data that is late is silence, then what is due, and counts as an underrun", async () => {
  const world = await StepWorld.open();
  await world.start(1, { isWhole: false });
  const at = await begin(world, 1);
  await world.clock.advance(4_500);
  assertInStep(world, { stream: 1, frame: 0, at }, [720, 3_150]);
  assertSilent(world, [3_250, 4_400]);
  assert.equal(world.messages("state").at(-1)!.underruns, 1);
});

Deno.test("a player that dies is opened again, and sounds what is due within 2 s", async () => {
  const { world, clock, line } = await playing();
  await clock.advance(2_000);
  world.device.fail(new OndacastError("player-failed", "It was killed"));
  await clock.advance(3_500);
  assert.equal(world.devices.length, 2);
  assertInStep(world, line, [3_500, 5_000]);
});

Deno.test("a device whose place is only estimated is placed, and never corrected", async () => {
  const { world, clock } = await playing({ grade: "approximate", ppm: 0 });
  await clock.advance(5_500);
  const frames = [1, 2, 3, 4].map((s) => world.heardAt(700 + s * 1000)!.frame);
  for (const [i, frame] of frames.slice(1).entries()) {
    assert.ok(Math.abs(frame - frames[i] - 44_100) < 1.5);
  }
  assert.equal(world.messages("state").at(-1)!.step.grade, "approximate");
});

Deno.test("delay, mute and volume are obeyed", async () => {
  const { world, clock, line } = await playing();
  await world.peer.send({ type: "control", action: "delay", value: 100 });
  await clock.advance(4_000);
  const early = { ...line, at: line.at - 100_000 };
  assertInStep(world, early, [2_500, 4_000]);
  assert.equal(world.messages("state").at(-1)!.step.leadMs, 550);
  await world.peer.send({ type: "control", action: "mute", value: true });
  await clock.advance(1_000);
  assertSilent(world, [4_500, 4_900]);
});

Deno.test("state tells how far from the line the device is", async () => {
  const { world, clock } = await playing();
  await clock.advance(4_000);
  const { stream, playing: isPlaying, position, step } = world.messages("state")
    .at(-1)!;
  assert.deepEqual([stream, isPlaying], [1, true]);
  assert.ok(Math.abs(position - 3.3) < 2, `${position}`);
  assert.equal(step.grade, "exact");
  assert.ok(Math.abs(step.errorUs) < 100, `${step.errorUs}`);
  assert.ok(step.leadMs >= 400 && step.leadMs <= 500, `${step.leadMs}`);
});

Deno.test("a lone device that is the first of a group plays on without a gap, and is corrected", async () => {
  const world = await StepWorld.open();
  const { clock } = world;
  await world.start(1, { group: WELCOME.key, channels: 2, rate: 22_050 });
  await clock.advance(1_000);
  const heard = world.heardAt(900)!;
  // The server knows the position only by what the device has told.
  const frame = heard.frame + 0.1 * 22_050 + 150;
  const at = Math.round(world.serverUs());
  await world.line(1, Math.round(frame), at);
  await clock.advance(4_000);
  assert.equal(world.devices.length, 1);
  assert.equal(world.device.starts, 1);
  // Its frames are 20 ms apart, but for what the first of a filter ring.
  const frames = Array.from(
    { length: 240 },
    (_, i) => world.heardAt(200 + 20 * i)?.frame ?? NaN,
  );
  const moved = frames.slice(1).map((it, i) => it - frames[i]);
  const wrong = moved.filter((it) => Math.abs(it - 441) > 5);
  assert.ok(wrong.every((it) => Math.abs(it - 441) < 2_000), `${wrong}`);
  assert.ok(wrong.length <= 2, `${wrong}`);
  const line = { stream: 1, frame: Math.round(frame), at };
  assertInStep(world, line, [4_000, 4_800]);
});

Deno.test("a device keeps the server's clock while its group plays nothing, until it plays alone", async () => {
  const { world, clock } = await playing({}, { seconds: 1, rate: 8_000 });
  await clock.advance(120_000);
  assert.ok(world.device.ended);
  const pings = async () => {
    const before = world.messages("ping").length;
    await clock.advance(20_000);
    return world.messages("ping").length - before;
  };
  assert.equal(await pings(), 4 * 3);
  await world.start(2, { group: WELCOME.key, seconds: 1, rate: 8_000 });
  await clock.advance(10_000);
  assert.ok(await pings() <= 2); // Those of a silent connection.
});

Deno.test("a device that leaves plays its next song alone, in that song's layout", async () => {
  const { world, clock } = await playing();
  await clock.advance(2_000);
  await world.start(2, { group: WELCOME.key, seconds: 1, rate: 22_050 });
  await clock.advance(3_000);
  assert.equal(world.devices.length, 2);
  assert.equal(world.device.format.rate, 22_050);
  assert.deepEqual(world.events.slice(-3), [
    "end 1.wav",
    "start 2.wav",
    "end 2.wav",
  ]);
});

Deno.test("a connection that is lost is not heard: the device goes on by its clock, then by the new line", async () => {
  const { world, clock, line } = await playing();
  await clock.advance(1_500);
  world.peer.transport.close();
  await clock.advance(260);
  await world.welcome();
  await world.start(1, { fromFrame: 66_150 });
  await world.line(1, 0, line.at + 1_500_000, line.at + 1_500_000);
  await clock.advance(3_000);
  assertInStep(world, line, [720, 4_500]);
  assert.equal(world.device.starts, 1);
  assert.deepEqual(world.messages("play"), []);
});

Deno.test("a server that starts again with another clock finds the device still playing", async () => {
  const { world, clock, line } = await playing();
  await clock.advance(1_500);
  world.peer.transport.close();
  world.clockName = "d";
  world.aheadUs = -7e12;
  await clock.advance(260);
  await world.welcome();
  await world.start(2);
  const at = await begin(world, 2);
  await clock.advance(3_000);
  const before = { ...line, at: line.at - 5e9 - 7e12 };
  assertInStep(world, before, [720, 2_400]);
  assertInStep(world, { stream: 2, frame: 0, at }, [2_500, 4_500]);
});

Deno.test("a song whose rate cannot be resampled fails, and the next one sounds", async () => {
  const world = await StepWorld.open();
  await world.start(1, { rate: 7 });
  await world.clock.advance(100);
  assert.deepEqual(world.events, ["problem unsupported"]);
  await world.start(2);
  const at = await begin(world, 2);
  await world.clock.advance(3_000);
  assertInStep(world, { stream: 2, frame: 0, at }, [1_000, 3_000]);
});

Deno.test("a server that starts songs without end, and never a line, is kept to the newest", async () => {
  const world = await StepWorld.open();
  for (let stream = 1; stream <= 500; stream++) {
    await world.start(stream, { seconds: 0.01 });
  }
  const ended = world.events.filter((it) => it.startsWith("end"));
  assert.equal(ended.length, 499);
  assert.deepEqual(world.devices.length, 1);
});

Deno.test("a line for a stream that is not here is ignored", async () => {
  const world = await StepWorld.open();
  await world.line(7, 0, 1, 1);
  await world.line(7, 0, null);
  await settle();
  assert.deepEqual([world.devices, world.events], [[], []]);
});
