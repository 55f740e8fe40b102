import assert from "node:assert/strict";
import type {
  DecoderJob,
  DecoderReply,
  DecoderResult,
} from "../../../lib/io/codecs/decoder_jobs.ts";
import {
  DecoderPool,
  type DecoderWorker,
} from "../../../lib/io/codecs/decoder_pool.ts";
import { checkSong } from "../../../lib/io/songs/check_song.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { TempFolder } from "../../support/programs.ts";

const RATE = 1000;
const SECONDS = 60;
const PROBE: DecoderResult<Extract<DecoderJob, { type: "probe" }>> = {
  ...{ codec: "mp3", encoding: "s16le", rate: RATE, channels: 2 },
  ...{ validBits: 16, sampleFrames: 50 * RATE, isEstimated: true },
  ...{ firstFrame: 0, tags: [], hasArt: false },
};

/** A song of a minute, estimated as 50 s, whose seconds in a range are damaged. */
async function setUp(damaged: [from: number, to: number], isStuck = false) {
  const stuck = Promise.withResolvers<void>();
  const folder = await TempFolder.make();
  const path = folder.file("a.mp3");
  await Deno.writeFile(path, new Uint8Array([0xff, 0xfb, 0x90, 0]));
  const clock = new FakeClock();
  const ranges: string[] = [];
  const answer = (job: DecoderJob): DecoderReply => {
    if (job.type === "probe") {
      const isCounted = job.effort === "whole";
      const sampleFrames = (isCounted ? SECONDS : 50) * RATE;
      return { result: { ...PROBE, sampleFrames, isEstimated: !isCounted } };
    }
    assert.ok(job.type === "decode");
    ranges.push(`${job.from / RATE}-${job.to / RATE}`);
    const from = Math.max(job.from, damaged[0] * RATE);
    const to = Math.min(job.to, damaged[1] * RATE);
    return {
      result: {
        pcm: new Uint8Array(0),
        damagedFrames: Math.max(0, to - from),
        sampleFrames: SECONDS * RATE,
      },
    };
  };
  const spawn = () => {
    const worker: DecoderWorker = {
      onmessage: null,
      onerror: null,
      postMessage(job) {
        if (isStuck && job.type === "decode") return stuck.resolve();
        const data = answer(job);
        queueMicrotask(() => worker.onmessage?.({ data } as MessageEvent));
      },
      terminate() {},
    };
    return worker;
  };
  const pool = new DecoderPool({ spawn, size: 1, clock });
  const check = () =>
    checkSong(path, "a.mp3", { pool, ffmpeg: () => Promise.resolve(null) });
  return {
    ...{ check, clock, ranges, stuck: stuck.promise },
    async [Symbol.asyncDispose]() {
      pool.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

Deno.test("checkSong() decodes the first and last ten seconds of the counted length", async () => {
  await using at = await setUp([20, 40]);
  assert.equal(await at.check(), ".mp3");
  assert.deepEqual(at.ranges, ["0-10", "50-60"]);
});

for (
  const [what, damaged, error] of [
    ["the last seconds of a download", [56, 60], null],
    ["most of the start", [0, 6], /its start cannot be decoded/],
    ["most of the end", [54, 60], /its end cannot be decoded/],
  ] as [string, [number, number], RegExp | null][]
) {
  Deno.test(`checkSong() ${error ? "refuses" : "accepts"} a song without ${what}`, async () => {
    await using at = await setUp(damaged);
    if (error) await assert.rejects(at.check(), { message: error });
    else await at.check();
  });
}

Deno.test("checkSong() refuses a song whose end takes more than a second", async () => {
  await using at = await setUp([0, 0], true);
  const checked = at.check().catch((error) => error);
  await at.stuck;
  await at.clock.advance(1000);
  assert.equal((await checked).code, "unsupported");
});
