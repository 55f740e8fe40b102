import assert from "node:assert/strict";
import { PlayerPosition } from "../../lib/audio/player_position.ts";
import {
  APLAY_REPORTS,
  MPV_REPORTS,
  PACAT_REPORTS,
} from "../../lib/audio/player_reports.ts";

const RATE = 48_000;

/** As often as it takes to be known. */
function report(position: PlayerPosition, line: string): void {
  for (let i = 0; i < 5; i++) position.read(line, 1_000);
}

Deno.test("read() tells reports of pacat and mpv from their other lines", () => {
  const pacat = new PlayerPosition(PACAT_REPORTS, RATE);
  const mpv = new PlayerPosition(MPV_REPORTS, RATE);
  const lines: [PlayerPosition, string, boolean][] = [
    [pacat, "Time: 1.250 sec; Latency: 120000 usec.        ", true],
    [pacat, "Time: 1.250 sec; Latency: -1 usec.", true],
    [pacat, "Time: 1.250 sec; Latency: 12", false],
    [pacat, "Stream started.", false],
    [pacat, "Connection failure: Connection refused", false],
    [mpv, "heard 1.250001", true],
    [mpv, "heard 1.25", false],
    [mpv, "heard (unavailable)", false],
  ];
  for (const [position, line, isReport] of lines) {
    assert.equal(position.read(line, 0), isReport, line);
  }
});

Deno.test("at() is null until the player sounds", () => {
  const position = new PlayerPosition(PACAT_REPORTS, RATE);
  position.wrote(9_600);
  position.read("Time: 0.000 sec; Latency: 200000 usec.", 0);
  assert.equal(position.at(0), null);
});

Deno.test("at() takes the microseconds of the latency, not the rounded time", () => {
  const position = new PlayerPosition(PACAT_REPORTS, RATE);
  for (let i = 0; i < 30; i++) position.wrote(480);
  // 14,400 frames are 300 ms; 200,420 us of them are to be heard.
  report(position, "Time: 0.100 sec; Latency: 200420 usec.");
  assert.ok(Math.abs(position.at(999.8)! - 99.58 * 48) < 1e-6);
});

Deno.test("at() takes the rounded time where no write ends at what was read", () => {
  const position = new PlayerPosition(PACAT_REPORTS, RATE);
  position.wrote(48_000);
  report(position, "Time: 0.100 sec; Latency: 200420 usec.");
  assert.ok(Math.abs(position.at(999.8)! - 4_800) < 1e-6);
});

Deno.test("at() counts the periods that aplay has written, less ALSA's buffer", () => {
  const setups: [plugin: string, beyondSeconds: number][] = [
    ["Hardware PCM card 0 'PCH' device 0 subdevice 0", 0],
    ["ALSA <-> PulseAudio PCM I/O Plugin", 0.0008],
    ["Plug PCM: ALSA <-> PulseAudio PCM I/O Plugin", 0.0008],
  ];
  for (const [plugin, beyondSeconds] of setups) {
    const position = new PlayerPosition(APLAY_REPORTS, RATE);
    for (
      const line of [
        ...[plugin, "Its setup is:", "  buffer_size  : 7200"],
        ...["  period_size  : 48", "  period_time  : 1000", ""],
      ]
    ) position.read(line, 0);
    assert.equal(position.read("aplay: pcm_write:2127: write error", 0), false);
    for (let periods = 1; periods <= 500; periods++) {
      const meter = "###    +                            | 12%";
      assert.equal(position.read(meter, periods), true);
    }
    const heard = position.at(500 - 0.1)!;
    const expected = 500 * 48 - 7200 - beyondSeconds * RATE;
    assert.ok(Math.abs(heard - expected) < 1e-6, `${heard}`);
  }
});
