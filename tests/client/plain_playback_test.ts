import assert from "node:assert/strict";
import { PlainSource } from "../../lib/client/plain_source.ts";
import { Playback } from "../../lib/client/playback.ts";
import type { OndacastError } from "../../lib/errors.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { chunk, fmt, id3, riff } from "../audio/fixtures/riff.ts";
import { MemoryClient } from "../support/memory_client.ts";
import { CD, noise, wavFile } from "../support/memory_songs.ts";
import { transportPair } from "../support/memory_transport.ts";
import { dataFrame } from "../support/raw_peer.ts";

/** Plays a stream of a file, sent in pieces of a length. */
async function play(file: Uint8Array, pieceBytes = 8192) {
  const { clock, link, output, recorder } = new MemoryClient();
  const connector = {
    place: "plain:4041",
    connect: () => {
      const pair = transportPair(clock);
      sendPlain(file, async (bytes) => {
        for (let at = 0; at < bytes.length; at += pieceBytes) {
          await pair.server.write(bytes.subarray(at, at + pieceBytes));
        }
      }).catch(() => {});
      return Promise.resolve(pair.client);
    },
  };
  const { signal } = link;
  const source = new PlainSource(connector, clock, signal);
  const playback = new Playback({ source, output, clock, signal });
  const done = playback.run();
  done.catch(() => {});
  const error = await done.then(() => null, (error) => error);
  return { error, recorder };
}

async function sendPlain(
  file: Uint8Array,
  write: (bytes: Uint8Array) => Promise<void>,
) {
  for (let at = 0; at < file.length; at += 8192) {
    await write(dataFrame(file.subarray(at, at + 8192)));
  }
  await write(dataFrame(new Uint8Array(0)));
}

Deno.test("run() plays the PCM of a stream that begins with a tag and has some behind", async () => {
  const pcm = noise(40_000);
  const tag = chunk("LIST", [1, 2, 3, 4]);
  const file = riff([fmt({ channels: 2 }), chunk("data", [...pcm]), tag]);
  const { error, recorder } = await play(
    Uint8Array.from([...id3(9000), ...file]),
  );
  assert.equal(error, null);
  assertBytes(recorder.pcm, pcm);
});

Deno.test("run() plays a stream whose header comes in pieces", async () => {
  const pcm = noise(4_000);
  const { error, recorder } = await play(wavFile(CD, pcm), 3);
  assert.equal(error, null);
  assertBytes(recorder.pcm, pcm);
});

Deno.test("run() refuses a stream that ends before its header", async () => {
  const { error, recorder } = await play(new Uint8Array(0));
  assert.equal(error.code, "not-wav");
  assert.deepEqual(recorder.events, []);
});

Deno.test("run() refuses a stream whose PCM comes before its format, and plays nothing", async () => {
  const file = riff([chunk("data", [...noise(40_000)]), fmt()]);
  const { error, recorder } = await play(file);
  assert.match(error.message, /"data" first, expected "fmt " in a stream/);
  assert.deepEqual(recorder.events, []);
});

Deno.test("run() refuses a stream of AC-3 before any of it is heard", async () => {
  const pcm = noise(100_000);
  for (let at = 0; at < pcm.length; at += 6144) {
    pcm.set([0x72, 0xF8, 0x1F, 0x4E, 1, 0], at);
  }
  const { error, recorder } = await play(wavFile(CD, pcm));
  assert.match(error.message, /AC-3/);
  assert.equal(recorder.writes.length, 0);
});

Deno.test("run() gives up a stream of which nothing comes for 20 s, and no sooner", async () => {
  const { clock, link, output } = new MemoryClient();
  const connector = {
    place: "plain:4041",
    connect: () => Promise.resolve(transportPair(clock).client),
  };
  const { signal } = link;
  const source = new PlainSource(connector, clock, signal);
  const playback = new Playback({ source, output, clock, signal });
  const error: Promise<OndacastError | null> = playback.run().then(
    () => null,
    (error) => error,
  );
  let isOver = false;
  error.finally(() => isOver = true);
  await clock.advance(19_000);
  assert.equal(isOver, false);
  await clock.advance(2_000);
  assert.equal((await error)?.code, "timeout");
});
