/**
 * How the real players play formats that they could misinterpret: samples with
 * fewer valid bits, and channels assigned to unusual speakers.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { PcmFormat } from "../../lib/audio/format.ts";
import { PLAYERS } from "../../lib/audio/player_args.ts";
import { PlayerProcess } from "../../lib/io/sinks/player_process.ts";
import { hasProgram, TempFolder } from "../support/programs.ts";

const [FFPLAY, APLAY] = PLAYERS;
const FRAMES = 4800;
const TONE = Int16Array.from(
  { length: FRAMES },
  (_, i) => Math.round(16384 * Math.sin(i * 2 * Math.PI * 440 / 48000)),
);

/** A tone in the upper 16 bits of each container, on some channels. */
function tone({ channels, bits }: PcmFormat, on: (channel: number) => boolean) {
  const step = bits / 8;
  const bytes = new Uint8Array(FRAMES * channels * step);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < FRAMES * channels; i++) {
    if (!on(i % channels)) continue;
    const value = TONE[Math.floor(i / channels)];
    view.setInt16((i + 1) * step - 2, value, true);
  }
  return bytes;
}

/** The output of ffplay on a device of two channels. */
async function heardOf(
  player: typeof FFPLAY,
  format: PcmFormat,
  pcm: Uint8Array,
): Promise<Int16Array> {
  await using folder = await TempFolder.make();
  const raw = folder.file("heard.raw");
  const conf = folder.file("asound.conf");
  await Deno.writeTextFile(
    conf,
    `pcm.!default { type file slave.pcm { type null } file "${raw}" format raw }\n`,
  );
  const env = {
    SDL_AUDIODRIVER: "disk",
    SDL_DISKAUDIOFILE: raw,
    SDL_DISKAUDIODELAY: "0",
    SDL_AUDIO_CHANNELS: "2",
    ALSA_CONFIG_PATH: conf,
  };
  const before = Object.keys(env).map((name) => [name, Deno.env.get(name)]);
  try {
    for (const [name, value] of Object.entries(env)) Deno.env.set(name, value);
    const sink = await PlayerProcess.start(player, format);
    await sink.write(pcm);
    await sink.end();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Deno.env.delete(name!);
      else Deno.env.set(name!, value);
    }
  }
  const bytes = await Deno.readFile(raw);
  return new Int16Array(bytes.buffer, 0, Math.floor(bytes.length / 2));
}

/** The loudest sample of one side, relative to the tone's amplitude. */
function loudest(heard: Int16Array, side: number): number {
  const samples = heard.filter((_, i) => i % 2 === side);
  return samples.reduce((most, it) => Math.max(most, Math.abs(it)), 0) / 16384;
}

const SHAPES: [encoding: PcmFormat["encoding"], bits: number, valid: number][] =
  [
    ["s32le", 32, 24],
    ["s32le", 32, 20],
    ["s32le", 32, 16],
    ["s24le", 24, 20],
    ["s24le", 24, 16],
    ["s16le", 16, 8],
  ];

for (const [encoding, bits, validBits] of SHAPES) {
  Deno.test({
    name:
      `ffplay plays the samples unchanged when ${validBits} of ${bits} bits are valid`,
    ignore: !hasProgram("ffplay"),
    async fn() {
      const format = { encoding, rate: 48000, channels: 2, bits, validBits };
      const heard = await heardOf(FFPLAY, format, tone(format, () => true));
      const start = heard.findIndex((sample) => sample !== 0) - 2;
      const left = TONE.map((_, i) => heard[start + 2 * i]);
      assert.deepEqual(left, TONE);
    },
  });
}

const SURROUND: [
  name: string,
  mask: number,
  channel: number,
  left: number,
  right: number,
][] = [
  ["the centre of 3.0", 0x7, 2, .293, .293],
  ["the low frequencies of 2.1", 0xB, 2, 1 / 3, 1 / 3],
  ["the centre of 4.0", 0x107, 2, .293, .293],
  ["the back of 4.0", 0x107, 3, .207, .207],
  ["the back left of 7.0", 0x637, 3, .226, 0],
  ["the right of centre of 7.1 (wide)", 0xFF, 7, 0, .171],
  ["the side left of 5.1 (side)", 0x60F, 4, .243, 0],
  ["the top left of 3.0", 0x1003, 2, .171, 0],
];

for (const [name, channelMask, channel, ...sides] of SURROUND) {
  const channels = channelMask.toString(2).replaceAll("0", "").length;
  const format: PcmFormat = {
    ...{ encoding: "s16le", rate: 48000, channels, bits: 16, channelMask },
  };
  const pcm = tone(format, (it) => it === channel);

  Deno.test({
    name: `ffplay mixes ${name} into stereo by ITU-R BS.775`,
    ignore: !hasProgram("ffplay"),
    async fn() {
      const heard = await heardOf(FFPLAY, format, pcm);
      sides.forEach((level, side) =>
        assert.ok(Math.abs(loudest(heard, side) - level) < .02)
      );
    },
  });

  Deno.test({
    name: `aplay mixes ${name} into stereo`,
    ignore: !hasProgram("aplay"),
    async fn() {
      const heard = await heardOf(APLAY, format, pcm);
      sides.forEach((level, side) =>
        assert.equal(loudest(heard, side) > .1, level > 0)
      );
    },
  });
}
