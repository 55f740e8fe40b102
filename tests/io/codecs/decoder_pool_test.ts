import assert from "node:assert/strict";
import { RefusedSongError } from "../../../lib/audio/refused_song.ts";
import type {
  DecoderJob,
  DecoderReply,
} from "../../../lib/io/codecs/decoder_jobs.ts";
import {
  DecoderPool,
  type DecoderWorker,
  usualWorkers,
} from "../../../lib/io/codecs/decoder_pool.ts";
import { FakeClock, settle } from "../../support/fake_clock.ts";

/** A worker whose answers are given by the test. */
class FakeWorker implements DecoderWorker {
  onmessage: DecoderWorker["onmessage"] = null;
  onerror: DecoderWorker["onerror"] = null;
  readonly jobs: string[] = [];
  isTerminated = false;

  postMessage(job: DecoderJob): void {
    this.jobs.push(job.file.path);
  }

  terminate(): void {
    this.isTerminated = true;
  }

  answer(reply: DecoderReply): void {
    this.onmessage!({ data: reply } as MessageEvent<DecoderReply>);
  }
}

const PCM = { pcm: new Uint8Array(4), damagedFrames: 0, sampleFrames: 1 };

function setUp(size = 1) {
  const workers: FakeWorker[] = [];
  const clock = new FakeClock();
  const spawn = () => {
    workers.push(new FakeWorker());
    return workers.at(-1)!;
  };
  const pool = new DecoderPool({ spawn, size, clock });
  return { workers, clock, pool };
}

function probe(path: string): DecoderJob {
  const file = { path, dev: 1, ino: 1, bytes: 1, mtimeMs: 0 };
  return { type: "probe", file, effort: "ends" };
}

Deno.test("one core of several is left to the main thread", () => {
  const cores = [1, 2, 3, 4, 64];
  assert.deepEqual(cores.map(usualWorkers), [1, 1, 2, 2, 2]);
});

Deno.test("a worker that holds memory is replaced after its answer", async () => {
  const { workers, pool } = setUp();
  const first = pool.run(probe("a"), "probe");
  const second = pool.run(probe("b"), "probe");
  workers[0].answer({ result: PCM, isSpent: true });
  assert.deepEqual(await first.result, PCM);
  assert.ok(workers[0].isTerminated);
  assert.deepEqual(workers[1].jobs, ["b"]);
  const error = { code: "unsupported", message: "no picture" };
  workers[1].answer({ error, isSpent: true });
  await assert.rejects(second.result, { code: "unsupported" });
  assert.ok(workers[1].isTerminated);
  assert.equal(pool.failures, 0);
  pool.close();
});

Deno.test("the earliest deadline goes first, and work without one last", async () => {
  const { workers, clock, pool } = setUp();
  const now = clock.now();
  const order = [
    pool.run(probe("first"), "probe"),
    pool.run(probe("idle"), "idle"),
    pool.run(probe("probe"), "probe"),
    pool.run(probe("hurried"), "idle"),
    pool.run(probe("later"), now + 3_000),
    pool.run(probe("soon"), now + 400),
    pool.run(probe("late"), now - 5_000),
    pool.run(probe("at once"), now),
  ];
  order[3].hurry(now + 500);
  order[5].hurry("idle"); // no effect, as it is more urgent
  for (const _ of order) {
    workers[0].answer({ result: PCM });
    await settle();
  }
  assert.equal(workers.length, 1);
  assert.deepEqual(workers[0].jobs, [
    ...["first", "late", "at once", "soon", "hurried", "later", "probe"],
    "idle",
  ]);
  pool.close();
});

Deno.test("at most two jobs of an address go before those of others", async () => {
  const { workers, pool } = setUp();
  const greedy = ["g1", "g2", "g3", "g4"].map((path) =>
    pool.run(probe(path), 0, "10.0.0.1")
  );
  const shared = pool.run(probe("shared"), 0, "10.0.0.1");
  pool.run(probe("other"), 0, "10.0.0.2");
  shared.hurry(0, "10.0.0.2");
  for (let i = 0; i < 6; i++) {
    workers[0].answer({ result: PCM });
    await settle();
  }
  await Promise.all(greedy.map(({ result }) => result));
  assert.deepEqual(workers[0].jobs, [
    ...["g1", "g2", "g3", "other", "shared", "g4"],
  ]);
  pool.close();
});

Deno.test("addresses of one IPv6 network share their place", async () => {
  const { workers, pool } = setUp();
  for (let i = 1; i <= 4; i++) {
    pool.run(probe(`g${i}`), 0, `2001:db8::${i}`).result.catch(() => {});
  }
  pool.run(probe("other"), 0, "10.0.0.2").result.catch(() => {});
  for (let i = 0; i < 4; i++) {
    workers[0].answer({ result: PCM });
    await settle();
  }
  assert.deepEqual(workers[0].jobs, ["g1", "g2", "g3", "other", "g4"]);
  pool.close();
});

Deno.test("of an address, what is heard next goes first", async () => {
  const { workers, clock, pool } = setUp();
  const tasks = [0, 3_000, 2_000, 100].map((ms) =>
    pool.run(probe(`in ${ms}`), clock.now() + ms, "10.0.0.1")
  );
  for (const { result } of tasks) {
    result.catch(() => {});
    workers[0].answer({ result: PCM });
    await settle();
  }
  assert.deepEqual(workers[0].jobs, ["in 0", "in 100", "in 2000", "in 3000"]);
  pool.close();
});

