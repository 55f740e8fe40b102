import assert from "node:assert/strict";
import { surroundArgs } from "../../lib/audio/ffplay_surround.ts";
import type { PcmFormat } from "../../lib/audio/format.ts";
import { PLAYERS } from "../../lib/audio/player_args.ts";
import { WavHeaderReader } from "../../lib/audio/wav.ts";

const [FFPLAY, APLAY] = PLAYERS;
const STEREO: PcmFormat = {
  encoding: "s24le",
  rate: 48000,
  channels: 2,
  bits: 24,
};

Deno.test("header() gives ffplay the container without valid bits", () => {
  for (const validBits of [8, 16, 20]) {
    const format = { ...STEREO, channels: 6, validBits };
    const { format: sent } = new WavHeaderReader().push(
      FFPLAY.header(format)!,
    )!;
    assert.equal(sent.validBits, undefined);
    assert.equal(sent.encoding, "s24le");
    const plain = FFPLAY.header({ ...STEREO, validBits })!;
    assert.equal(new DataView(plain.buffer).getUint32(48), 24);
  }
});

Deno.test("ffplay gets a CAF, for which it waits less, where that says all", () => {
  const kindOf = (format: Partial<PcmFormat>) => {
    const all = { ...STEREO, ...format };
    const header = new TextDecoder().decode(FFPLAY.header(all)!.subarray(0, 4));
    return [header, FFPLAY.args(all).at(-3)];
  };
  assert.deepEqual(kindOf({}), ["caff", "caf"]);
  assert.deepEqual(kindOf({ channels: 1 }), ["caff", "caf"]);
  const f64 = { encoding: "f64le", bits: 64 } as const;
  assert.deepEqual(kindOf(f64), ["caff", "caf"]);
  assert.deepEqual(kindOf({ encoding: "u8", bits: 8 }), ["RIFF", "wav"]);
  assert.deepEqual(kindOf({ encoding: "alaw", bits: 8 }), ["RIFF", "wav"]);
  assert.deepEqual(kindOf({ channels: 6 }), ["RIFF", "wav"]);
  assert.deepEqual(kindOf({ channelMask: 0x30 }), ["RIFF", "wav"]);
});

const MASKS: [channels: number, own: number | undefined, sent: number][] = [
  [3, 0xB, 0xB],
  [3, undefined, 0xB],
  [4, 0x107, 0x107],
  [4, 0x33, 0x33],
  [6, 0x60F, 0x60F],
  [6, 0, 0x3F],
  [6, 0x3, 0x3F],
  [8, 0xFF, 0xFF],
  [2, 0x30, 0x30],
];

for (const [channels, channelMask, sent] of MASKS) {
  Deno.test(`header() gives ffplay the mask ${sent} when ${channels} channels have ${channelMask}`, () => {
    const format = { ...STEREO, channels, channelMask };
    const header = new WavHeaderReader().push(FFPLAY.header(format)!);
    assert.equal(header?.format.channelMask, sent);
  });
}

Deno.test("surroundArgs() reorders channels for ffplay when SDL has another order", () => {
  const args = (channels: number, channelMask?: number) =>
    surroundArgs({ ...STEREO, channels, channelMask }).join(" ");
  assert.equal(args(1), "");
  assert.equal(args(2, 0x3), "");
  assert.equal(args(4, 0x603), "");
  assert.equal(args(6), "-lfe_mix_level 0.7071");
  assert.equal(args(3, 0x7), "-af pan=5.1|FL=1*c0|FR=1*c1|FC=1*c2");
  assert.equal(
    args(7, 0x637),
    "-af pan=7.1|FL=1*c0|FR=1*c1|FC=1*c2|BL=1*c3|BR=1*c4|SL=1*c5|SR=1*c6",
  );
  assert.equal(
    args(5, 0x10F),
    "-lfe_mix_level 0.7071 " +
      "-af pan=5.1|FL=1*c0|FR=1*c1|FC=1*c2|LFE=1*c3|BL=0.7071*c4|BR=0.7071*c4",
  );
  assert.match(args(9), /^-af pan=stereo\|FL=0.1111\*c0\+.*c8\|FR=0.1111\*c0/);
});

Deno.test("mix() reduces more than two channels to two for aplay, and leaves one and two unchanged", () => {
  assert.equal(APLAY.mix({ ...STEREO, channels: 1 }), null);
  assert.equal(APLAY.mix({ ...STEREO, channelMask: 0x3 }), null);
  const surround = { ...STEREO, channels: 6 };
  assert.equal(APLAY.mix(surround)?.length, 2);
  assert.ok(APLAY.args(surround).includes("--channels=2"));
  assert.ok(APLAY.args(STEREO).includes("--channels=2"));
});

Deno.test("tailBytes() is one packet of ffplay's at low byte rates", () => {
  const speech = { encoding: "u8", rate: 8000, channels: 1, bits: 8 } as const;
  assert.equal(FFPLAY.tailBytes(speech), 4096);
  assert.equal(FFPLAY.tailBytes({ ...speech, channels: 3 }), 4095);
  assert.equal(FFPLAY.tailBytes(STEREO), 0);
  assert.equal(APLAY.tailBytes(speech), 0);
});
