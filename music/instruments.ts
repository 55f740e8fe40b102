/**
 * The instruments: each turns one tone into its samples, ringing included.
 * `compose.ts` puts these where the score wants them.
 *
 * @module
 */

import type { Random } from "./random.ts";

/** One tone as it is to be played. */
export interface Tone {
  hz: number;
  /** Until the key, string or breath is let go. */
  seconds: number;
  /** 0 to 1. Louder is also brighter, as on real instruments. */
  loudness: number;
}

/** Plays a tone: mono samples, beginning and ending at rest. */
export type Instrument = (
  tone: Tone,
  rateHz: number,
  random: Random,
) => Float64Array;

/**
 * A plucked string after Karplus and Strong ("Digital Synthesis of
 * Plucked-String and Drum Timbres", Computer Music Journal 7(2), 1983), with
 * the tuning of Jaffe and Smith in the same issue: the pluck runs round a delay
 * line as long as one period and loses its treble on the way.
 */
export function plucked(
  tone: Tone,
  rateHz: number,
  random: Random,
): Float64Array {
  const { hz, seconds, loudness } = tone;
  const releaseSeconds = 0.35;
  const samples = silence(seconds + releaseSeconds, rateHz);
  // The low-pass filter itself delays by `damping`, so the delay line is that
  // much shorter; the all-pass filter makes up what is left below one sample.
  const damping = 0.3 - 0.12 * loudness;
  const period = rateHz / hz - damping;
  const length = Math.floor(period - 0.2);
  const fraction = period - length;
  const allPass = (1 - fraction) / (1 + fraction);
  // Low strings ring longer.
  const ringSeconds = 4.2 * (220 / hz) ** 0.3;
  const keep = 10 ** (-3 / (hz * ringSeconds));

  const line = pluck(length, loudness, random);
  let before = 0;
  let allPassIn = 0;
  let allPassOut = 0;
  for (let i = 0; i < samples.length; i++) {
    const at = i % length;
    const now = line[at];
    const soft = keep * ((1 - damping) * now + damping * before);
    before = now;
    allPassOut = allPass * (soft - allPassOut) + allPassIn;
    allPassIn = soft;
    line[at] = allPassOut;
    samples[i] = now;
  }
  return shape(samples, rateHz, {
    attackSeconds: 0.002,
    releaseSeconds,
    level: 0.9 * loudness,
  });
}

/**
 * The string as the finger leaves it. Bare noise, as in the paper, makes one
 * note weak and the next harsh by chance; harmonics of known levels, where
 * chance only sets the phases, speak evenly and have no offset.
 */
function pluck(length: number, loudness: number, random: Random): Float64Array {
  const line = new Float64Array(length);
  const slope = 1.9 - 0.6 * loudness;
  const most = Math.min(60, Math.floor(length / 2.5));
  for (let harmonic = 1; harmonic <= most; harmonic++) {
    // Plucked at a fifth of its length, a string lacks each fifth harmonic.
    const level = Math.sin(Math.PI * harmonic / 5) * harmonic ** -slope;
    const phase = random();
    for (let i = 0; i < length; i++) {
      line[i] += level * Math.sin(TURN * (harmonic * i / length + phase));
    }
  }
  const power = line.reduce((sum, value) => sum + value ** 2, 0) / length;
  return line.map((value) => value * 0.3 / Math.sqrt(power));
}

/** A flute: few harmonics, a breath of noise, vibrato once the tone stands. */
export function flute(
  tone: Tone,
  rateHz: number,
  random: Random,
): Float64Array {
  const { hz, seconds, loudness } = tone;
  const releaseSeconds = 0.12;
  const samples = silence(seconds + releaseSeconds, rateHz);
  const levels = [1, 0.34 * loudness, 0.16 * loudness, 0.05, 0.02 * loudness];
  let cycles = 0;
  let breath = 0;
  for (let i = 0; i < samples.length; i++) {
    const second = i / rateHz;
    const vibrato = Math.sin(TURN * 5.2 * second) *
      Math.min(1, Math.max(0, second - 0.15) / 0.35);
    cycles += hz * (1 + 0.0035 * vibrato) / rateHz;
    // Only the dark part of the noise; the bright part would hiss.
    breath += 0.12 * (2 * random() - 1 - breath);
    const puff = 0.02 + 0.1 * Math.exp(-second / 0.04);
    let sum = puff * breath;
    for (let h = 0; h < levels.length; h++) {
      sum += levels[h] * Math.sin(TURN * (h + 1) * cycles);
    }
    samples[i] = sum * (1 + 0.07 * vibrato);
  }
  return shape(samples, rateHz, {
    attackSeconds: 0.045,
    releaseSeconds,
    level: 0.4 * loudness,
  });
}

