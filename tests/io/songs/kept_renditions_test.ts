import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { concat } from "@std/bytes/concat";
import { join } from "@std/path";
import { renditionOf } from "../../../lib/audio/rendition.ts";
import type { TakePcm } from "../../../lib/io/codecs/ffmpeg.ts";
import { FfmpegTurns } from "../../../lib/io/codecs/ffmpeg_turns.ts";
import { systemClock } from "../../../lib/io/clock/clock.ts";
import { DiskSpace } from "../../../lib/io/disk/disk_space.ts";
import { KeptReader } from "../../../lib/io/songs/kept_reader.ts";
import { KeptRenditions } from "../../../lib/io/songs/kept_renditions.ts";
import type { RenditionPlan } from "../../../lib/io/songs/growing_file.ts";
import { assertBytes } from "../../support/assert_bytes.ts";
import { noise } from "../../support/memory_songs.ts";
import { TempFolder } from "../../support/programs.ts";

const PCM = noise(1000);
const RENDITION = renditionOf({
  ...{ encoding: "u8", rate: 8000, channels: 1, validBits: 8 },
  sampleFrames: PCM.length,
});
const { header } = RENDITION;

function open(folder: string, budgetBytes = 2500) {
  return KeptRenditions.open(folder, {
    ...{
      budgetBytes,
      space: new DiskSpace(0),
      turns: new FfmpegTurns(systemClock),
    },
  });
}

const HEARD = { heardMs: 0, address: "192.0.2.7" } as const;

/** A plan that yields its PCM in these pieces, and the lengths that it was given. */
function plan(id: string, make: (take: TakePcm) => Promise<unknown>) {
  const hash = Promise.withResolvers<string>();
  const lengths: number[] = [];
  const made: RenditionPlan = {
    ...{ id, rendition: RENDITION, hashed: hash.resolve },
    make: async (take) => await make(take) !== false,
    counted: (frames) => void lengths.push(frames),
  };
  return { plan: made, hash: hash.promise, lengths };
}

async function read(kept: KeptRenditions, plan: RenditionPlan) {
  const reader = new KeptReader(RENDITION, kept.open(plan));
  const bytes = new Uint8Array(RENDITION.bytes);
  await reader.read(bytes.subarray(0, 50), 0, HEARD);
  await reader.read(bytes.subarray(50), 50, HEARD);
  reader.close();
  return bytes;
}

/** Lets all work go as far as it can. */
const turnsOver = () => new Promise((resolve) => setTimeout(resolve, 20));

Deno.test("a rendition is read while it is being made, and is made once", async () => {
  await using folder = await TempFolder.make();
  const kept = await open(folder.path);
  let makings = 0;
  const goOn = Promise.withResolvers<void>();
  const { plan: one, hash } = plan("one", async (take) => {
    makings++;
    await take(PCM.subarray(0, 600));
    await goOn.promise;
    await take(PCM.subarray(600));
  });
  const reader = new KeptReader(RENDITION, kept.open(one));
  const first = new Uint8Array(500);
  await reader.read(first, 100, HEARD);
  assertBytes(first, PCM.subarray(100 - header.length, 600 - header.length));
  const other = read(kept, one);
  goOn.resolve();
  const whole = concat([header, PCM]);
  assertBytes(await other, whole);
  assert.equal(await hash, createHash("sha256").update(whole).digest("hex"));
  reader.close();
  assertBytes(await read(kept, one), whole);
  assert.equal(makings, 1);
});

for (
  const [what, pieces, made] of [
    ["filled with silence", [400], [...PCM.subarray(0, 400)]],
    ["truncated", [900, 900, 33], [
      ...PCM.subarray(0, 900),
      ...PCM.subarray(0, 100),
    ]],
  ] as const
) {
  Deno.test(`a rendition decoded to another length than planned is ${what}, and counted`, async () => {
    await using folder = await TempFolder.make();
    const kept = await open(folder.path);
    const { plan: one, lengths } = plan("one", async (take) => {
      for (const bytes of pieces) {
        if (!await take(PCM.subarray(0, bytes))) return;
      }
    });
    const pcm = new Uint8Array(PCM.length).fill(0x80);
    pcm.set(made);
    assertBytes((await read(kept, one)).subarray(header.length), pcm);
    await kept.idle;
    assert.deepEqual(lengths, [pieces.reduce((sum, it) => sum + it, 0)]);
  });
}

