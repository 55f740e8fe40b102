/**
 * Makes the songs of this folder, from score to WAV file, the same bytes every
 * time. It is no part of the server or the client, only where their first
 * music comes from.
 *
 *     deno run --allow-write=music music/compose.ts
 *
 * @module
 */

import type { PcmFormat } from "../lib/audio/format.ts";
import { wavHeader } from "../lib/audio/wav_writer.ts";
import {
  bell,
  easing,
  flute,
  type Instrument,
  musicBox,
  plucked,
} from "./instruments.ts";
import { type Random, seededRandom } from "./random.ts";
import {
  CANON,
  GREENSLEEVES,
  ODE,
  readNotes,
  type Score,
  type Voice,
} from "./scores.ts";

const INSTRUMENTS: Readonly<Record<Voice["instrument"], Instrument>> = {
  plucked,
  flute,
  bell,
  musicBox,
};

/** Composes a piece: the whole WAV file, header and PCM. */
export function compose(score: Score): Uint8Array {
  const dry = render(score, INSTRUMENTS, score.rateHz);
  const wet = dry.map((channel, i) => reverberate(channel, score.rateHz, i));
  const mixed = dry.map((channel, i) =>
    channel.map((value, at) =>
      value * (1 - score.reverb) + wet[i][at] * score.reverb
    )
  );
  const pcm = quantise(
    master(mixed, score.rateHz),
    score.bits,
    seededRandom(2),
  );
  const format: PcmFormat = {
    encoding: score.bits === 16 ? "s16le" : "s24le",
    rate: score.rateHz,
    channels: score.channels,
    bits: score.bits,
  };
  const header = wavHeader(format, pcm.length);
  const file = new Uint8Array(header.length + pcm.length);
  file.set(header);
  file.set(pcm, header.length);
  return file;
}

/** Plays a score: samples of each channel, neither levelled nor limited. */
export function render(
  score: Score,
  instruments: Readonly<Record<Voice["instrument"], Instrument>>,
  rateHz: number,
): Float64Array[] {
  const random = seededRandom(1);
  const channels = Array.from(
    { length: score.channels },
    () => new Float64Array(Math.round(score.seconds * rateHz)),
  );
  for (const voice of score.voices) {
    const gains = panGains(voice.pan, score.channels);
    for (const { hz, beat, beats } of readNotes(voice.notes)) {
      // Players are never exact; a few milliseconds and a little force apart
      // sound like people, nothing apart sounds like a machine.
      const second = beatSecond(score, beat) + 0.02 + 0.008 * random();
      const seconds = beatSecond(score, beat + beats) -
        beatSecond(score, beat);
      const loudness = levelAt(voice.dynamics, beat) * (0.94 + 0.06 * random());
      const tone = instruments[voice.instrument](
        { hz, seconds, loudness },
        rateHz,
        random,
      );
      const start = Math.round(second * rateHz);
      channels.forEach((channel, i) => addTo(channel, tone, start, gains[i]));
    }
  }
  return channels;
}

/** When a beat falls, where each beat from some beat on is a little longer. */
function beatSecond(score: Score, beat: number): number {
  const slowed = Math.max(0, beat - score.slowsFromBeat);
  return score.beatSeconds * (beat + score.slowing * slowed ** 2 / 2);
}

/** The level at a beat, on straight lines between the given points. */
function levelAt(points: Voice["dynamics"], beat: number): number {
  const next = points.findIndex(([at]) => at >= beat);
  if (next === -1) return points[points.length - 1][1];
  if (next === 0) return points[0][1];
  const [fromBeat, from] = points[next - 1];
  const [toBeat, to] = points[next];
  return from + (to - from) * (beat - fromBeat) / (toBeat - fromBeat);
}

/** Gains that keep the power the same wherever the voice stands. */
function panGains(pan: number, channels: 1 | 2): number[] {
  if (channels === 1) return [1];
  const angle = (pan + 1) * Math.PI / 4;
  return [Math.cos(angle), Math.sin(angle)];
}

function addTo(
  channel: Float64Array,
  tone: Float64Array,
  start: number,
  gain: number,
): void {
  const end = Math.min(tone.length, channel.length - start);
  for (let i = 0; i < end; i++) channel[start + i] += gain * tone[i];
}

