/**
 * How far apart two recorded channels are, and where in a song of noise a
 * channel is: by correlation, to a fraction of a sample frame.
 *
 * @module
 */

/** Sample frames that are compared. */
const WINDOW = 2048;
/**
 * Those that are compared with the song itself: a device that is 0.1 % off is
 * another half of a sample frame off at their end, by which noise is less like it.
 */
const SONG_WINDOW = 512;
/** A change of a skew that is looked for first. */
const NEAR = 24;
/** Below this correlation the two do not sound the same. */
const LEAST = 0.5;

/**
 * Sample frames that `late` is later than `early`, at a frame of the recording;
 * null: they do not sound the same within `most` of `expected`.
 */
export function skewAt(
  early: Float32Array,
  late: Float32Array,
  frame: number,
  most: number,
  expected = 0,
): number | null {
  if (frame + WINDOW > early.length) return null;
  const wanted = early.subarray(frame, frame + WINDOW);
  const off = best(wanted, late, frame + expected, most);
  return off === null ? null : expected + off;
}

/** Those at equal distances in a part of a recording. */
export function skewsOf(
  early: Float32Array,
  late: Float32Array,
  { from, to, every, most }: {
    from: number;
    to: number;
    every: number;
    most: number;
  },
): (number | null)[] {
  const skews: (number | null)[] = [];
  let last: number | null = null;
  for (let frame = from; frame < to - 2 * WINDOW; frame += every) {
    // It has rarely changed much, and a narrow search is quick.
    const near: number | null = last &&
      skewAt(early, late, frame, NEAR, Math.round(last));
    last = near ?? skewAt(early, late, frame, most);
    skews.push(last);
  }
  return skews;
}

function best(
  wanted: Float32Array,
  within: Float32Array,
  around: number,
  most: number,
): number | null {
  const energy = sum(wanted, wanted, 0);
  if (energy < 1e-4) return null;
  const scores = new Float64Array(2 * most + 1);
  let top = 0;
  for (let lag = -most; lag <= most; lag++) {
    const at = around + lag;
    if (at < 0 || at + wanted.length > within.length) continue;
    scores[lag + most] = sum(wanted, within, at);
    if (scores[lag + most] > scores[top]) top = lag + most;
  }
  const at = around + top - most;
  const piece = within.subarray(at, at + wanted.length);
  const other = sum(piece, piece, 0);
  if (other < 1e-4 || scores[top] < LEAST * Math.sqrt(energy * other)) {
    return null;
  }
  // The top of a parabola through the highest score and its neighbours.
  const [a, b, c] = [scores[top - 1] ?? 0, scores[top], scores[top + 1] ?? 0];
  const bent = a - 2 * b + c;
  return top - most + (bent === 0 ? 0 : (a - c) / (2 * bent));
}

function sum(a: Float32Array, b: Float32Array, at: number): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[at + i];
  return sum;
}

/** A sample of noise that depends on its index alone, -0.5 to 0.5. */
export function noiseAt(index: number): number {
  let x = Math.imul(index + 1, 0x9e3779b1);
  x = Math.imul(x ^ (x >>> 15), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32 - 0.5;
}

/** Noise as 16-bit stereo PCM, the same in both channels. */
export function noisePcm(from: number, frames: number): Uint8Array {
  const samples = new Int16Array(2 * frames);
  for (let i = 0; i < frames; i++) {
    samples[2 * i] = samples[2 * i + 1] = Math.round(
      32767 * noiseAt(from + i),
    );
  }
  return new Uint8Array(samples.buffer);
}

/** The frame of the noise that sounds at a frame of a channel; null: none. */
export function noiseFrameAt(
  channel: Float32Array,
  frame: number,
  expected: number,
  most: number,
): number | null {
  const from = Math.round(expected) - most;
  const noise = Float32Array.from(
    { length: SONG_WINDOW + 2 * most },
    (_, i) => from + i < 0 ? 0 : noiseAt(from + i),
  );
  if (frame + SONG_WINDOW > channel.length) return null;
  const lag = best(
    channel.subarray(frame, frame + SONG_WINDOW),
    noise,
    most,
    most,
  );
  return lag === null ? null : from + most + lag;
}

/** Of absolute values. */
export interface Spread {
  median: number;
  p95: number;
  worst: number;
}

export function spread(values: number[]): Spread {
  const sorted = values.map(Math.abs).sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))];
  return { median: at(0.5), p95: at(0.95), worst: at(1) };
}