Deno.test("a song whose decoder has failed is not counted, one without end up to a limit", async () => {
  await using folder = await TempFolder.make();
  const kept = await open(folder.path);
  const failing = plan("one", async (take) => {
    await take(PCM.subarray(0, 400));
    return false;
  });
  await read(kept, failing.plan);
  const mebibyte = new Uint8Array(1 << 20);
  let taken = 0;
  const endless = plan("two", async (take) => {
    do taken++; while (await take(mebibyte) && taken < 1000);
    return false;
  });
  await read(kept, endless.plan);
  await kept.idle;
  assert.deepEqual(failing.lengths, []);
  assert.equal(taken, 65);
  assert.deepEqual(endless.lengths, [65 << 20]);
});

Deno.test("the least recently used renditions are evicted", async () => {
  await using folder = await TempFolder.make();
  const kept = await open(folder.path);
  const all = (take: TakePcm) => take(PCM);
  for (const id of ["a", "b", "a", "c"]) {
    await read(kept, plan(id, all).plan);
    await kept.idle;
  }
  assert.deepEqual([...kept.lost], ["b"]);
  const small = await open(folder.file("small"), 900);
  assert.throws(() => small.open(plan("a", all).plan), {
    code: "unsupported",
  });
});

Deno.test("renditions that are made at the same time count together", async () => {
  await using folder = await TempFolder.make();
  const kept = await open(folder.path);
  const all = (take: TakePcm) => take(PCM);
  await read(kept, plan("old", all).plan);
  await kept.idle;
  await Promise.all(["a", "b"].map((id) => read(kept, plan(id, all).plan)));
  await kept.idle;
  assert.deepEqual([...kept.lost], ["old"]);
});

Deno.test("renditions that are being made never exceed the budget together", async () => {
  await using folder = await TempFolder.make();
  const kept = await open(folder.path, 1500);
  const goOn = Promise.withResolvers<void>();
  const oneBegan = Promise.withResolvers<void>();
  let makings = 0;
  const plans = ["a", "b"].map((id) =>
    plan(id, async (take) => {
      makings++;
      oneBegan.resolve();
      await goOn.promise;
      await take(PCM);
    }).plan
  );
  const reads = plans.map((it) => read(kept, it));
  await oneBegan.promise;
  await turnsOver();
  assert.equal(makings, 1);
  goOn.resolve();
  await Promise.all(reads);
  await kept.idle;
  assert.deepEqual([makings, kept.lost.size], [2, 1]);
});

Deno.test("of one address, two decodings at most go before those of others", async () => {
  await using folder = await TempFolder.make();
  const kept = await open(folder.path, 1e9);
  const order: string[] = [];
  const [bothBegan, goOn] = [0, 1].map(() => Promise.withResolvers<void>());
  const listen = (
    id: string,
    address: string,
    heardMs: number | "idle" = 0,
  ) => {
    const { plan: one } = plan(id, async (take) => {
      if (order.push(id) === 2) bothBegan.resolve();
      await goOn.promise;
      await take(PCM);
    });
    const reader = new KeptReader(RENDITION, kept.open(one));
    const heard = reader.read(new Uint8Array(99), 44, { heardMs, address });
    return { reader, heard };
  };
  const all = [
    ...[..."abcdefgh"].map((id) => listen(id, "192.0.2.7")),
    listen("drawn", "192.0.2.9", "idle"),
    listen("other", "192.0.2.8"),
  ];
  await bothBegan.promise;
  assert.deepEqual(order.toSorted(), ["a", "b"]);
  goOn.resolve();
  await Promise.all(all.map(({ heard }) => heard));
  assert.ok(order.indexOf("other") <= 5, `${order}`);
  // The last two are begun together, and each first waits for its space on disk.
  assert.ok(order.indexOf("drawn") >= order.length - 2, `${order}`);
  for (const { reader } of all) reader.close();
  await kept.idle;
});

