import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { concat } from "@std/bytes/concat";
import { renditionOf } from "../../../lib/audio/rendition.ts";
import type { TakePcm } from "../../../lib/io/codecs/ffmpeg.ts";
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
  return KeptRenditions.open(folder, budgetBytes, new DiskSpace(0));
}

/** A plan that yields its PCM in these pieces, and how often it was made. */
function plan(id: string, make: (take: TakePcm) => Promise<unknown>) {
  const hash = Promise.withResolvers<string>();
  const made: RenditionPlan = {
    ...{ id, rendition: RENDITION, hashed: hash.resolve },
    make: async (take) => void await make(take),
  };
  return { plan: made, hash: hash.promise };
}

async function read(kept: KeptRenditions, plan: RenditionPlan) {
  const reader = new KeptReader(RENDITION, await kept.open(plan));
  const bytes = new Uint8Array(RENDITION.bytes);
  await reader.read(bytes.subarray(0, 50), 0);
  await reader.read(bytes.subarray(50), 50);
  reader.close();
  return bytes;
}

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
  const reader = new KeptReader(RENDITION, await kept.open(one));
  const first = new Uint8Array(500);
  await reader.read(first, 100);
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
    ["truncated", [900, 900], [
      ...PCM.subarray(0, 900),
      ...PCM.subarray(0, 100),
    ]],
  ] as const
) {
  Deno.test(`a rendition decoded to another length than planned is ${what}`, async () => {
    await using folder = await TempFolder.make();
    const kept = await open(folder.path);
    const { plan: one } = plan("one", async (take) => {
      for (const bytes of pieces) {
        if (!await take(PCM.subarray(0, bytes))) return;
      }
    });
    const pcm = new Uint8Array(PCM.length).fill(0x80);
    pcm.set(made);
    assertBytes((await read(kept, one)).subarray(header.length), pcm);
  });
}

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
  await assert.rejects(small.open(plan("a", all).plan), {
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
  const { plan: one } = plan("one", () => Promise.reject(new Error("full")));
  await assert.rejects(read(kept, one), /Cannot write what ffmpeg decodes/);
  await kept.idle;
  assert.deepEqual([...kept.lost], ["one"]);
});