/** A partial of a struck bar: its frequency over the lowest one's. */
interface Partial {
  ratio: number;
  level: number;
  /** Until a thousandth is left (60 dB). */
  ringSeconds: number;
}

/** A small bell or celesta: nearly harmonic, the upper partials die first. */
export function bell(tone: Tone, rateHz: number): Float64Array {
  return struck(tone, rateHz, 0.8, [
    { ratio: 1, level: 0.75, ringSeconds: 2.4 },
    { ratio: 1.003, level: 0.25, ringSeconds: 2.4 },
    { ratio: 2, level: 0.2, ringSeconds: 1.4 },
    { ratio: 4, level: 0.16 * tone.loudness, ringSeconds: 0.7 },
    { ratio: 6.8, level: 0.07 * tone.loudness, ringSeconds: 0.25 },
  ]);
}

/**
 * A music box. Its teeth are bars held at one end, whose partials lie at 6.27
 * and 17.5 times the lowest: that glassy "ting" is what makes it one.
 */
export function musicBox(tone: Tone, rateHz: number): Float64Array {
  return struck(tone, rateHz, 1.2, [
    { ratio: 1, level: 1, ringSeconds: 2.8 * (440 / tone.hz) ** 0.5 },
    { ratio: 2, level: 0.1, ringSeconds: 1.1 },
    { ratio: 3, level: 0.04, ringSeconds: 0.6 },
    { ratio: 6.267, level: 0.16 * tone.loudness, ringSeconds: 0.35 },
    { ratio: 17.55, level: 0.05 * tone.loudness, ringSeconds: 0.09 },
  ]);
}

/** Partials that all begin with the stroke and fade each at its own pace. */
function struck(
  { hz, seconds, loudness }: Tone,
  rateHz: number,
  releaseSeconds: number,
  partials: readonly Partial[],
): Float64Array {
  const samples = silence(seconds + releaseSeconds, rateHz);
  for (const { ratio, level, ringSeconds } of partials) {
    // Above half the rate it would come back as another, wrong tone.
    if (hz * ratio > 0.45 * rateHz) continue;
    const step = TURN * hz * ratio / rateHz;
    const decay = 10 ** (-3 / (ringSeconds * rateHz));
    let amplitude = level;
    for (let i = 0; i < samples.length; i++) {
      samples[i] += amplitude * Math.sin(step * i);
      amplitude *= decay;
    }
  }
  return shape(samples, rateHz, {
    attackSeconds: 0.002,
    releaseSeconds,
    level: 0.5 * loudness,
  });
}

const TURN = 2 * Math.PI;

function silence(seconds: number, rateHz: number): Float64Array {
  return new Float64Array(Math.ceil(seconds * rateHz));
}

/** Lets a tone rise from zero and sink back to it, in place: no clicks. */
function shape(
  samples: Float64Array,
  rateHz: number,
  { attackSeconds, releaseSeconds, level }: {
    attackSeconds: number;
    releaseSeconds: number;
    level: number;
  },
): Float64Array {
  const attack = attackSeconds * rateHz;
  const release = releaseSeconds * rateHz;
  for (let i = 0; i < samples.length; i++) {
    const rise = Math.min(1, i / attack);
    const fall = Math.min(1, (samples.length - 1 - i) / release);
    samples[i] *= level * easing(rise) * easing(fall) ** 1.5;
  }
  return samples;
}

/** From 0 to 1 with no corner at either end. */
export function easing(x: number): number {
  return x * x * (3 - 2 * x);
}
