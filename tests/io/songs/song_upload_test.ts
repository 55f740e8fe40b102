import assert from "node:assert/strict";
import { wavHeader } from "../../../lib/audio/wav_writer.ts";
import { sha256Hex } from "../../support/memory_songs.ts";
import { TempFolder } from "../../support/programs.ts";
import { openScanned } from "../../support/scanned_folder.ts";

function wav(bytes: number): Uint8Array {
  const format = { encoding: "u8", rate: 8000, channels: 1, bits: 8 } as const;
  const header = wavHeader(format, bytes - 44);
  assert.equal(header.length, 44);
  const file = new Uint8Array(bytes);
  file.set(header);
  return file;
}

Deno.test("a song of the maximum size is stored, and one byte more is too large", async () => {
  await using folder = await TempFolder.make();
  const files = await openScanned(folder.path, {
    maxUploadBytes: 1000,
    minFreeBytes: 0,
    maxSongs: 1000,
  });
  const store = async (bytes: Uint8Array, announced?: number) => {
    const writer = await files.create(`${bytes.length}.wav`, {
      ...{ replace: true, bytes: announced },
    });
    try {
      await writer.write(bytes.subarray(0, 500));
      await writer.write(bytes.subarray(500));
      const sha256 = sha256Hex(bytes);
      return (await writer.store({ bytes: bytes.length, sha256 })).bytes;
    } finally {
      await writer.abandon();
    }
  };
  for (const announced of [1000, undefined]) {
    assert.equal(await store(wav(1000), announced), 1000);
  }
  for (const announced of [1001, 1000, undefined]) {
    await assert.rejects(store(wav(1001), announced), { code: "too-large" });
  }
  const left = [...Deno.readDirSync(folder.path)].map(({ name }) => name);
  assert.deepEqual(left, ["1000.wav"]);
});
