import assert from "node:assert/strict";
import {
  readFfmpegReport,
  readFfmpegTags,
} from "../../../lib/io/codecs/ffmpeg_report.ts";

function report(
  audio: string,
  duration = "00:00:30.50",
  metadata = "",
): string {
  return `Input #0, asf, from 'file:/music/a.wma':
  Metadata:
    encoder         : Lavf59.27.100
${metadata}  Duration: ${duration}, start: 0.000000, bitrate: 138 kb/s
  Stream #0:1: Video: mjpeg (Baseline), yuvj444p(pc, bt470bg/unknown), 8x8, 90k tbr
  Stream #0:0[0x1](und): Audio: ${audio}
At least one output file must be specified
`;
}

const CASES: [audio: string, song: ReturnType<typeof readFfmpegReport>][] = [
  [
    "wmav2 (a[1][0][0] / 0x0161), 44100 Hz, stereo, fltp, 128 kb/s",
    {
      ...{ codec: "wmav2", encoding: "s16le", validBits: 16, rate: 44100 },
      ...{ channels: 2, channelMask: 3, sampleFrames: 1_345_050 },
    },
  ],
  [
    "aac (LC) (mp4a / 0x6134706D), 48000 Hz, 5.1, fltp, 340 kb/s (default)",
    {
      ...{ codec: "aac", encoding: "s16le", validBits: 16, rate: 48000 },
      ...{ channels: 6, channelMask: 0x3F, sampleFrames: 1_464_000 },
    },
  ],
  [
    "flac, 96000 Hz, stereo, s32 (24 bit)",
    {
      ...{ codec: "flac", encoding: "s24le", validBits: 24, rate: 96000 },
      ...{ channels: 2, channelMask: 3, sampleFrames: 2_928_000 },
    },
  ],
  [
    "wavpack, 8000 Hz, 3 channels, s16p",
    {
      ...{ codec: "wavpack", encoding: "s16le", validBits: 16, rate: 8000 },
      ...{ channels: 3, sampleFrames: 244_000 },
    },
  ],
  [
    "pcm_s16le ([1][0][0][0] / 0x0001), 8000 Hz, stereo, s16, 256 kb/s",
    {
      ...{ codec: "pcm", encoding: "s16le", validBits: 16, rate: 8000 },
      ...{ channels: 2, channelMask: 3, sampleFrames: 244_000 },
    },
  ],
  ["aac (LC) (drms / 0x736D7264), 44100 Hz, stereo, fltp, 127 kb/s", null],
  ["aac (enca / 0x61636E65), 44100 Hz, stereo, fltp, 127 kb/s", null],
  ["none, 0 channels", null],
  ["none ([3][0][0][0] / 0x0003), 48000 Hz, stereo, 1536 kb/s", null],
  ["none, 48000 Hz, stereo", null],
  ["ac4 (ac-4 / 0x342D6361), 48000 Hz, stereo, 96 kb/s (default)", null],
  ["flac, 0 Hz, stereo, s16", null],
  ["alac, 44100 Hz, stereo, s64", null],
];

for (const [audio, song] of CASES) {
  Deno.test(`readFfmpegReport() reads ${audio}`, () => {
    assert.deepEqual(readFfmpegReport(report(audio)), song);
  });
}

Deno.test("readFfmpegReport() ignores tags that look like the report", () => {
  const tags =
    "    title           : x\n                    :   Duration: 99:00:00.00,\n" +
    "    artist          :   Stream #0:0: Audio: flac, 1 Hz, mono, s16\n";
  const song = readFfmpegReport(
    report("mp2, 8000 Hz, mono, fltp", "00:00:01.00", tags),
  );
  assert.deepEqual([song?.codec, song?.sampleFrames], ["mp2", 8000]);
});

Deno.test("readFfmpegReport() returns null when the length is unknown", () => {
  const text = report("mp2, 8000 Hz, mono, fltp", "N/A");
  assert.equal(readFfmpegReport(text), null);
});

Deno.test("readFfmpegTags() reads the tags of the file, not those of its streams", () => {
  const line = (key: string, value: string) => `${key.padEnd(16)}: ${value}\n`;
  const text = report(
    "wmav2",
    "00:00:01.00",
    "    " + line("title", "A: B") + "    " + line("", "C") +
      "    " + line("album_artist", "D"),
  ).replace(
    "At least",
    "    Metadata:\n      " + line("title", "E") + "At least",
  );
  assert.deepEqual(readFfmpegTags(text), [
    ["encoder", "Lavf59.27.100"],
    ["title", "A: B C"],
    ["album_artist", "D"],
  ]);
});

Deno.test("readFfmpegTags() reads at most 256 tags", () => {
  const lines = Array.from({ length: 300 }, (_, i) => `    k${i} : v\n`);
  assert.equal(readFfmpegTags(report("", "", lines.join(""))).length, 256);
  assert.deepEqual(readFfmpegTags("  Duration: N/A"), []);
});
