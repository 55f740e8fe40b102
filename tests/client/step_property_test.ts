import assert from "node:assert/strict";
import type { Line } from "../../lib/model/line.ts";
import { Timeline } from "../../lib/model/timeline.ts";
import fc from "../support/fast_check.ts";
import { StepWorld } from "../support/step_world.ts";

/** Frames a second of all songs. */
const RATE = 16_000;
/** A device is told of a change this long before it takes effect. */
const AHEAD_US = 700_000;
/** What quartz may be off, in sample frames, until it is measured. */
const NEAR_FRAMES = 8;
/** Before a change, and as long after it as PCM was written ahead. */
const CHANGE_MS = 25;
const LATE_MS = 500;

const command = fc.record({
  kind: fc.constantFrom(
    ...["seek", "seek", "follow", "pause", "resume", "stop"] as const,
  ),
  seconds: fc.constantFrom(0.3, 0.8, 2),
  waitMs: fc.constantFrom(50, 300, 900, 1_800),
});

Deno.test("whatever is asked for, a device sounds at each moment what is on the line", async () => {
  const commands = fc.array(command, { minLength: 3, maxLength: 8 });
  const property = fc.asyncProperty(commands, run);
  await fc.assert(property, { numRuns: 25, endOnFailure: true });
});

async function run(
  commands: {
    kind: "seek" | "follow" | "pause" | "resume" | "stop";
    seconds: number;
    waitMs: number;
  }[],
): Promise<void> {
  const world = await StepWorld.open();
  const { clock } = world;
  const line = new Timeline();
  /** When the line has changed, and where it is from then on. */
  const changesMs: number[] = [];
  const places: { ms: number; stream: number; frame: number }[] = [];
  let takes = 0;
  const send = async (news: Line | null) => {
    if (news === null) return;
    const since = Math.round(news.sinceUs);
    const at = news.atUs && Math.round(news.atUs);
    changesMs.push(localMs(world, news.sinceUs));
    await world.line(news.take, Math.round(news.frame), at, since);
  };
  const listen = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 50) {
      const nowMs = clock.now();
      const place = line.positionAt(world.serverUs(nowMs));
      const isPlaying = place?.kind === "playing";
      const { take, frame = 0 } = place ?? {};
      const heard = { stream: take?.id ?? 0, frame };
      const left = Math.min(frame, (take?.endFrame ?? 0) - frame);
      // A device may begin and end a little late.
      if (isPlaying && left < RATE * CHANGE_MS / 1000) changesMs.push(nowMs);
      places.push({ ms: nowMs, ...(isPlaying ? heard : SILENCE) });
      await clock.advance(50);
    }
  };
  await clock.advance(1_000);
  for (const { kind, seconds, waitMs } of commands) {
    const nowUs = world.serverUs();
    const atUs = nowUs + AHEAD_US;
    const song = { entry: 1, rateHz: RATE, fromFrame: 0 };
    const endFrame = Math.round(seconds * RATE);
    if (kind === "seek" || takes === 0) {
      const news = line.start({ ...song, endFrame }, nowUs, atUs);
      await world.start(++takes, { seconds, rate: RATE });
      await send(news);
    } else if (kind === "follow") {
      // What follows sooner than a device can sound it is late.
      const then = line.positionAt(atUs);
      const isInTime = then?.take.id === takes && then.kind !== "ended";
      const followed = isInTime
        ? line.follow(takes, { ...song, endFrame }, nowUs)
        : null;
      if (followed !== null) {
        await world.start(takes + 1, { seconds, rate: RATE, follows: takes });
        takes++;
      }
      await send(followed);
    } else if (kind === "stop") {
      line.stop();
      changesMs.push(clock.now());
      for (let stream = 1; stream <= takes; stream++) {
        await world.peer.send({ type: "stopped", stream, reason: "stopped" });
      }
    } else await send(line[kind](nowUs, atUs));
    await listen(waitMs);
  }
  await listen(1_500);
  let latest = 0;
  for (const place of places) {
    const isNear = changesMs.some((ms) =>
      place.ms > ms - CHANGE_MS && place.ms < ms + LATE_MS
    );
    const heard = world.heardAt(place.ms) ?? SILENCE;
    const isSame = heard.stream === place.stream &&
      Math.abs(heard.frame - place.frame) <= NEAR_FRAMES;
    latest = Math.max(latest, heard.stream);
    // A seek may be replaced when it is in the player's buffer already.
    const isLeft = place.stream < latest && heard.frame < 0;
    assert.ok(
      isSame || isNear || isLeft,
      `${JSON.stringify(place)}, heard ${JSON.stringify(heard)}`,
    );
  }
}

const SILENCE = { stream: 0, frame: -1 };

function localMs(world: StepWorld, us: number): number {
  let ms = world.clock.now();
  for (let i = 0; i < 3; i++) ms += (us - world.serverUs(ms)) / 1000;
  return ms;
}
