/**
 * Mutates a conversation frame by frame: frames are dropped, duplicated, moved
 * or taken from another one, and fields of messages get unusual values. The
 * result is well-formed on the wire, and so reaches deeper than mutated bytes.
 *
 * @module
 */

import { concat, type Frame, rawFrame } from "../support/raw_peer.ts";
import { below, oneOf, type Random } from "./mutate.ts";

/** Unusual values of fields. */
const ODD: readonly unknown[] = [
  ...[0, 1, -1, 0.5, 2, 3, 43, 44, 45, 1000, 8000, 65_536, 2 ** 31, 2 ** 53],
  ...[1e308, null, true, false, "", "x", "s16le", "f64le", "u8", "playing"],
  ...[[], {}, ["x"], { type: "x" }, "\u202e", "a".repeat(1025)],
];

type FrameMutation = (
  frames: Frame[],
  random: Random,
  others: readonly Frame[],
) => void;

const MUTATIONS: FrameMutation[] = [
  function drop(frames, random) {
    frames.splice(below(random, frames.length), 1);
  },
  function double(frames, random) {
    const at = below(random, frames.length);
    frames.splice(at, 0, frames[at]);
  },
  function move(frames, random) {
    const [frame] = frames.splice(below(random, frames.length), 1);
    frames.splice(below(random, frames.length + 1), 0, frame);
  },
  function insert(frames, random, others) {
    frames.splice(below(random, frames.length + 1), 0, oneOf(random, others));
  },
  function resize(frames, random) {
    const at = below(random, frames.length);
    if (frames[at].type !== 0) return setField(frames, random);
    const length = oneOf(random, [0, 1, 43, 45, 999, 4096]);
    frames[at] = { type: 0, payload: new Uint8Array(length).fill(length) };
  },
  setField,
  setField,
  setField,
];

/** Sets, removes or adds a field of a message, at any depth. */
function setField(frames: Frame[], random: Random): void {
  const at = below(random, frames.length);
  if (frames[at].type !== 1) return;
  let message: unknown;
  try {
    message = JSON.parse(new TextDecoder().decode(frames[at].payload));
  } catch {
    return; // mutated before
  }
  let inside = message as Record<string, unknown>;
  while (true) {
    const keys = Object.keys(inside);
    if (keys.length === 0) break;
    const key = oneOf(random, keys);
    const value = inside[key];
    if (typeof value === "object" && value !== null && random() < 0.8) {
      inside = value as Record<string, unknown>;
      continue;
    }
    if (random() < 0.15) delete inside[key];
    else inside[key] = oneOf(random, ODD);
    break;
  }
  const payload = new TextEncoder().encode(JSON.stringify(message));
  frames[at] = { type: 1, payload };
}

/** A conversation with one to four mutations. */
export function mutateFrames(
  bytes: Uint8Array,
  random: Random,
  corpus: readonly Uint8Array[],
): Uint8Array {
  const frames = framesOf(bytes);
  const others = framesOf(oneOf(random, corpus));
  const changes = 1 + below(random, 4);
  for (let i = 0; i < changes && frames.length > 0; i++) {
    oneOf(random, MUTATIONS)(frames, random, others);
  }
  return concat(frames.map(({ type, payload }) => rawFrame(type, payload)));
}

function framesOf(bytes: Uint8Array): Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at + 4 <= bytes.length;) {
    const length = bytes[at + 1] << 16 | bytes[at + 2] << 8 | bytes[at + 3];
    frames.push({
      type: bytes[at],
      payload: bytes.subarray(at + 4, at + 4 + length),
    });
    at += 4 + length;
  }
  return frames;
}
