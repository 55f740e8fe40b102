import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { renditionOf } from "../../../lib/audio/rendition.ts";
import type {
  DecoderJob,
  DecoderReply,
  SongDecoding,
} from "../../../lib/io/codecs/decoder_jobs.ts";
import {
  DecoderPool,
  type DecoderWorker,
} from "../../../lib/io/codecs/decoder_pool.ts";
import { RenditionReader } from "../../../lib/io/songs/rendition_reader.ts";
import { SegmentMemory } from "../../../lib/io/songs/segment_memory.ts";
import { assertBytes } from "../../support/assert_bytes.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { noise } from "../../support/memory_songs.ts";

/** 13 seconds: five segments, the last one shorter. */
const FRAMES = 13 * 1000;
const DECODING: SongDecoding = {
  ...{ codec: "mp3", encoding: "u8", rate: 1000, channels: 2, validBits: 8 },
  ...{ sampleFrames: FRAMES, isEstimated: false, firstFrame: 0 },
};
const PCM = noise(FRAMES * 2);
const WAV = new Uint8Array([...renditionOf(DECODING).header, ...PCM]);
const SHA256 = createHash("sha256").update(WAV).digest("hex");

type Replying = (segment: number) => DecoderReply | null;

/** Decodes the PCM above or gives a chosen reply; records the segments. */
function setUp(
  reply: Replying = () => null,
  memory = new SegmentMemory(),
  decoding = DECODING,
) {
  const segments: number[] = [];
  const heard: string[] = [];
  const spawn = () => {
    const worker: DecoderWorker = {
      onmessage: null,
      onerror: null,
      postMessage(job: DecoderJob) {
        assert.ok(job.type === "decode");
        const segment = job.from / 3000;
        segments.push(segment);
        const pcm = PCM.slice(job.from * 2, job.to * 2);
        const data = reply(segment) ?? {
          result: { pcm, damagedFrames: 0, sampleFrames: FRAMES },
        };
        queueMicrotask(() =>
          worker.onmessage?.({ data } as MessageEvent<DecoderReply>)
        );
      },
      terminate() {
        worker.onmessage = null;
      },
    };
    return worker;
  };
  const pool = new DecoderPool({ spawn, size: 1, clock: new FakeClock() });
  const counts = { segments: 0, silentSegments: 0, damagedFrames: 0 };
  const lengths: number[] = [];
  const { promise: hash, resolve } = Promise.withResolvers<string>();
  const reader = new RenditionReader(
    { path: "a", dev: 1, ino: 1, bytes: 1, mtimeMs: 0 },
    decoding,
    { pool, memory, counts },
    {
      hashed: resolve,
      damaged: (reason) => heard.push(reason),
      counted: (frames) => lengths.push(frames),
    },
  );
  return { reader, segments, heard, lengths, counts, hash, pool };
}

async function read(reader: RenditionReader, from: number, to: number) {
  const into = new Uint8Array(to - from);
  await reader.read(into, from);
  assertBytes(into, WAV.subarray(from, to));
}

Deno.test("the parts of a rendition can be read in any order", async () => {
  const { reader, segments } = setUp();
  for (
    const [from, to] of [
      [WAV.length - 1, WAV.length],
      [6_043, 6_045],
      [0, 44],
      [43, 45],
      [11_000, 24_000],
      [0, WAV.length],
      [7, 7],
    ]
  ) await read(reader, from, to);
  assert.equal(segments.length, 5); // each decoded once
  await assert.rejects(
    reader.read(new Uint8Array(2), WAV.length - 1),
    RangeError,
  );
});

Deno.test("only the segment after the current one is decoded ahead", async () => {
  const { reader, segments } = setUp();
  await read(reader, 0, 44);
  assert.deepEqual(segments, []);
  await read(reader, 44, 45);
  assert.deepEqual(segments, [0, 1]);
  await read(reader, 5_900, 6_000);
  assert.deepEqual(segments, [0, 1]);
  await read(reader, WAV.length - 1, WAV.length);
  assert.deepEqual(segments, [0, 1, 4]);
});

Deno.test("a read without a listener decodes no segment ahead", async () => {
  const { reader, segments } = setUp();
  const into = new Uint8Array(100);
  await reader.read(into, 44, { heardMs: "idle" });
  assertBytes(into, WAV.subarray(44, 144));
  assert.deepEqual(segments, [0]);
});

Deno.test("readers of the same segment share one decoding", async () => {
  const { reader, segments } = setUp();
  const some = Array.from({ length: 500 }, () => read(reader, 100, 200));
  await Promise.all(some);
  assert.deepEqual(segments, [0, 1]);
});

Deno.test("evicted segments are decoded again, to the same bytes", async () => {
  const { reader, segments } = setUp(() => null, new SegmentMemory(1));
  await read(reader, 0, WAV.length);
  await read(reader, 0, WAV.length);
  assert.ok(segments.filter((it) => it === 0).length >= 2);
});

Deno.test("the SHA-256 is known once every segment was decoded, even after seeks", async () => {
  const { reader, hash } = setUp();
  await read(reader, 14_000, 15_000);
  await read(reader, 0, WAV.length);
  assert.equal(await hash, SHA256);
});

