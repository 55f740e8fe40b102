import assert from "node:assert/strict";
import { type Line, soundsAtUs } from "../../lib/model/line.ts";
import {
  MOST_IN_A_ROW,
  type NewTake,
  Timeline,
} from "../../lib/model/timeline.ts";
import type { Position } from "../../lib/model/course.ts";
import { MemberLine } from "../../lib/model/member_line.ts";
import fc from "../support/fast_check.ts";

const SONG = { entry: 1, rateHz: 1_000, fromFrame: 0, endFrame: 500 };

Deno.test("soundsAtUs() waits for the page, the largest lead up to 1.5 s, and 0.1 s", () => {
  assert.equal(soundsAtUs(5, []), 100_005);
  assert.equal(soundsAtUs(0, [1_500_000, 200_000]), 1_600_000);
  assert.equal(soundsAtUs(0, [1_500_001, 200_000]), 300_000);
});

Deno.test("Timeline.start() lets the former song sound until the new one does", () => {
  const line = new Timeline();
  line.start(SONG, 0, 0);
  line.start({ ...SONG, fromFrame: 400 }, 100_000, 300_000);
  assert.deepEqual(heard(line, 299_000), ["playing", 1, 299]);
  assert.deepEqual(heard(line, 300_000), ["playing", 2, 400]);
  assert.deepEqual(heard(line, 400_000), ["ended", 2, 500]);
});

Deno.test("Timeline.start() seeks while paused, and stays paused", () => {
  const line = new Timeline();
  line.start(SONG, 0, 0);
  line.pause(100_000, 100_000);
  line.start({ ...SONG, fromFrame: 300 }, 200_000, null);
  assert.deepEqual(heard(line, 900_000), ["paused", 2, 300]);
  line.resume(900_000, 1_000_000);
  assert.deepEqual(heard(line, 1_050_000), ["playing", 2, 350]);
});

Deno.test("Timeline.pause() before a seek took effect keeps the seek", () => {
  const line = new Timeline();
  line.start(SONG, 0, 0);
  line.start({ ...SONG, fromFrame: 400 }, 100_000, 600_000);
  const since = line.pause(200_000, 250_000);
  assert.deepEqual(since, {
    take: 2,
    frame: 400,
    atUs: null,
    sinceUs: 250_000,
  });
  assert.deepEqual(heard(line, 249_000), ["playing", 1, 249]);
  assert.deepEqual(heard(line, 250_000), ["paused", 2, 400]);
});

Deno.test("Timeline.resume() before the pause took effect plays on without a gap", () => {
  const line = new Timeline();
  line.start(SONG, 0, 0);
  line.pause(100_000, 300_000);
  assert.deepEqual(line.resume(200_000, 500_000), {
    take: 1,
    frame: 0,
    atUs: 0,
    sinceUs: 200_000,
  });
  assert.deepEqual(heard(line, 450_000), ["playing", 1, 450]);
});

Deno.test("Timeline.resume() begins the first song if it was paused before it began", () => {
  const line = new Timeline();
  line.start(SONG, 0, 600_000);
  line.pause(100_000, 200_000);
  line.resume(150_000, 300_000);
  assert.deepEqual(heard(line, 350_000), ["playing", 1, 50]);
});

Deno.test("Timeline.resume() keeps a seek that was paused before it took effect", () => {
  const line = new Timeline();
  line.start(SONG, 0, 0);
  line.start({ ...SONG, fromFrame: 400 }, 100_000, 600_000);
  line.pause(200_000, 250_000);
  line.resume(240_000, 300_000);
  assert.deepEqual(heard(line, 300_000), ["playing", 2, 400]);
});

Deno.test("Timeline.follow() refuses a take that a pause to come lies beyond", () => {
  const line = new Timeline();
  line.start(SONG, 0, 0);
  line.follow(1, SONG, 0);
  line.pause(400_000, 600_000);
  assert.equal(line.follow(1, SONG, 450_000), null);
  assert.deepEqual(heard(line, 600_000), ["paused", 2, 100]);
});

