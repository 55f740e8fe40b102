import assert from "node:assert/strict";
import { RefusedSongError } from "../../../lib/audio/refused_song.ts";
import type {
  DecoderJob,
  DecoderReply,
} from "../../../lib/io/codecs/decoder_jobs.ts";
import {
  DecoderPool,
  type DecoderWorker,
  type Priority,
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

Deno.test("tasks for listeners precede earlier tasks of lower priority", async () => {
  const { workers, pool } = setUp();
  const order = [
    pool.run(probe("first"), "probe"),
    pool.run(probe("idle"), "idle"),
    pool.run(probe("probe"), "probe"),
    pool.run(probe("hurried"), "ahead"),
    pool.run(probe("heard"), "heard"),
  ];
  order[3].hurry("heard");
  order[4].hurry("idle"); // no effect, as its priority is higher
  for (const _ of order) {
    workers[0].answer({ result: PCM });
    await settle();
  }
  assert.equal(workers.length, 1);
  assert.deepEqual(workers[0].jobs, [
    ...["first", "hurried", "heard", "probe", "idle"],
  ]);
  pool.close();
});

Deno.test("at most two jobs of an address go before those of others", async () => {
  const { workers, pool } = setUp();
  const greedy = ["g1", "g2", "g3", "g4"].map((path) =>
    pool.run(probe(path), "first", "10.0.0.1")
  );
  const shared = pool.run(probe("shared"), "first", "10.0.0.1");
  pool.run(probe("other"), "first", "10.0.0.2");
  shared.hurry("first", "10.0.0.2");
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
    pool.run(probe(`g${i}`), "first", `2001:db8::${i}`).result.catch(() => {});
  }
  pool.run(probe("other"), "first", "10.0.0.2").result.catch(() => {});
  for (let i = 0; i < 4; i++) {
    workers[0].answer({ result: PCM });
    await settle();
  }
  assert.deepEqual(workers[0].jobs, ["g1", "g2", "g3", "other", "g4"]);
  pool.close();
});

Deno.test("of an address, what is heard next goes first", async () => {
  const { workers, pool } = setUp();
  const tasks = (["ahead", "ahead", "heard", "first"] as const).map((what, i) =>
    pool.run(probe(`${what} ${i}`), what, "10.0.0.1")
  );
  for (const { result } of [...tasks]) {
    result.catch(() => {});
    workers[0].answer({ result: PCM });
    await settle();
  }
  assert.deepEqual(workers[0].jobs, [
    ...["ahead 0", "first 3", "heard 2", "ahead 1"],
  ]);
  pool.close();
});

Deno.test("a listener that has nothing goes first, until others have waited", async () => {
  for (const [priority, ms] of [["second", 500], ["heard", 2500]] as const) {
    for (const address of ["10.0.0.1", "10.0.0.2"]) {
      const { workers, clock, pool } = setUp();
      const run = (path: string, priority: Priority, from: string) =>
        pool.run(probe(path), priority, from).result.catch(() => {});
      run("begun", "first", "10.0.0.3");
      run("other", priority, address);
      run("first 0", "first", "10.0.0.1");
      await clock.advance(ms - 1);
      run("first 1", "first", "10.0.0.3");
      await clock.advance(2);
      run("first 2", "first", "10.0.0.4");
      for (let i = 0; i < 4; i++) {
        workers[0].answer({ result: PCM });
        await settle();
      }
      assert.deepEqual(workers[0].jobs, [
        ...["begun", "first 0", "first 1", "other", "first 2"],
      ]);
      pool.close();
    }
  }
});

Deno.test("workers are started on demand, and end after an idle time", async () => {
  const { workers, clock, pool } = setUp(2);
  pool.run(probe("a"), "heard");
  assert.equal(workers.length, 1);
  const tasks = ["b", "c"].map((path) => pool.run(probe(path), "heard"));
  assert.equal(workers.length, 2);
  for (const worker of [...workers, workers[0]]) {
    worker.answer({ result: PCM });
  }
  assert.equal(await tasks[1].result, PCM);
  await clock.advance(9_000);
  assert.deepEqual(workers.map((it) => it.isTerminated), [false, false]);
  await clock.advance(1_000);
  assert.deepEqual(workers.map((it) => it.isTerminated), [true, true]);
  const last = pool.run(probe("d"), "heard");
  workers[2].answer({ result: PCM });
  await last.result;
  pool.close();
});

Deno.test("an error of a song rejects its task, and the worker continues", async () => {
  const { workers, pool } = setUp();
  const failing = pool.run(probe("a"), "heard");
  const refused = pool.run(probe("b"), "heard");
  const next = pool.run(probe("c"), "heard");
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
    const failing = pool.run(probe("a"), "heard");
    const next = pool.run(probe("b"), "heard");
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
  const tasks = ["a", "b"].map((path) => pool.run(probe(path), "heard"));
  const cancelled = pool.run(probe("c"), "heard");
  cancelled.cancel();
  await assert.rejects(cancelled.result, { code: "changed" });
  pool.close();
  for (const { result } of [...tasks, pool.run(probe("d"), "heard")]) {
    await assert.rejects(result, { code: "changed" });
  }
  assert.equal(workers[0].isTerminated, true);
});
