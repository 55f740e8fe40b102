/**
 * The table of sample codecs. All arithmetic on PCM reads and writes samples
 * with it.
 *
 * @module
 */

import type { Encoding } from "./format.ts";

/** Reads and writes samples of one encoding. */
export interface SampleCodec {
  /** The magnitude of full scale. */
  full: number;
  /** The value of every byte of silence. */
  silence: number;
  read(view: DataView, at: number): number;
  /** Rounds to the nearest. The value must be in the encoding's range. */
  write(view: DataView, at: number, value: number): void;
}

export const CODECS: Readonly<Record<Encoding, SampleCodec>> = {
  u8: {
    full: 2 ** 7,
    silence: 0x80,
    read: (view, at) => view.getUint8(at) - 0x80,
    write: (view, at, value) => view.setUint8(at, Math.round(value) + 0x80),
  },
  s16le: {
    full: 2 ** 15,
    silence: 0,
    read: (view, at) => view.getInt16(at, true),
    write: (view, at, value) => view.setInt16(at, Math.round(value), true),
  },
  s24le: {
    full: 2 ** 23,
    silence: 0,
    read: (view, at) => view.getInt8(at + 2) << 16 | view.getUint16(at, true),
    write: (view, at, value) => {
      const rounded = Math.round(value);
      view.setUint16(at, rounded, true);
      view.setInt8(at + 2, rounded >> 16);
    },
  },
  s32le: {
    full: 2 ** 31,
    silence: 0,
    read: (view, at) => view.getInt32(at, true),
    write: (view, at, value) => view.setInt32(at, Math.round(value), true),
  },
  f32le: {
    full: 1,
    silence: 0,
    read: (view, at) => view.getFloat32(at, true),
    write: (view, at, value) => view.setFloat32(at, value, true),
  },
  f64le: {
    full: 1,
    silence: 0,
    read: (view, at) => view.getFloat64(at, true),
    write: (view, at, value) => view.setFloat64(at, value, true),
  },
  alaw: {
    full: 2 ** 15,
    silence: 0xD5,
    read: (view, at) => decodeALaw(view.getUint8(at)),
    write: (view, at, value) => view.setUint8(at, encodeALaw(value)),
  },
  mulaw: {
    full: 2 ** 15,
    silence: 0xFF,
    read: (view, at) => decodeMuLaw(view.getUint8(at)),
    write: (view, at, value) => view.setUint8(at, encodeMuLaw(value)),
  },
};

// A G.711 code consists of a sign, 3 bits of segment and 4 bits of step. Decoded
// steps in the lowest segment are 16 (A-law) or 8 (mu-law) of 32768 wide, and
// twice as wide in each further segment, except that A-law's first two are equal
// (ITU-T G.711, tables 1 and 2). A code represents all values between two
// decision values. These are integers here, so encoding may drop the fraction.

const SIGN = 0x80;

/** Even bits are inverted. The sign bit is set in positive codes. */
const A_LAW_INVERTED = 0x55;

function decodeALaw(code: number): number {
  const bits = code ^ A_LAW_INVERTED;
  const segment = bits >> 4 & 7;
  const step = bits & 15;
  const magnitude = segment === 0
    ? (step << 4) + 8
    : (step << 4) + 0x108 << segment - 1;
  return bits & SIGN ? magnitude : -magnitude;
}

function encodeALaw(value: number): number {
  const magnitude = Math.min(Math.abs(value), 0x7FFF) >> 4;
  const segment = Math.max(0, 28 - Math.clz32(magnitude));
  const step = magnitude >> Math.max(0, segment - 1) & 15;
  const sign = value < 0 ? 0 : SIGN;
  return (sign | segment << 4 | step) ^ A_LAW_INVERTED;
}

/** Added so that each segment begins at a power of two. */
const MU_LAW_BIAS = 132;

function decodeMuLaw(code: number): number {
  const bits = ~code;
  const segment = bits >> 4 & 7;
  const step = bits & 15;
  const magnitude = (step << 3) + MU_LAW_BIAS << segment;
  return bits & SIGN ? MU_LAW_BIAS - magnitude : magnitude - MU_LAW_BIAS;
}

function encodeMuLaw(value: number): number {
  const magnitude = Math.min(Math.abs(value) + MU_LAW_BIAS, 0x7FFF) | 0;
  const segment = 24 - Math.clz32(magnitude);
  const step = magnitude >> segment + 3 & 15;
  const sign = value < 0 ? SIGN : 0;
  return ~(sign | segment << 4 | step) & 0xFF;
}
