import assert from "node:assert/strict";
import { join } from "@std/path";
import { PEAKS } from "../../lib/audio/peaks.ts";
import { PeaksFile } from "../../lib/io/peaks_file.ts";
import { SongPeaks } from "../../lib/io/song_peaks.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { CD, MemorySongs, PHONE, wavFile } from "../support/memory_songs.ts";
import { TempFolder } from "../support/programs.ts";

/** A song that is silent, then at half of full scale, then at full scale. */
function steps(): Uint8Array {
  const pcm = new Uint8Array(30_000).fill(0x80);
  pcm.fill(0xC0, 10_000, 20_000);
  pcm.fill(0x00, 20_000);
  return wavFile(PHONE, pcm);
}

function setUp(file?: PeaksFile) {
  const songs = new MemorySongs();
  songs.add("steps.wav", steps());
  let opened = 0;
  const open = songs.open.bind(songs);
  songs.open = (entry) => {
    opened++;
    return open(entry);
  };
  const { etag } = songs.find("steps")!;
  return {
    songs,
    etag,
    peaks: new SongPeaks(songs, file),
    opened: () => opened,
  };
}

Deno.test("of() draws what the song is, once, however many ask", async () => {
  const { peaks, etag, opened } = setUp();
  const [one, two] = await Promise.all([
    peaks.of("steps.wav", etag),
    peaks.of("STEPS", etag),
  ]);
  assert.equal(one, two);
  const expected = new Uint8Array(PEAKS);
  expected.fill(128, PEAKS / 3);
  expected.fill(255, 2 * PEAKS / 3);
  assertBytes(one, expected);
  await peaks.of("steps", etag);
  assert.equal(opened(), 1);
});

Deno.test("of() refuses a song that is not there, or is another one by now", async () => {
  const { peaks, songs, etag } = setUp();
  await assert.rejects(peaks.of("x", etag), { code: "not-found" });
  await assert.rejects(peaks.of("steps", "other"), { code: "changed" });
  songs.add("steps.wav", wavFile(CD, new Uint8Array(4000)));
  const now = songs.find("steps")!.etag;
  assertBytes(await peaks.of("steps", now), new Uint8Array(PEAKS));
});

Deno.test("of() is busy when too many wait, and draws the others", async () => {
  const { peaks, songs } = setUp();
  const asked = Array.from({ length: 65 }, (_, i) => {
    songs.add(`${i}.wav`, steps());
    return peaks.of(`${i}`, songs.find(`${i}`)!.etag);
  });
  const results = await Promise.allSettled(asked);
  const refused = results.filter(({ status }) => status === "rejected");
  assert.equal(refused.length, 1);
});

Deno.test("pictures outlive the program in their file, and a broken file is none", async () => {
  await using folder = await TempFolder.make();
  const path = join(folder.path, "below", "peaks.json");
  {
    const file = new PeaksFile(path);
    const { peaks, etag } = setUp(file);
    await peaks.of("steps", etag);
    await file.close();
  }
  {
    const { peaks, etag, opened } = setUp(new PeaksFile(path));
    assert.equal((await peaks.of("steps", etag))[PEAKS - 1], 255);
    assert.equal(opened(), 0);
  }
  await Deno.writeTextFile(path, '{"a":"not peaks"');
  const { peaks, etag, opened } = setUp(new PeaksFile(path));
  assert.equal((await peaks.of("steps", etag))[PEAKS - 1], 255);
  assert.equal(opened(), 1);
});
