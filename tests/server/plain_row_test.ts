import assert from "node:assert/strict";
import type { PcmFormat } from "../../lib/audio/format.ts";
import { WavHeaderReader } from "../../lib/audio/wav.ts";
import { PlainRow } from "../../lib/server/plain_row.ts";
import { SongPages } from "../../lib/server/song_pages.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { openLinearResampler } from "../support/linear_resampler.ts";
import {
  CD,
  MemorySongs,
  noise,
  PHONE,
  TAGS,
  wavFile,
} from "../support/memory_songs.ts";
import { concat, dataPayloads } from "../support/raw_peer.ts";

type Made = [PcmFormat, Uint8Array];

/** A row of songs in memory, by their formats and PCM. */
function setUp(...made: Made[]) {
  const songs = new MemorySongs();
  const names = made.map(([format, pcm], i) =>
    songs.add(`${i}.wav`, wavFile(format, pcm, TAGS)).name
  );
  const open = (loop = false, of = names) =>
    PlainRow.open(of, {
      open: (name) => {
        const entry = songs.get(name);
        if (!entry) return Promise.reject(new Error("gone"));
        return songs.open(entry);
      },
      pages: new SongPages({ bytes: 8192 }, 64 << 20),
      openResampler: openLinearResampler,
      loop,
      pause: () => Promise.resolve(),
    });
  const send = async (blockBytes = 8192, of = names) => {
    const row = await open(false, of);
    const written: Uint8Array[] = [];
    await row.send(blockBytes, (bytes) => {
      written.push(bytes.slice());
      return Promise.resolve();
    });
    row.close();
    return dataPayloads(concat(written));
  };
  return { songs, names, open, send };
}

/** The PCM of payloads, without the empty frame. */
function pcmOf(payloads: Uint8Array[]): Uint8Array {
  const wav = concat(payloads);
  return wav.subarray(new WavHeaderReader().push(wav)!.dataOffset);
}

for (const block of [512, 1000, 8192, 70_000]) {
  Deno.test(`a row of songs is one header and the PCM of all in blocks of ${block}, then the empty frame`, async () => {
    const parts = [noise(40_000), noise(100_004, 2), noise(4, 3)];
    const { songs, send } = setUp(...parts.map((it): Made => [CD, it]));
    const payloads = await send(block);
    assert.equal(payloads.pop()?.length, 0);
    assertBytes(pcmOf(payloads), concat(parts));
    assert.ok(payloads.slice(0, -1).every(({ length }) => length === block));
    assert.equal(songs.openCount, 0);
  });
}

Deno.test("songs of a row that cannot be opened, or that fail, are passed over", async () => {
  const { songs, names, send } = setUp([CD, noise(400)], [CD, noise(800, 2)]);
  const payloads = await send(8192, ["none", names[0], "none", names[1]]);
  assertBytes(pcmOf(payloads), concat([noise(400), noise(800, 2)]));
  songs.failRead(new Error("gone"), names[0]);
  assertBytes(pcmOf(await send()), noise(800, 2));
});

Deno.test("a row takes the layout of its first song for all", async () => {
  const { send } = setUp([CD, noise(400)], [PHONE, noise(8_000)]);
  const pcm = pcmOf(await send());
  assert.equal(pcm.length, 400 + 44_100 * 4);
  assertBytes(pcm.subarray(0, 400), noise(400));
});

Deno.test("a row without a song that can be played is refused", async () => {
  await assert.rejects(setUp().open(false, ["none"]), { code: "no-songs" });
});

Deno.test("a row that loops begins again after its last song", async () => {
  const parts = [noise(4_000), noise(800, 2)];
  const row = await setUp(...parts.map((it): Made => [CD, it])).open(true);
  const written: Uint8Array[] = [];
  await assert.rejects(
    row.send(1000, (bytes) => {
      written.push(bytes.slice());
      return written.length < 4
        ? Promise.resolve()
        : Promise.reject(new Error("gone"));
    }),
    { message: "gone" },
  );
  const pcm = pcmOf(dataPayloads(concat(written)));
  const round = concat(parts);
  assertBytes(pcm.subarray(0, round.length), round);
  assertBytes(pcm.subarray(round.length, 2 * round.length), round);
});

Deno.test("a row whose songs have all gone ends, although it loops", async () => {
  const { songs, names, open } = setUp([CD, noise(400)]);
  const row = await open(true);
  await songs.remove(names[0]);
  await row.send(1000, () => Promise.resolve());
});