Deno.test("what is heard later waits for newcomers until its deadline, at most 10 s", async () => {
  for (const [dueMs, waitsMs] of [[400, 400], [1e9, 10_000]]) {
    for (const address of ["10.0.0.1", "10.0.0.2"]) {
      const { workers, clock, pool } = setUp();
      const run = (path: string, dueMs: number, from: string) =>
        pool.run(probe(path), clock.now() + dueMs, from).result.catch(() => {});
      run("begun", 0, "10.0.0.3");
      run("other", dueMs, address);
      run("first 0", 0, "10.0.0.1");
      await clock.advance(waitsMs - 1);
      run("first 1", 0, "10.0.0.3");
      await clock.advance(2);
      run("first 2", 0, "10.0.0.4");
      workers.at(-1)!.answer({ result: PCM }); // Too late, if it was replaced.
      for (let i = 0; i < 4; i++) {
        workers.at(-1)!.answer({ result: PCM });
        await settle();
      }
      const jobs = workers.flatMap((it) => it.jobs);
      assert.deepEqual(
        jobs.filter((it) => it !== "begun" && it !== "first 0"),
        [
          ...["first 1", "other", "first 2"],
        ],
      );
      pool.close();
    }
  }
});

Deno.test("an address whose jobs are all late takes no more than its share", async () => {
  const { workers, clock, pool } = setUp();
  const late = clock.now();
  await clock.advance(1_000);
  for (let i = 0; i < 6; i++) {
    pool.run(probe(`g${i}`), late, "10.0.0.1").result.catch(() => {});
  }
  pool.run(probe("other"), clock.now(), "10.0.0.2").result.catch(() => {});
  for (let i = 0; i < 4; i++) {
    await clock.advance(1);
    workers[0].answer({ result: PCM });
    await settle();
  }
  assert.equal(workers[0].jobs.indexOf("other"), 3);
  pool.close();
});

Deno.test("workers are started on demand, and end after an idle time", async () => {
  const { workers, clock, pool } = setUp(2);
  pool.run(probe("a"), 0);
  assert.equal(workers.length, 1);
  const tasks = ["b", "c"].map((path) => pool.run(probe(path), 0));
  assert.equal(workers.length, 2);
  for (const worker of [...workers, workers[0]]) {
    worker.answer({ result: PCM });
  }
  assert.equal(await tasks[1].result, PCM);
  await clock.advance(9_000);
  assert.deepEqual(workers.map((it) => it.isTerminated), [false, false]);
  await clock.advance(1_000);
  assert.deepEqual(workers.map((it) => it.isTerminated), [true, true]);
  const last = pool.run(probe("d"), 0);
  workers[2].answer({ result: PCM });
  await last.result;
  pool.close();
});

Deno.test("an error of a song rejects its task, and the worker continues", async () => {
  const { workers, pool } = setUp();
  const failing = pool.run(probe("a"), 0);
  const refused = pool.run(probe("b"), 0);
  const next = pool.run(probe("c"), 0);
  workers[0].answer({ error: { code: "not-wav", message: "text" } });
  await assert.rejects(failing.result, { code: "not-wav", message: "text" });
  const refusal = { code: "unsupported", message: "text" };
  workers[0].answer({ error: { ...refusal, isRefused: true } });
  await assert.rejects(refused.result, new RefusedSongError("text"));
  workers[0].answer({ result: PCM });
  await next.result;
  assert.equal(pool.failures, 0);
  pool.close();
});

for (
  const [what, fail] of [
    [
      "takes ten seconds",
      (_: FakeWorker, clock: FakeClock) => clock.advance(10_000),
    ],
    ["traps", (worker: FakeWorker) => worker.answer({ trap: "unreachable" })],
    [
      "ends",
      (worker: FakeWorker) =>
        worker.onerror!({ preventDefault() {}, message: "" } as ErrorEvent),
    ],
  ] as const
) {
  Deno.test(`a worker that ${what} is replaced`, async () => {
    const { workers, clock, pool } = setUp();
    const failing = pool.run(probe("a"), 0);
    const next = pool.run(probe("b"), 0);
    const failed = assert.rejects(failing.result, { name: "DecoderFailure" });
    await fail(workers[0], clock);
    await failed;
    assert.equal(workers[0].isTerminated, true);
    assert.equal(pool.failures, 1);
    workers[1].answer({ result: PCM });
    assert.equal(await next.result, PCM);
    pool.close();
  });
}

Deno.test("close() ends the workers and all waiting tasks", async () => {
  const { workers, pool } = setUp();
  const tasks = ["a", "b"].map((path) => pool.run(probe(path), 0));
  const cancelled = pool.run(probe("c"), 0);
  cancelled.cancel();
  await assert.rejects(cancelled.result, { code: "changed" });
  pool.close();
  for (const { result } of [...tasks, pool.run(probe("d"), 0)]) {
    await assert.rejects(result, { code: "changed" });
  }
  assert.equal(workers[0].isTerminated, true);
});