Deno.test("Timeline.follow() goes on for ever, as songs that were heard are forgotten", () => {
  const line = new Timeline();
  line.start(SONG, 0, 0);
  for (let take = 1; take < 3 * MOST_IN_A_ROW; take++) {
    assert.ok(line.follow(take, SONG, take * 500_000 - 1));
  }
});

Deno.test("Timeline.pause() beyond the end pauses what follows, once that is known", () => {
  const line = new Timeline();
  line.start(SONG, 0, 0);
  assert.equal(line.pause(450_000, 700_000)?.frame, 500);
  assert.deepEqual(line.follow(1, SONG, 460_000), {
    take: 2,
    frame: 200,
    atUs: null,
    sinceUs: 700_000,
  });
  line.resume(800_000, 900_000);
  assert.deepEqual(heard(line, 1_000_000), ["playing", 2, 300]);
});

Deno.test("Timeline.follow() after a pause at the end waits for the resume", () => {
  const line = new Timeline();
  line.start(SONG, 0, 0);
  line.pause(450_000, 600_000);
  assert.equal(line.follow(1, SONG, 550_000), null, "it would have begun");
  assert.ok(line.follow(1, SONG, 650_000));
  line.resume(800_000, 900_000);
  assert.deepEqual(heard(line, 1_000_000), ["playing", 2, 100]);
});

Deno.test("Timeline.follow() refuses what cannot follow", () => {
  const line = new Timeline();
  assert.equal(line.follow(1, SONG, 0), null);
  line.start(SONG, 0, 0);
  assert.equal(line.follow(2, SONG, 0), null);
  assert.equal(line.follow(1, SONG, 500_000), null, "it has ended");
  line.start({ ...SONG, endFrame: null }, 500_000, 500_000);
  assert.equal(line.follow(2, SONG, 600_000), null, "it has no end");
  assert.throws(() => line.start({ ...SONG, endFrame: 0 }, 0, 0), RangeError);
});

Deno.test("Timeline.follow() replaces what has followed, and is bounded", () => {
  const line = new Timeline();
  line.start(SONG, 0, 0);
  for (let take = 1; take < MOST_IN_A_ROW; take++) {
    assert.ok(line.follow(take, SONG, 0));
  }
  assert.equal(line.follow(MOST_IN_A_ROW, SONG, 0), null);
  assert.ok(line.follow(1, { ...SONG, entry: 9 }, 0));
  assert.deepEqual(heard(line, 600_000), [
    "playing",
    MOST_IN_A_ROW + 1,
    100,
  ]);
  assert.ok(line.cut(1, 0));
  assert.deepEqual(heard(line, 600_000), ["ended", 1, 500]);
});

Deno.test("Timeline.join() sends the rest of the row, and is null after its end", () => {
  const line = new Timeline();
  assert.equal(line.join(0, 0), null);
  line.start(SONG, 0, 0);
  line.follow(1, SONG, 0);
  const late = line.join(100_000, 700_000)!;
  assert.deepEqual(late.takes.map(({ id }) => id), [2]);
  assert.deepEqual(late.line, {
    take: 2,
    frame: 200,
    atUs: 700_000,
    sinceUs: 700_000,
  });
  assert.equal(line.join(100_000, 1_000_000), null);
});

Deno.test("Timeline.adopt() takes up what a device plays, as far as it is", () => {
  const line = new Timeline();
  line.adopt(SONG, 250, 1_000_000, 1_100_000);
  assert.deepEqual(heard(line, 1_100_000), ["playing", 1, 350]);
});

/** A member that is sent each start, stop and line. */
class Member {
  readonly #line = new MemberLine<null>();
  readonly #follower = new Map<number, number>();

  start(id: number, take: NewTake, follows?: number): void {
    this.#line.start({ ...take, id }, follows);
    if (follows) this.#follower.set(follows, id);
  }

  cut(after: number): void {
    this.#line.stop(this.#follower.get(after) ?? 0);
    this.#follower.delete(after);
  }

  line(line: Line | null, nowUs: number): void {
    if (line) this.#line.follow(line, null, () => nowUs);
  }

  hears(nowUs: number): Position | null {
    return this.#line.placeAt(() => nowUs);
  }

