import assert from "node:assert/strict";
import type { PcmFormat } from "../../lib/audio/format.ts";
import { bufferBytes, MAX_BUFFER_BYTES } from "../../lib/client/buffer_size.ts";
import { PlainSource } from "../../lib/client/plain_source.ts";
import { Playback } from "../../lib/client/playback.ts";
import { songPlayback } from "../../lib/client/song_playback.ts";
import { wavHeader } from "../../lib/audio/wav_writer.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { MemoryClient, RawServer, WELCOME } from "../support/memory_client.ts";
import { Link } from "../../lib/client/link.ts";
import { Output } from "../../lib/client/output.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";
import { transportPair } from "../support/memory_transport.ts";
import { dataFrame } from "../support/raw_peer.ts";
import { Recorder } from "../support/recording_sink.ts";

/** 375 MiB a second. */
const GREEDY: PcmFormat = {
  encoding: "f64le",
  rate: 768_000,
  channels: 64,
  bits: 64,
};
/** Four seconds are just what a buffer may be. */
const LARGEST: PcmFormat = { ...GREEDY, rate: 2 ** 15 };

Deno.test("bufferBytes() gives 64 MiB at most", () => {
  assert.equal(bufferBytes(LARGEST, "a"), MAX_BUFFER_BYTES);
  for (const rate of [2 ** 15 + 1, 768_000, 2 ** 53]) {
    assert.throws(() => bufferBytes({ ...GREEDY, rate }, "a"), {
      code: "unsupported",
    });
  }
});

Deno.test("run() refuses a song of a server whose buffer would be too large", async () => {
  const clock = new FakeClock();
  const server = new RawServer(clock);
  const windowBytes = 1 << 20;
  const output = new Output(new Recorder(clock, { realTime: true }).open);
  const link = new Link({
    connector: server.connector,
    clock,
    identity: { name: "kitchen", device: "d" },
    windowBytes,
    signal: new AbortController().signal,
  });
  const done = songPlayback({ link, output, song: "a" }).run();
  done.catch(() => {});
  await settle();
  const { id } = await server.peer.next("hello");
  await server.peer.send({ ...WELCOME, re: id });
  const play = await server.peer.next("play");
  const format = { ...GREEDY, dataOffset: 44, dataBytes: 2 ** 40 };
  await server.peer.send({
    ...{ type: "start", re: play.id, stream: 1, song: "a.wav", etag: "e" },
    ...{ offset: 0, bytes: 2 ** 40, format, from: 0 },
  });
  await assert.rejects(done, { code: "unsupported" });
  await settle();
  assert.equal(server.peer.messages("grant").length, 0);
  assert.equal((await server.peer.next("stop")).stream, 1);
});

Deno.test("run() refuses a plain stream whose buffer would be too large", async () => {
  const clock = new FakeClock();
  const recorder = new Recorder(clock, { realTime: true });
  const pair = transportPair(clock);
  await pair.server.write(dataFrame(wavHeader(GREEDY, null)));
  const connector = {
    place: "plain:4041",
    connect: () => Promise.resolve(pair.client),
  };
  const { signal } = new AbortController();
  const source = new PlainSource(connector, clock, signal);
  const output = new Output(recorder.open);
  const playback = new Playback({ source, output, clock, signal });
  await assert.rejects(playback.run(), { code: "unsupported" });
  assert.deepEqual(recorder.opened, []);
});

Deno.test("a paused song that loses its connection often holds less than two buffers and a window", async () => {
  const windowBytes = 40_000;
  const client = new MemoryClient({ realTime: true, windowBytes });
  const { clock, server, recorder } = client;
  const pcm = noise(800_000);
  server.songs.add("a.wav", wavFile(PHONE, pcm));
  const playback = client.playback("a");
  const done = playback.run();
  await clock.advance(2000);
  playback.pause();
  for (let i = 0; i < 20; i++) {
    server.connections.at(-1)!.cut();
    await clock.advance(5000);
  }
  assert.equal(server.connections.length, 21);
  const bytes = playback.state!.bufferedSeconds * 8000;
  assert.ok(bytes <= 2 * windowBytes + 32_000, `${bytes}`);
  playback.resume();
  await clock.runUntil(done);
  assert.deepEqual(recorder.pcm, pcm);
});
