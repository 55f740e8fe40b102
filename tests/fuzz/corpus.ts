/**
 * The fuzzers' seed corpus of valid bytes: recorded sessions of real programs,
 * golden frames, a message of every type, and WAV headers of many writers.
 *
 * @module
 */

import vectors from "../vectors/frames.json" with { type: "json" };
import captures from "./captures/sessions.json" with { type: "json" };
import { PLAYED, REFUSED } from "../audio/fixtures/ffmpeg_headers.ts";
import { ascii, chunk, data, ds64, fmt, riff } from "../audio/fixtures/riff.ts";
import { WAV_CASES } from "../audio/fixtures/wav_cases.ts";
import { WAV_FMT_CASES } from "../audio/fixtures/wav_fmt_cases.ts";
import { unhex } from "../support/decoded.ts";
import {
  SAMPLES_TO_CLIENT,
  SAMPLES_TO_SERVER,
} from "../wire/message_samples.ts";

/** Complete sessions, one direction each. */
export const TO_SERVER: Uint8Array[] = captures.map((c) => unhex(c.toServer));
export const TO_CLIENT: Uint8Array[] = captures.map((c) => unhex(c.toClient));

/** Frames, single and in sequence. */
export const FRAMES: Uint8Array[] = [
  ...vectors.frames.flatMap(({ frame }) => frame ? [unhex(frame)] : []),
  ...TO_SERVER,
  ...TO_CLIENT.map((bytes) => bytes.subarray(0, 1500)),
];

/** Message payloads. */
export const MESSAGES: Uint8Array[] = [
  ...SAMPLES_TO_SERVER,
  ...SAMPLES_TO_CLIENT,
].map(({ message }) =>
  new TextEncoder().encode(JSON.stringify({ ...message, id: 7, re: "x" }))
);

/** Files up to their first PCM. */
export const HEADERS: Uint8Array[] = [
  ...[...PLAYED, ...REFUSED].map(({ hex }) => unhex(hex)),
  riff([fmt(), data(400)]),
  riff([fmt({ channels: 6, bits: 24, validBits: 20 }), data(360)]),
  riff([
    ...[chunk("JUNK", [1, 2, 3]), fmt(), chunk("LIST", ascii("INFOa"))],
    ...[chunk("bext", Array(99).fill(7)), data(4)],
  ]),
  riff([ds64(2 ** 40, 2 ** 39), fmt(), data(0xFFFFFFFF)], 0xFFFFFFFF, "RF64"),
  ...[...WAV_CASES, ...WAV_FMT_CASES].map(({ file }) => file),
];
