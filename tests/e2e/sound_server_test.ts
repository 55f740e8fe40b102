import assert from "node:assert/strict";
import { wavHeader } from "../../lib/audio/wav_writer.ts";
import { startClient, TempFolder, TestServer } from "../support/programs.ts";
import { noiseFrameAt, noisePcm } from "../support/skew.ts";
import {
  type Channel,
  needsSoundServer,
  pathOf,
  RATE_HZ,
  SoundServer,
} from "../support/sound_server.ts";

const NOISE = {
  encoding: "s16le",
  rate: RATE_HZ,
  channels: 2,
  bits: 16,
} as const;

/** A server of one song of noise. */
async function serveNoise(folder: TempFolder, seconds: number) {
  await Deno.mkdir(folder.file("music"));
  const pcm = noisePcm(0, seconds * RATE_HZ);
  await Deno.writeFile(
    folder.file("music/noise.wav"),
    Uint8Array.from([...wavHeader(NOISE, pcm.length), ...pcm]),
  );
  return await TestServer.start(["--music", folder.file("music")]);
}

for (const player of ["pacat", "mpv"]) {
  Deno.test({
    name:
      `${player} sounds a song from its first to its last sample, each once`,
    ignore: needsSoundServer.ignore || pathOf(player) === null,
    async fn() {
      await using folder = await TempFolder.make();
      await using sound = await SoundServer.start();
      await using server = await serveNoise(folder, 3);
      await using recording = sound.record();
      await recording.seconds(0.1);
      await using client = startClient([
        ...["play", "noise", "--player", player, "--server", server.address],
      ], { env: await sound.device("rear-left") });
      const { code, stderr } = await client.ended();
      assert.deepEqual([code, stderr], [0, ""]);
      await recording.seconds(0.5);
      const heard = recording.channel("rear-left");
      const first = heard.findIndex((sample) => sample !== 0);
      const last = heard.findLastIndex((sample) => sample !== 0);
      // The recording of a sink that wakes up lacks what it sounds first.
      const at = noiseFrameAt(heard, first, 0, RATE_HZ / 20);
      assert.ok(at !== null, "nothing of the song was heard");
      assert.equal(last - first, 3 * RATE_HZ - 1 - Math.round(at));
      for (let frame = 0; frame < last - first - 2048; frame += RATE_HZ / 10) {
        const found = noiseFrameAt(heard, first + frame, frame + at, 100);
        assert.ok(found !== null && Math.abs(found - frame - at) < 0.01);
      }
    },
  });
}

const CD_TONE = { ...NOISE, rate: 44_100 };
/** Where a player sounds that knows no channels of the device. */
const HEARD_ON: Record<string, Channel> = {
  ...{ ffplay: "front-left", pacat: "rear-left", mpv: "rear-left" },
};

for (const [player, channel] of Object.entries(HEARD_ON)) {
  Deno.test({
    name: `${player} sounds a song of another rate within 0.3 s of the last`,
    ignore: needsSoundServer.ignore || pathOf(player) === null,
    async fn() {
      await using folder = await TempFolder.make();
      await using sound = await SoundServer.start();
      await using server = await serveNoise(folder, 1);
      const tone = new Int16Array(CD_TONE.rate * 2).fill(8000);
      await Deno.writeFile(
        folder.file("music/tone.wav"),
        Uint8Array.from([
          ...wavHeader(CD_TONE, tone.byteLength),
          ...new Uint8Array(tone.buffer),
        ]),
      );
      await using recording = sound.record();
      await recording.seconds(0.1);
      await using client = startClient([
        ...["play", "noise", "tone", "--player", player],
        ...["--server", server.address],
      ], {
        env: {
          ...await sound.device("rear-left"),
          SDL_AUDIODRIVER: "pulseaudio",
        },
      });
      const { code, stderr } = await client.ended();
      assert.deepEqual([code, stderr], [0, ""]);
      await recording.seconds(0.5);
      const heard = recording.channel(channel);
      const first = heard.findIndex((sample) => sample !== 0);
      const last = heard.findLastIndex((sample) => sample !== 0);
      let gap = 0;
      let silent = 0;
      for (const sample of heard.subarray(first, last)) {
        silent = sample === 0 ? silent + 1 : 0;
        gap = Math.max(gap, silent);
      }
      const ms = gap / RATE_HZ * 1000;
      assert.ok(last - first > 1.9 * RATE_HZ, "a song is missing");
      assert.ok(ms <= 300, `${ms} ms of silence`);
    },
  });
}

Deno.test({
  name:
    "a sound server that vanishes during a song ends the client with one line",
  ...needsSoundServer,
  async fn() {
    await using folder = await TempFolder.make();
    await using sound = await SoundServer.start();
    await using server = await serveNoise(folder, 20);
    await using client = startClient([
      ...["play", "noise", "--player", "pacat", "--server", server.address],
    ], { env: sound.env });
    await client.printed(/noise/);
    await sound.end();
    const { code, stderr } = await client.ended();
    assert.equal(code, 1);
    assert.match(stderr, /pacat.* \(player-failed\)\n$/);
  },
});

Deno.test({
  name: "pacat without a sound server is reported in one line",
  ...needsSoundServer,
  async fn() {
    await using folder = await TempFolder.make();
    await using server = await TestServer.start();
    await using client = startClient([
      ...["play", "ode", "--player", "pacat", "--server", server.address],
    ], { env: { PULSE_SERVER: `unix:${folder.file("none")}` } });
    const { code, stderr } = await client.ended();
    assert.equal(code, 1);
    assert.match(stderr, /no audio device.* \(player-failed\)\n$/);
  },
});
