import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { concat } from "@std/bytes/concat";
import { wavHeader } from "../../lib/audio/wav_writer.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { hearStreams } from "../support/hear_streams.ts";
import { CD, wavFile } from "../support/memory_songs.ts";
import {
  hasProgram,
  runClient,
  startClient,
  TempFolder,
  TestServer,
} from "../support/programs.ts";
import { openSession, untilListed } from "../support/sessions.ts";

const ignore = !hasProgram("ffmpeg");
const SECONDS = 13;
/** Two sweeps, since lossy codecs do not preserve noise. */
const PCM = sweep();
const WAV = wavFile(CD, PCM);

function sweep(): Uint8Array {
  const view = new DataView(new ArrayBuffer(SECONDS * CD.rate * 4));
  for (let i = 0; i < SECONDS * CD.rate; i++) {
    const t = i / CD.rate;
    view.setInt16(4 * i, 9000 * Math.sin(440 * t * (1 + t)), true);
    view.setInt16(4 * i + 2, 7000 * Math.sin(900 * t * (1 + t)), true);
  }
  return new Uint8Array(view.buffer);
}

/** A server with songs, encoded by ffmpeg according to their endings. */
async function serve(names: string[], words: string[] = []) {
  const stack = new AsyncDisposableStack();
  const folder = stack.use(await TempFolder.make());
  const music = folder.file("music");
  await Deno.mkdir(music);
  await Deno.writeFile(folder.file("source.wav"), WAV);
  for (const name of names) {
    const { success } = await new Deno.Command("ffmpeg", {
      args: [
        "-v",
        "error",
        "-i",
        folder.file("source.wav"),
        `${music}/${name}`,
      ],
    }).output();
    assert.ok(success);
  }
  const server = stack.use(
    await TestServer.start(["--music", music, ...words]),
  );
  await untilListed(server.ports.session, names.length);
  return {
    folder,
    server,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** The stream that a session receives for a `play`. */
async function received(
  port: number,
  message: { song: string; from?: number; offset?: number },
) {
  const session = await openSession(port, { windowBytes: 1 << 30 });
  const pieces: Uint8Array[] = [];
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const beganMs = performance.now();
  let firstMs = 0;
  const play = hearStreams(session, {
    data(piece) {
      firstMs ||= performance.now() - beganMs;
      pieces.push(piece.slice());
    },
    dataEnd: resolve,
  });
  const start = await play(message);
  await ended;
  session.close();
  return { start, firstMs, bytes: concat(pieces) };
}

for (const name of ["song.flac", "song.mp3"]) {
  Deno.test({
    name: `${name} is sent with the same bytes by every way`,
    ignore,
    async fn() {
      await using at = await serve([name]);
      const { folder, server } = at;
      const { start, bytes: whole } = await received(server.ports.session, {
        song: name,
      });
      assert.deepEqual(start.format, {
        ...{ ...CD, dataOffset: 44, dataBytes: PCM.length },
      });
      assertBytes(whole.subarray(0, 44), wavHeader(CD, PCM.length));
      if (name.endsWith("flac")) assertBytes(whole, WAV);
      const options = ["--cache-dir", folder.file("cache")];
      const client = (...words: string[]) =>
        runClient([...words, ...options, "--server", server.address]);
      const play = (out: string, ...words: string[]) =>
        client("play", name, "--player", `file:${folder.file(out)}`, ...words);
      const heard = (out: string) => Deno.readFile(folder.file(out));

      await play("played", "--no-cache");
      assertBytes(await heard("played"), whole, "played");
      await play("cached");
      assertBytes(await heard("cached"), whole, "cached");
      await play("again");
      assertBytes(await heard("again"), whole, "played from the cache");
      const verified = await client("cache", "verify");
      assert.deepEqual([verified.code, verified.stderr], [0, ""]);

      for (const seconds of [0, 2.9999, 3, 7.123, 12.9]) {
        const { start, bytes } = await received(server.ports.session, {
          ...{ song: name, from: seconds },
        });
        assertBytes(bytes, whole.subarray(start.offset), `from ${seconds}`);
      }
      for (const offset of [1, 44, 529_243, 529_244, whole.length - 1]) {
        const { bytes } = await received(server.ports.session, {
          ...{ song: name, offset },
        });
        assertBytes(bytes, whole.subarray(offset), `at ${offset}`);
      }

      const plain = folder.file("plain");
      await runClient([
        ...["stream", `127.0.0.1:${server.ports.stream}`],
        ...["--player", `file:${plain}`],
      ]);
      assertBytes(await Deno.readFile(plain), whole, "plain stream");

      await using kitchen = startClient([
        ...["receive", "--name", "kitchen", "--json", "--no-cache"],
        ...["--player", `file:${folder.file("cast")}`],
        ...["--server", server.address],
      ]);
      await kitchen.printed(/"event":"waiting"/);
      await client("cast", name, "--to", "kitchen");
      await kitchen.printed(/"event":"end"/);
      assertBytes(await heard("cast"), whole, "cast");

      const { stdout } = await client("list", "--json");
      const [row] = JSON.parse(stdout);
      assert.equal(row.bytes, whole.length);
      const sha256 = createHash("sha256").update(whole).digest("hex");
      assert.equal(row.sha256, sha256);
    },
  });
}

Deno.test({
  name: "decoded songs continue at the exact byte after a server was killed",
  ignore,
  async fn() {
    const names = ["song.flac", "song.mp3"];
    await using at = await serve(names);
    const { folder, server } = at;
    const { session, stream, http } = server.ports;
    const playing = names.map((name) => {
      const options = [
        ...["--cache-dir", folder.file(`cache of ${name}`)],
        ...["--server", server.address],
      ];
      // In real time, so that most of it is missing when the server ends.
      const client = startClient([
        ...["play", name, "--player", "null", "--json", ...options],
      ]);
      return { name, options, client };
    });
    const wholes = await Promise.all(playing.map(async ({ name, client }) => {
      const { bytes } = await received(session, { song: name });
      await client.printed(/"event":"position"/);
      return bytes;
    }));
    await server.program[Symbol.asyncDispose]();
    await using _ = await TestServer.start([
      ...["--music", folder.file("music"), "--port", `${session}`],
      ...["--stream-port", `${stream}`, "--http-port", `${http}`],
    ]);
    await Promise.all(playing.map(async ({ name, options, client }, i) => {
      const { code, stdout } = await client.ended();
      assert.equal(code, 0);
      assert.match(stdout, /"event":"end".*"reconnects":1/);
      const out = folder.file(`${name}.out`);
      await runClient(["play", name, "--player", `file:${out}`, ...options]);
      assertBytes(await Deno.readFile(out), wholes[i], name);
    }));
  },
});

Deno.test({
  name:
    "the first audio from any position of a decoded song arrives within 300 ms",
  ignore,
  async fn() {
    await using at = await serve(["song.mp3"]);
    const { session } = at.server.ports;
    const firstMs: number[] = [];
    for (const from of [0, 3, 6, 9, 12]) {
      const sent = await received(session, { song: "song.mp3", from });
      firstMs.push(sent.firstMs);
    }
    const median = firstMs.toSorted((a, b) => a - b)[2];
    assert.ok(median < 300, `${firstMs} ms`);
  },
});

Deno.test({
  name: "fifty listeners to one FLAC share one decoding",
  ignore,
  async fn() {
    await using at = await serve(["song.flac"]);
    const { session, http } = at.server.ports;
    const all = Array.from({ length: 50 }, async () => {
      const { bytes } = await received(session, { song: "song.flac" });
      assert.equal(bytes.length, WAV.length);
    });
    await Promise.all(all);
    const metrics = await fetch(`http://127.0.0.1:${http}/metrics`);
    const text = await metrics.text();
    // Lossless segments are one second long.
    const decoded = /^ondacast_decoded_segments_total\{.*"decoded"\} (\d+)$/m;
    assert.equal(Number(decoded.exec(text)?.[1]), SECONDS);
  },
});

Deno.test({
  name: "upload stores a FLAC unchanged, with the ending of its content",
  ignore,
  async fn() {
    await using at = await serve(["song.flac"]);
    const { folder, server } = at;
    const file = folder.file("music/song.flac");
    const { code, stdout } = await runClient([
      ...["upload", file, "--as", "live/take", "--server", server.address],
    ]);
    assert.equal(code, 0);
    assert.match(stdout, /^stored live\/take\.flac /);
    assertBytes(
      await Deno.readFile(folder.file("music/live/take.flac")),
      await Deno.readFile(file),
    );
    const { bytes } = await received(server.ports.session, {
      song: "live/take",
    });
    assertBytes(bytes, WAV);
  },
});

Deno.test({
  name:
    "a song that needs ffmpeg plays if ffmpeg is installed, and names it otherwise",
  ignore,
  async fn() {
    await using at = await serve(["song.wv"], ["--min-free", "0"]);
    const { folder, server } = at;
    for (const from of [undefined, 12, 5]) {
      const { start, bytes } = await received(server.ports.session, {
        ...{ song: "song.wv", from },
      });
      assertBytes(bytes, WAV.subarray(start.offset), `from ${from}`);
    }
    await using without = await TestServer.start([
      ...["--music", folder.file("music"), "--renditions", "off"],
      ...["--stream-port", "off"],
    ]);
    await without.program.printed(
      /1 of the songs cannot be played: needs ffmpeg/,
      "stderr",
    );
    const options = ["--server", without.address];
    const list = await runClient(["list", ...options]);
    assert.match(list.stdout, /cannot be played: needs ffmpeg on the server/);
    const play = await runClient(["play", "song.wv", ...options]);
    assert.match(
      play.stderr,
      /^Cannot play song\.wv: it is WavPack, which needs ffmpeg on the server.* \(unsupported\)$/m,
    );
  },
});

Deno.test({
  name: "a text that names other files is refused with any ending",
  ignore,
  async fn() {
    await using folder = await TempFolder.make();
    await using secret = await TempFolder.make();
    await Deno.writeFile(secret.file("a.wav"), WAV);
    const path = secret.file("a.wav");
    const texts = {
      "a.mp3": `ffconcat version 1.0\nfile '${path}'\n`,
      "b.aac": `#EXTM3U\n#EXTINF:13,\n${path}\n#EXT-X-ENDLIST\n`,
      "c.wv": `ffconcat version 1.0\nfile '${path}'\n`,
    };
    for (const [name, text] of Object.entries(texts)) {
      await Deno.writeTextFile(folder.file(name), text);
    }
    await using server = await TestServer.start([
      ...["--music", folder.path, "--stream-port", "off"],
    ]);
    const { stdout } = await runClient([
      ...["list", "--json", "--server", server.address],
    ]);
    for (const { name, format, problem } of JSON.parse(stdout)) {
      assert.deepEqual([format, problem], [null, "not-wav"], name);
    }
  },
});
