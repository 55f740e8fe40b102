/**
 * The table of programs that record what a machine hears or plays, and of how
 * ffmpeg reads a file or an address: each writes PCM to its stdout.
 *
 * @module
 */

import type { PcmFormat } from "./format.ts";

/** What microphones and outputs are recorded in. */
export const CAPTURE_FORMAT: PcmFormat = {
  encoding: "s16le",
  rate: 48_000,
  channels: 2,
  bits: 16,
};

/** What is recorded: a microphone or line-in, or what the machine plays. */
export type Capture =
  | { kind: "mic"; device?: string }
  | { kind: "system" };

/** A program and its arguments. */
export interface CaptureCommand {
  /** The executable, without `.exe`, which Windows adds. */
  readonly program: string;
  readonly args: readonly string[];
}

/** How to record on one system; programs are tried in this order. */
interface CaptureSystem {
  mic(device?: string): readonly CaptureCommand[];
  readonly system: readonly CaptureCommand[];
  /** What to do where none of them works. */
  readonly hint: { readonly mic: string; readonly system: string };
}

const { rate, channels } = CAPTURE_FORMAT;

/** parec(1): fragments of 20 ms, so that little waits for the rest. */
function parec(device?: string): CaptureCommand {
  const args = ["--raw", "--format=s16le", "--latency-msec=20"];
  args.push(`--rate=${rate}`, `--channels=${channels}`);
  if (device !== undefined) args.push(`--device=${device}`);
  return { program: "parec", args };
}

/** arecord(1): periods of 20 ms. */
function arecord(device?: string): CaptureCommand {
  const args = ["-q", "-t", "raw", "-f", "S16_LE", "-F", "20000"];
  args.push("-r", `${rate}`, "-c", `${channels}`);
  if (device !== undefined) args.push("-D", device);
  return { program: "arecord", args };
}

function ffmpegCapture(
  kind: string,
  input: string,
  options: readonly string[] = [],
): CaptureCommand {
  return {
    program: "ffmpeg",
    args: [
      ...["-hide_banner", "-nostdin", "-loglevel", "error"],
      ...["-fflags", "nobuffer", "-f", kind, ...options, "-i", input],
      ...["-ar", `${rate}`, "-ac", `${channels}`],
      ...["-c:a", "pcm_s16le", "-f", "s16le", "-flush_packets", "1", "pipe:1"],
    ],
  };
}

/** A device's own buffer is some multiple of 500 ms (ffmpeg-devices(1), dshow). */
const DSHOW_OPTIONS = ["-audio_buffer_size", "50"];

/** By `Deno.build.os`. */
const SYSTEMS: Readonly<Record<string, CaptureSystem>> = {
  linux: {
    mic: (device) => [parec(device), arecord(device)],
    // The name of what the default output plays (PulseAudio, `namereg.c`).
    system: [parec("@DEFAULT_MONITOR@")],
    hint: {
      mic: "install pulseaudio-utils or alsa-utils",
      system: "install pulseaudio-utils; it needs PulseAudio or PipeWire",
    },
  },
  darwin: {
    mic: (device = "default") => [ffmpegCapture("avfoundation", `:${device}`)],
    system: [],
    hint: {
      mic: "brew install ffmpeg",
      system:
        "macOS offers no program this; install BlackHole, play to it, and send mic:BlackHole 2ch",
    },
  },
  windows: {
    mic: (device) =>
      device === undefined
        ? []
        : [ffmpegCapture("dshow", `audio=${device}`, DSHOW_OPTIONS)],
    system: [],
    hint: {
      mic:
        "name it as `ffmpeg -list_devices true -f dshow -i dummy` does: mic:NAME (winget install ffmpeg)",
      system:
        "enable Stereo Mix among the recording devices, and send mic:NAME of it",
    },
  },
};

/** What to try on a system, and what to say if none of it is there. */
export function captureCommands(
  os: string,
  capture: Capture,
): { commands: readonly CaptureCommand[]; hint: string } {
  const system = SYSTEMS[os] ?? SYSTEMS.linux;
  const commands = capture.kind === "mic"
    ? system.mic(capture.device)
    : system.system;
  return { commands, hint: system.hint[capture.kind] };
}

/**
 * ffmpeg(1) on a file or an address: a WAV stream in the source's own rate.
 *
 * @param input As ffmpeg understands it.
 */
export function ffmpegInput(input: string): CaptureCommand {
  return {
    program: "ffmpeg",
    args: [
      ...["-hide_banner", "-nostdin", "-loglevel", "error", "-i", input],
      ...["-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1"],
      ...["-c:a", "pcm_s16le", "-f", "wav", "-flush_packets", "1", "pipe:1"],
    ],
  };
}

/**
 * What a word names: `-`, `mic`, `mic:DEVICE`, `system`, else a file or address.
 *
 * @example
 * ```ts
 * import { sourceOf } from "./capture_args.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(sourceOf("mic:hw:1"), { kind: "mic", device: "hw:1" });
 * assert.deepEqual(sourceOf("a.mp3"), { kind: "input", input: "a.mp3" });
 * ```
 */
export function sourceOf(
  word: string,
): Capture | { kind: "stdin" } | { kind: "input"; input: string } {
  if (word === "-") return { kind: "stdin" };
  if (word === "mic" || word === "system") return { kind: word };
  if (word.startsWith("mic:")) return { kind: "mic", device: word.slice(4) };
  return { kind: "input", input: word };
}