for (
  const [what, failure] of [
    ["traps", { trap: "unreachable" }],
    ["finds another song", { error: { code: "not-wav", message: "text" } }],
  ] as [string, DecoderReply][]
) {
  Deno.test(`a segment is silent when its decoder ${what}`, async () => {
    const { reader, heard, counts } = setUp((it) => it === 1 ? failure : null);
    await read(reader, 0, 6_044);
    const silence = new Uint8Array(6_000);
    await reader.read(silence, 6_044);
    assertBytes(silence, new Uint8Array(6_000).fill(0x80));
    await read(reader, 12_044, WAV.length);
    assert.equal(heard.length, 1);
    assert.equal(counts.silentSegments, 1);
  });
}

Deno.test("a FLAC whose MD5 differs is reported once all of it was decoded", async () => {
  const rendition = { encoding: "s16le", validBits: 16, channels: 1 } as const;
  const right = createHash("md5").update(PCM).digest("hex");
  for (const md5 of [right, "0".repeat(32)]) {
    const decoding = { ...DECODING, ...rendition, md5 };
    const { reader, heard, hash } = setUp(
      ...[undefined, undefined, decoding] as const,
    );
    await reader.read(new Uint8Array(PCM.length), 44);
    await hash;
    const found = `its MD5 is ${right}, expected ${md5}`;
    assert.deepEqual(heard, md5 === right ? [] : [found]);
  }
});

Deno.test("the MD5 of an 8-bit FLAC is that of its signed samples", async () => {
  const signed = PCM.map((byte) => byte ^ 0x80);
  const right = createHash("md5").update(signed).digest("hex");
  for (const md5 of [right, "0".repeat(32)]) {
    const { reader, heard, hash } = setUp(
      ...[undefined, undefined, { ...DECODING, md5 }] as const,
    );
    await read(reader, 0, WAV.length);
    await hash;
    const found = `its MD5 is ${right}, expected ${md5}`;
    assert.deepEqual(heard, md5 === right ? [] : [found]);
  }
});

Deno.test("several segments that cannot be decoded are reported once", async () => {
  const { reader, heard, counts } = setUp(() => ({ trap: "unreachable" }));
  await reader.read(new Uint8Array(WAV.length), 0);
  assert.equal(heard.length, 1);
  assert.ok(counts.silentSegments > 1);
});

Deno.test("corruption and a wrong announced length are reported once", async () => {
  const pcm = () => PCM.slice(0, 6000);
  const damaged = setUp(() => ({
    result: { pcm: pcm(), damagedFrames: 9, sampleFrames: FRAMES },
  }));
  await damaged.reader.read(new Uint8Array(20_000), 0);
  assert.deepEqual(damaged.heard, ["9 sample frames are damaged"]);
  assert.equal(damaged.counts.damagedFrames % 9, 0);
  const longer = setUp(() => ({
    result: { pcm: pcm(), damagedFrames: 9, sampleFrames: FRAMES + 1 },
  }));
  await longer.reader.read(new Uint8Array(20_000), 0);
  assert.deepEqual(longer.lengths, [FRAMES + 1]);
});

Deno.test("read() fails with `changed` when the file was replaced", async () => {
  const error = { code: "changed", message: "replaced" };
  const { reader, counts } = setUp(() => ({ error }));
  await assert.rejects(reader.read(new Uint8Array(9), 50), error);
  assert.equal(counts.silentSegments, 0);
});

Deno.test("close() cancels decodings that have not begun", async () => {
  const { reader, segments } = setUp();
  const first = read(reader, 44, 45);
  const second = read(reader, WAV.length - 1, WAV.length);
  reader.close();
  await first;
  await assert.rejects(second, { code: "changed" });
  assert.equal(segments.includes(4), false);
});

Deno.test("segments that no listener waits for any longer are not decoded", async () => {
  const { reader, segments } = setUp();
  const seeker = (at: number) => {
    const listener = { isOver: false };
    const into = new Uint8Array(1);
    const done = reader.read(into, 44 + at * 6_000, {
      ...{ heardMs: 0, listener } as const,
    });
    return { listener, done };
  };
  const [first, left, shared, other] = [0, 2, 3, 3].map(seeker);
  for (const { listener } of [left, shared]) listener.isOver = true;
  await first.done;
  await assert.rejects(left.done, { name: "AbandonedError" });
  await Promise.all([shared.done, other.done]);
  await read(reader, 24_044, WAV.length);
  assert.deepEqual(segments.toSorted(), [0, 1, 3, 4]);
});

Deno.test("hurry() makes all of a read as urgent, not what is decoded ahead of it", async () => {
  const { reader, segments } = setUp();
  const into = new Uint8Array(6_000);
  const wait = (at: number, bytes: number, heardMs: number) =>
    reader.read(into.subarray(0, bytes), 44 + at, { heardMs });
  const reads = [
    wait(24_000, 1, 0), // The worker is busy with it.
    wait(18_000, 1, 2_000),
    wait(3_000, 6_000, 5_000),
  ];
  reader.hurry(3_044, 9_044, { heardMs: 100 });
  await Promise.all(reads);
  assert.deepEqual(segments, [4, 0, 1, 3, 2]);
});
