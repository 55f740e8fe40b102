/**
 * Mutates valid bytes by a few small changes drawn from a seed.
 *
 * @module
 */

import { concat } from "@std/bytes/concat";

/** Numbers from 0 to below 1. */
export type Random = () => number;

/** A whole number from 0 to below a limit. */
export function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

/** A random item. */
export function oneOf<T>(random: Random, of: readonly T[]): T {
  return of[below(random, of.length)];
}

/** Boundary values. */
const EDGES = [
  ...[0, 1, 2, 3, 4, 7, 8, 15, 16, 17, 31, 32, 39, 40, 63, 64, 65, 127, 128],
  ...[255, 256, 1023, 1024, 1025, 4095, 32767, 32768, 65535, 65536, 65537],
  ...[2 ** 20, 2 ** 20 + 1, 2 ** 24 - 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1],
];

/** Tokens of JSON and RIFF. */
const TOKENS = [
  ...'{|}|[|]|:|,|"|\\|null|true|-1|1e999|1e-7|0.5|-0|9007199254740993'.split(
    "|",
  ),
  ...['"__proto__":{}', '"type":"play"', '"id":', '"re":1', '{"a":', "[[["],
  ...["\\ud800", "\\u0000", "\u202e", "\xff\xfe", "'", "..", "/", "%00"],
  ..."RIFF RIFX RF64 BW64 WAVE fmt  data ds64 fact LIST JUNK".split(" "),
].map((token) => new TextEncoder().encode(token));

type Mutation = (
  bytes: Uint8Array,
  random: Random,
  corpus: readonly Uint8Array[],
) => Uint8Array;

const MUTATIONS: Mutation[] = [
  function flipBit(bytes, random) {
    bytes[below(random, bytes.length)] ^= 1 << below(random, 8);
    return bytes;
  },
  function setByte(bytes, random) {
    bytes[below(random, bytes.length)] = below(random, 256);
    return bytes;
  },
  function setNumber(bytes, random) {
    const width = 1 + below(random, 4);
    const at = below(random, bytes.length);
    const value = oneOf(random, EDGES);
    const isBig = random() < 0.5;
    for (let i = 0; i < width && at + i < bytes.length; i++) {
      bytes[at + i] = value / 256 ** (isBig ? width - 1 - i : i);
    }
    return bytes;
  },
  function remove(bytes, random) {
    const [from, until] = range(bytes, random);
    return concat([bytes.subarray(0, from), bytes.subarray(until)]);
  },
  function repeat(bytes, random) {
    const [from, until] = range(bytes, random);
    return concat([bytes.subarray(0, until), bytes.subarray(from)]);
  },
  function truncate(bytes, random) {
    return bytes.subarray(0, below(random, bytes.length));
  },
  function insertToken(bytes, random) {
    const at = below(random, bytes.length + 1);
    return concat([
      bytes.subarray(0, at),
      oneOf(random, TOKENS),
      bytes.subarray(at),
    ]);
  },
  function overwriteToken(bytes, random) {
    const token = oneOf(random, TOKENS);
    const at = below(random, bytes.length);
    bytes.set(token.subarray(0, bytes.length - at), at);
    return bytes;
  },
  function splice(bytes, random, corpus) {
    const other = oneOf(random, corpus);
    const [from, until] = range(other, random);
    const at = below(random, bytes.length + 1);
    return concat([
      bytes.subarray(0, at),
      other.subarray(from, until),
      bytes.subarray(at),
    ]);
  },
];

/** A copy of bytes with one to eight mutations. */
export function mutate(
  bytes: Uint8Array,
  random: Random,
  corpus: readonly Uint8Array[],
): Uint8Array {
  let changed: Uint8Array = bytes.slice();
  const changes = 1 << below(random, 4);
  for (let i = 0; i < changes; i++) {
    if (changed.length === 0) return changed;
    changed = oneOf(random, MUTATIONS)(changed, random, corpus);
  }
  return changed;
}

/** A piece, mostly a short one. */
function range(bytes: Uint8Array, random: Random): [number, number] {
  const from = below(random, bytes.length);
  const most = random() < 0.8 ? 16 : bytes.length;
  return [from, Math.min(bytes.length, from + 1 + below(random, most))];
}