  /** Whether it has dropped nothing that is to sound. */
  hasAll(nowUs: number): boolean {
    const { takes } = this.#line.needed(() => nowUs);
    return [0, 1e5, 1e6, 1e7].every((us) => {
      const place = this.hears(nowUs + us);
      return place?.kind !== "playing" || takes.has(place.take.id);
    });
  }
}

/** Bounded in time, because shrinking a long sequence may take minutes. */
const MANY_RUNS = {
  numRuns: 1_000,
  interruptAfterTimeLimit: 5_000,
  markInterruptAsFailure: true,
};

const newTake = fc.record({
  entry: fc.nat(9),
  rateHz: fc.constantFrom(8_000, 44_100, 48_000, 96_000),
  fromFrame: fc.nat(50_000),
  length: fc.integer({ min: 1, max: 60_000 }),
}).map(({ length, ...take }): NewTake => ({
  ...take,
  endFrame: take.fromFrame + length,
}));

const action = fc.record({
  kind: fc.constantFrom(
    ...["start", "startPaused", "follow", "follow", "cut"] as const,
    ...["pause", "resume", "join"] as const,
  ),
  take: newTake,
  waitUs: fc.nat(700_000),
  leadUs: fc.nat(800_000),
  /** Which take is followed or cut, from the newest. */
  back: fc.nat(2),
});

Deno.test("a line never goes back, never skips, and is what its members hear", () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60, size: "max" }), (actions) => {
      const line = new Timeline();
      const member = new Member();
      let [nowUs, takes] = [0, 0];
      let before = { take: 0, frame: 0, us: 0 };
      const listen = (us: number) => {
        const place = line.positionAt(us);
        const heard = member.hears(us);
        if (heard === null) assert.ok(!place || place.kind === "ended");
        else {
          assert.deepEqual(
            [heard.kind, heard.take.id],
            [place?.kind, place?.take.id],
          );
        }
        if (!place || !heard) return;
        const [take, { frame }] = [place.take.id, place];
        assert.ok(Math.abs(frame - heard!.frame) < 1e-3, "as the members hear");
        assert.ok(take >= before.take, "takes rise");
        if (take === before.take) {
          const most = (us - before.us) * place.take.rateHz / 1e6;
          assert.ok(frame >= before.frame - 1e-3, "frames rise");
          // A pause begins with a whole frame.
          assert.ok(frame - before.frame <= most + 1.001, "none is skipped");
        }
        before = { take, frame, us };
      };
      for (const { kind, take, waitUs, leadUs, back } of actions) {
        const sinceUs = line.line?.sinceUs ?? 0;
        [0, 0.25, 0.5, 0.75, 1].map((it) => nowUs + waitUs * it)
          .concat(sinceUs - 0.01, sinceUs)
          .filter((us) => us >= nowUs && us <= nowUs + waitUs)
          .sort((a, b) => a - b).forEach(listen);
        nowUs += waitUs;
        const at = nowUs + leadUs;
        const after = takes - back;
        if (kind === "start" || kind === "startPaused") {
          member.start(++takes, take);
          member.line(
            line.start(take, nowUs, kind === "start" ? at : null),
            nowUs,
          );
        } else if (kind === "follow") {
          if (line.cut(after, nowUs)) member.cut(after);
          const followed = line.follow(after, take, nowUs);
          if (followed) member.start(++takes, take, after);
          member.line(followed, nowUs);
        } else if (kind === "cut") {
          if (line.cut(after, nowUs)) member.cut(after);
        } else if (kind === "join") {
          const joined = line.join(nowUs, at);
          const { atUs = null } = joined?.line ?? {};
          if (atUs !== null) {
            const due = line.positionAt(atUs + 0.01)!;
            assert.equal(joined!.line.take, due.take.id);
            assert.ok(Math.abs(joined!.line.frame - due.frame) < 0.01);
          }
        } else member.line(line[kind](nowUs, at), nowUs);
        listen(nowUs);
        assert.ok(member.hasAll(nowUs), "it keeps what is to sound");
      }
    }),
    MANY_RUNS,
  );
});

function heard(line: Timeline, us: number) {
  const place = line.positionAt(us);
  return place && [place.kind, place.take.id, place.frame];
}
