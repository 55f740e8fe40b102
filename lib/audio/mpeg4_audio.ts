/**
 * The configuration of AAC: AudioSpecificConfig (ISO/IEC 14496-3, section 1.6),
 * and signs of spectral band replication in frames (section 4.4.2.8), which mean
 * HE-AAC even if it is not announced.
 *
 * @module
 */

/** An AAC stream. */
export interface AacConfig {
  /** 2: AAC-LC. */
  readonly objectType: number;
  readonly rate: number;
  /** 0: defined by the stream itself; 7: eight channels. */
  readonly channelConfig: number;
  /** Whether it announces HE-AAC. */
  readonly isHighEfficiency: boolean;
}

/** Sample rates by their index. */
export const AAC_RATES: readonly number[] = [
  ...[96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050],
  ...[16_000, 12_000, 11_025, 8_000, 7_350],
];

const LOW_COMPLEXITY = 2;
const SBR = 5;
const PARAMETRIC_STEREO = 29;
const SYNC_EXTENSION = 0x2b7;
/** Element identifiers (table 4.71), 3 bits each, and types of fill data (4.105). */
const FILL_ELEMENT = 6;
const END_ELEMENT = 7;
const SBR_FILLS = [13, 14];

/** Reads bits from the most significant one on; 0 beyond the end. */
class Bits {
  readonly #bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length * 8 - this.at;
  }

  take(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++, this.at++) {
      const byte = this.#bytes[this.at >> 3] ?? 0;
      value = value * 2 + (byte >> (7 - this.at % 8) & 1);
    }
    return value;
  }
}

/** Reads an AudioSpecificConfig; null: it is unsupported. */
export function aacConfig(bytes: Uint8Array): AacConfig | null {
  const bits = new Bits(bytes);
  const objectType = takeObjectType(bits);
  const rate = takeRate(bits);
  const channelConfig = bits.take(4);
  if (rate === undefined) return null;
  if (objectType === SBR || objectType === PARAMETRIC_STEREO) {
    return { objectType, rate, channelConfig, isHighEfficiency: true };
  }
  // GASpecificConfig of AAC-LC: frame length, core coder, extension.
  const isShort = bits.take(1) === 1;
  if (bits.take(1) === 1) bits.take(14);
  bits.take(1);
  if (objectType === LOW_COMPLEXITY && isShort) return null;
  let isHighEfficiency = false;
  // A sync extension follows it, and a program config element, if any.
  while (bits.left >= 16 && !isHighEfficiency) {
    const at = bits.at;
    isHighEfficiency = bits.take(11) === SYNC_EXTENSION &&
      takeObjectType(bits) === SBR && bits.take(1) === 1;
    bits.at = at + 1;
  }
  return { objectType, rate, channelConfig, isHighEfficiency };
}

function takeObjectType(bits: Bits): number {
  const type = bits.take(5);
  return type === 31 ? 32 + bits.take(6) : type;
}

function takeRate(bits: Bits): number | undefined {
  const index = bits.take(4);
  return index === 15 ? bits.take(24) : AAC_RATES[index];
}

/**
 * Whether a raw data block ends with a fill element for band replication. The
 * search runs from the end, because only decoding reveals its place; one block in a
 * hundred matches by chance.
 */
export function endsWithSbr(block: Uint8Array): boolean {
  // After the end element, zeros up to a whole byte.
  for (let padding = 0; padding < 8; padding++) {
    const end = block.length * 8 - padding - 3;
    if (end > 0 && bitsAt(block, end, 3) === END_ELEMENT) {
      if (fillEndsAt(block, end)) return true;
    }
    if (bitsAt(block, block.length * 8 - padding - 1, 1) === 1) return false;
  }
  return false;
}

/** Most bytes of a fill element (table 4.11). */
const MOST_FILL = 269;

function fillEndsAt(block: Uint8Array, end: number): boolean {
  for (let count = 1; count <= MOST_FILL; count++) {
    const payload = end - 8 * count;
    const start = payload - (count < 15 ? 7 : 15);
    if (start < 0) return false;
    const header = bitsAt(block, start, payload - start);
    const expected = count < 15
      ? FILL_ELEMENT << 4 | count
      : (FILL_ELEMENT << 4 | 15) << 8 | (count - 14);
    if (
      header === expected && SBR_FILLS.includes(bitsAt(block, payload, 4))
    ) return true;
  }
  return false;
}

function bitsAt(bytes: Uint8Array, from: number, count: number): number {
  const bits = new Bits(bytes);
  bits.at = from;
  return bits.take(count);
}
