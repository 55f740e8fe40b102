import assert from "node:assert/strict";
import type { PcmFormat } from "../../lib/audio/format.ts";
import { wavHeader } from "../../lib/audio/wav_writer.ts";
import { Framer } from "../../lib/server/framer.ts";
import { SongPages } from "../../lib/server/song_pages.ts";
import { sendPlain, sendPlainForEver } from "../../lib/server/plain_stream.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { FakeClock } from "../support/fake_clock.ts";
import {
  CD,
  MemorySongs,
  noise,
  PHONE,
  TAGS,
  wavFile,
} from "../support/memory_songs.ts";
import { concat, dataPayloads } from "../support/raw_peer.ts";

async function setUp(
  options: {
    format?: PcmFormat;
    pcm?: Uint8Array;
    trailer?: number[];
    block?: number;
  } = {},
) {
  const { format = CD, pcm = noise(400_000), trailer, block = 8192 } = options;
  const songs = new MemorySongs();
  const file = wavFile(format, pcm, trailer);
  const song = await songs.open(songs.add("a.wav", file));
  const framer = new Framer(
    new SongPages({ bytes: block }, 64 << 20),
    new FakeClock(),
  );
  const written: Uint8Array[] = [];
  const write = (bytes: Uint8Array) => {
    written.push(bytes.slice());
    return Promise.resolve();
  };
  return { songs, song, block, framer, file, pcm, written, write };
}

for (const block of [512, 1000, 8192, 65_536, 1 << 20]) {
  Deno.test(`sendPlain() sends the file to the byte in blocks of ${block}, then the empty frame`, async () => {
    const { song, framer, file, written, write } = await setUp({
      block,
      trailer: TAGS,
    });
    await sendPlain(song, block, framer, write);
    const payloads = dataPayloads(concat(written));
    assert.equal(payloads.pop()?.length, 0);
    assertBytes(concat(payloads), file);
    const last = payloads.pop()!;
    assert.ok(payloads.every(({ length }) => length === block));
    assert.equal(last.length, file.length % block || block);
  });
}

Deno.test("sendPlain() begins with a small write, doubles, and keeps to even pieces", async () => {
  const { song, block, framer, written, write } = await setUp({
    pcm: noise(3_000_000),
  });
  await sendPlain(song, block, framer, write);
  const sizes = written.map(({ length }) => length);
  const kib64 = 1 << 16;
  assert.deepEqual(sizes.slice(0, 4), [1, 2, 4, 8].map((n) => n * kib64));
  assert.ok(sizes.slice(0, -2).every((size) => size % kib64 === 0), `${sizes}`);
});

Deno.test("sendPlain() gives its pages back when a write fails", async () => {
  const { songs, song, block, framer, write } = await setUp({
    pcm: noise(3_000_000),
  });
  let writes = 0;
  const failing = () =>
    ++writes === 2 ? Promise.reject(new Error("gone")) : Promise.resolve();
  await assert.rejects(sendPlain(song, block, framer, failing), {
    message: "gone",
  });
  songs.reads.length = 0;
  await sendPlain(song, block, framer, write);
  assert.ok(songs.reads.length > 0);
});

Deno.test("sendPlain() rejects with changed when the song is", async () => {
  const { songs, song, block, framer } = await setUp({ pcm: noise(3_000_000) });
  let writes = 0;
  await assert.rejects(
    sendPlain(song, block, framer, () => {
      if (++writes === 2) songs.add("a.wav", wavFile(PHONE, noise(9)));
      return Promise.resolve();
    }),
    { code: "changed" },
  );
  assert.equal(writes, 2);
});

for (const block of [512, 1000, 8192, 300_000]) {
  Deno.test(`sendPlainForEver() sends one header, then the PCM over and over, in blocks of ${block}`, async () => {
    const { song, framer, pcm, written } = await setUp({
      pcm: noise(100_004),
      trailer: TAGS,
      block,
    });
    const enough = 44 + 350_000;
    let sent = 0;
    const write = (bytes: Uint8Array) => {
      if (sent >= enough) return Promise.reject(new Error("gone"));
      written.push(bytes.slice());
      sent += bytes.length;
      return Promise.resolve();
    };
    await assert.rejects(sendPlainForEver(song, block, framer, write), {
      message: "gone",
    });
    const payloads = dataPayloads(concat(written));
    const cut = payloads.pop()!; // where the last write ended
    assert.ok(cut.length <= block);
    assert.ok(payloads.every(({ length }) => length === block));
    const data = concat([...payloads, cut]);
    assert.deepEqual(data.slice(0, 44), wavHeader(CD, null));
    const audio = data.slice(44);
    assert.ok(audio.length >= 300_000);
    const expected = concat(new Array(Math.ceil(audio.length / pcm.length))
      .fill(pcm)).slice(0, audio.length);
    assertBytes(audio, expected);
  });
}

Deno.test("sendPlainForEver() tells the container and not the valid bits", async () => {
  const wide = { ...CD, encoding: "s24le", bits: 24 } as const;
  const format = { ...wide, validBits: 16 };
  const { song, block, framer } = await setUp({ format, pcm: noise(600) });
  const written: Uint8Array[] = [];
  const write = (bytes: Uint8Array) => {
    written.push(bytes.slice());
    return Promise.reject(new Error("gone"));
  };
  await assert.rejects(sendPlainForEver(song, block, framer, write));
  const [first] = dataPayloads(concat(written));
  assert.deepEqual(first.slice(0, 44), wavHeader(wide, null));
});

Deno.test("sendPlainForEver() ends when the song has no PCM", async () => {
  const { song, block, framer, file, written, write } = await setUp({
    pcm: new Uint8Array(0),
  });
  await sendPlainForEver(song, block, framer, write);
  const payloads = dataPayloads(concat(written));
  assert.equal(payloads.pop()?.length, 0);
  assertBytes(concat(payloads), file);
});