Deno.test("a song whose listeners leave before its turn is not decoded", async () => {
  await using folder = await TempFolder.make();
  const kept = await open(folder.path, 1e9);
  const goOn = Promise.withResolvers<void>();
  const busy = ["a", "b"].map((id) => plan(id, () => goOn.promise).plan);
  const reads = busy.map((it) => read(kept, it));
  let makings = 0;
  const { plan: left } = plan("left", (take) => {
    makings++;
    return take(PCM);
  });
  const reader = new KeptReader(RENDITION, kept.open(left));
  const gone = reader.read(new Uint8Array(99), 44, HEARD);
  const other = kept.open(left);
  reader.close();
  other.close();
  await assert.rejects(gone, /its readers have left/);
  const again = read(kept, left);
  goOn.resolve();
  await Promise.all(reads);
  assertBytes(await again, concat([header, PCM]));
  await kept.idle;
  assert.deepEqual([makings, [...kept.lost]], [1, []]);
});

Deno.test("an unfinished rendition is not used again", async () => {
  await using folder = await TempFolder.make();
  await Deno.writeFile(folder.file("old.part"), PCM);
  await Deno.writeFile(folder.file("whole.pcm"), PCM);
  const kept = await open(folder.path);
  assert.deepEqual([...kept.lost], ["old"]);
  const never = plan("whole", () => assert.fail("it is there"));
  assertBytes(await read(kept, never.plan), concat([header, PCM]));
});

Deno.test("a read throws when the decoded PCM cannot be written", async () => {
  await using folder = await TempFolder.make();
  const kept = await open(folder.path);
  for (
    const [id, cause, code] of [
      ["one", new Error("broken"), "internal"],
      ["two", Object.assign(new Error(), { code: "ENOSPC" }), "no-space"],
    ] as const
  ) {
    const { plan: failing } = plan(id, () => Promise.reject(cause));
    await assert.rejects(read(kept, failing), {
      code,
      message: /^Cannot write what ffmpeg decodes: (broken|the disk is full)$/,
    });
  }
  await kept.idle;
  assert.deepEqual([...kept.lost], ["one", "two"]);
});

Deno.test("a rendition that is gone or cut is lost, and others are made where the folder is gone", async () => {
  await using folder = await TempFolder.make();
  const path = folder.file("renditions");
  await Deno.mkdir(path);
  await Deno.writeFile(join(path, "cut.pcm"), PCM.subarray(1));
  const kept = await open(path);
  const all = (take: TakePcm) => take(PCM);
  await read(kept, plan("gone", all).plan);
  await kept.idle;
  await Deno.remove(path, { recursive: true });
  for (const id of ["gone", "cut"]) {
    assert.throws(() => kept.open(plan(id, all).plan), { code: "changed" });
  }
  assert.deepEqual([...kept.lost], ["gone", "cut"]);
  assertBytes(await read(kept, plan("new", all).plan), concat([header, PCM]));
  await kept.idle;
});

Deno.test("a reader that closes while it waits for PCM opens no file any more", async () => {
  await using folder = await TempFolder.make();
  const kept = await open(folder.path);
  const [began, goOn] = [0, 1].map(() => Promise.withResolvers<void>());
  const { plan: one } = plan("one", async (take) => {
    await take(PCM.subarray(0, 100));
    began.resolve();
    await goOn.promise;
    await take(PCM.subarray(100));
  });
  const reader = new KeptReader(RENDITION, kept.open(one));
  const late = reader.read(new Uint8Array(500), 300, HEARD);
  await began.promise;
  reader.close();
  goOn.resolve();
  await assert.rejects(late, /it is closed/);
  await kept.idle;
});
