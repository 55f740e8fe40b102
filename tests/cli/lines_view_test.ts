import assert from "node:assert/strict";
import {
  jsonLines,
  LinesView,
  plainLines,
  quietLines,
} from "../../lib/cli/lines_view.ts";
import { OndacastError } from "../../lib/errors.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { PHONE } from "../support/memory_songs.ts";

const STATE = {
  song: "a\u001b[2J.wav",
  format: { ...PHONE, dataOffset: 44, dataBytes: 480_000 },
  positionSeconds: 0,
  lengthSeconds: 60,
  bufferedSeconds: 4,
  level: 0.5,
  underruns: 0,
  volume: 100,
  paused: false,
};
const END = { song: "a.wav", seconds: 60, bytes: 480_000, underruns: 1 };
const REST = { reconnects: 2, reason: "finished" } as const;
const FAILED =
  "It has failed. Check that the loudspeakers are connected and that no other program holds them, or choose another `--player`. (player-failed)";
const KINDS = { jsonLines, plainLines, quietLines };

/** A song that is played for 25 s in a view. */
async function played(kind: keyof typeof KINDS) {
  const clock = new FakeClock();
  const printed: string[] = [];
  const failures: string[] = [];
  const lines = KINDS[kind]({
    print: (line) => printed.push(line),
    printError: (line) => failures.push(line),
  });
  {
    using view = new LinesView(lines, clock);
    view.control({
      get state() {
        return { ...STATE, positionSeconds: Math.floor(clock.now() / 1000) };
      },
      pause() {},
      resume() {},
      seek: () => true,
      skip() {},
      volume: 100,
    });
    view.note("server away", { event: "away" });
    view.volume(40);
    view.start(STATE, "ffplay");
    await clock.advance(25_000);
    view.problem(new OndacastError("player-failed", "It has failed"));
    view.end({ ...END, ...REST });
    await clock.advance(25_000);
    view.start(STATE, "ffplay");
  }
  await clock.advance(25_000);
  return { printed, failures };
}

Deno.test("plainLines() print a song, its position each 10 s, and its end", async () => {
  const { printed, failures } = await played("plainLines");
  assert.equal(printed.length, 7);
  assert.equal(printed[0], "server away");
  assert.equal(printed[1], "volume 40 %");
  assert.match(
    printed[2],
    /^playing a\\u001b\[2J\.wav \(.*, 1:00\) on ffplay$/,
  );
  assert.deepEqual(printed.slice(3, 6), [
    "  0:10 of 1:00",
    "  0:20 of 1:00",
    "played a.wav: 60.0 s, 1 underrun, 2 reconnects",
  ]);
  assert.deepEqual(failures, [FAILED]);
});

Deno.test("jsonLines() print one object a line, and failures on stderr as well", async () => {
  const { printed, failures } = await played("jsonLines");
  const events = printed.map((line) => JSON.parse(line));
  const positions = events.filter(({ event }) => event === "position");
  assert.deepEqual(positions.map(({ position }) => position), [
    ...Array.from({ length: 25 }, (_, i) => i + 1),
  ]);
  assert.deepEqual(
    events.filter(({ event }) => event !== "position").map(({ event }) =>
      event
    ),
    ["away", "volume", "start", "problem", "end", "start"],
  );
  assert.deepEqual(failures, [FAILED]);
});

Deno.test("quietLines() print failures only", async () => {
  assert.deepEqual(await played("quietLines"), {
    printed: [],
    failures: [FAILED],
  });
});
