import assert from "node:assert/strict";
import { type Capture, captureCommands } from "../../lib/audio/capture_args.ts";

const MIC: Capture = { kind: "mic" };

const COMMANDS: [os: string, capture: Capture, commands: RegExp[]][] = [
  ["linux", MIC, [/^parec .*--latency-msec=20/, /^arecord .*-F 20000/]],
  [
    "linux",
    { kind: "mic", device: "hw:1" },
    [/^parec .*--device=hw:1$/, /^arecord .*-D hw:1$/],
  ],
  ["linux", { kind: "system" }, [/--device=@DEFAULT_MONITOR@$/]],
  ["darwin", MIC, [/^ffmpeg .*-f avfoundation -i :default .*-f s16le/]],
  ["darwin", { kind: "system" }, []],
  ["windows", MIC, []],
  [
    "windows",
    { kind: "mic", device: "Line In" },
    [/^ffmpeg .*-f dshow -audio_buffer_size 50 -i audio=Line In .*-f s16le/],
  ],
];

for (const [os, capture, expected] of COMMANDS) {
  Deno.test(`captureCommands() on ${os} of ${JSON.stringify(capture)}`, () => {
    const { commands, hint } = captureCommands(os, capture);
    const lines = commands.map(({ program, args }) =>
      [program, ...args].join(" ")
    );
    assert.equal(lines.length, expected.length);
    for (const [i, line] of expected.entries()) assert.match(lines[i], line);
    assert.notEqual(hint, "");
  });
}