/**
 * A small hall after Schroeder ("Natural Sounding Artificial Reverberation",
 * 1962): echoes in parallel make it dense, all-pass filters blur them. Each
 * channel's echoes differ a little, or the hall would have no width.
 */
function reverberate(
  dry: Float64Array,
  rateHz: number,
  channel: number,
): Float64Array {
  const delay = (seconds: number) =>
    Math.round((seconds + 0.0007 * channel) * rateHz);
  const wet = new Float64Array(dry.length);
  for (const seconds of [0.0297, 0.0371, 0.0411, 0.0437, 0.0503, 0.0571]) {
    addTo(wet, echo(dry, delay(seconds), seconds, rateHz), 0, 0.4);
  }
  return [0.0127, 0.0051, 0.0017].reduce<Float64Array>(
    (sound, seconds) => blur(sound, delay(seconds)),
    wet,
  );
}

/** Repeats what came `delay` samples ago, each time quieter and darker. */
function echo(
  dry: Float64Array,
  delay: number,
  seconds: number,
  rateHz: number,
): Float64Array {
  const hallSeconds = 1.3;
  const feedback = 10 ** (-3 * seconds / hallSeconds);
  // Air and walls take the treble: a low-pass at about 3 kHz at any rate.
  const follow = 1 - Math.exp(-2 * Math.PI * 3000 / rateHz);
  const line = new Float64Array(delay);
  const out = new Float64Array(dry.length);
  let dark = 0;
  for (let i = 0; i < dry.length; i++) {
    const at = i % delay;
    out[i] = line[at];
    dark += follow * (line[at] - dark);
    line[at] = dry[i] + feedback * dark;
  }
  return out;
}

function blur(sound: Float64Array, delay: number): Float64Array {
  const line = new Float64Array(delay);
  return sound.map((value, i) => {
    const at = i % delay;
    const back = line[at];
    line[at] = value + 0.6 * back;
    return back - 0.6 * line[at];
  });
}

/** Takes out what is below hearing, sets the peak to -3 dBFS, fades the ends. */
function master(channels: Float64Array[], rateHz: number): Float64Array[] {
  const clean = channels.map((channel) => highPass(channel, 25, rateHz));
  let peak = 0;
  for (const channel of clean) {
    for (const value of channel) peak = Math.max(peak, Math.abs(value));
  }
  const gain = 10 ** (-3 / 20) / peak;
  const fadeIn = 0.01 * rateHz;
  const fadeOut = 0.9 * rateHz;
  return clean.map((channel) =>
    channel.map((value, i) => {
      const rise = Math.min(1, i / fadeIn);
      const fall = Math.min(1, (channel.length - 1 - i) / fadeOut);
      return value * gain * easing(rise) * easing(fall);
    })
  );
}

function highPass(
  samples: Float64Array,
  cutHz: number,
  rateHz: number,
): Float64Array {
  const follow = 1 - Math.exp(-2 * Math.PI * cutHz / rateHz);
  let low = 0;
  return samples.map((value) => value - (low += follow * (value - low)));
}

/**
 * Rounds to interleaved little-endian integers of 16 or 24 bits. Noise of two
 * steps with a triangular distribution goes in first, so that a fading tone
 * sinks into it rather than turning into a buzz (Lipshitz, Wannamaker and
 * Vanderkooy, "Quantization and Dither", JAES 40(5), 1992).
 */
function quantise(
  channels: Float64Array[],
  bits: 16 | 24,
  random: Random,
): Uint8Array {
  const bytes = bits / 8;
  const most = 2 ** (bits - 1) - 1;
  const pcm = new Uint8Array(channels[0].length * channels.length * bytes);
  let at = 0;
  for (let i = 0; i < channels[0].length; i++) {
    for (const channel of channels) {
      const value = Math.round(channel[i] * most + random() - random());
      for (let byte = 0; byte < bytes; byte++) {
        pcm[at++] = value >> (8 * byte);
      }
    }
  }
  return pcm;
}

if (import.meta.main) {
  for (const score of [CANON, GREENSLEEVES, ODE]) {
    const file = new URL(`./${score.title}.wav`, import.meta.url);
    await Deno.writeFile(file, compose(score));
  }
}
