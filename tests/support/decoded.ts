/**
 * The output of a frame decoder as a comparable list.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import {
  FrameDecoder,
  type FrameDecoderOptions,
} from "../../lib/wire/frame.ts";
import { concat } from "./raw_peer.ts";

/** A message or a run of data in hexadecimal, or the end of a stream. */
export type Decoded = { message: string } | { data: string } | "end";

/**
 * Decodes consecutive pieces. Adjacent data is joined, since pieces do not show
 * where frames end.
 *
 * @param options.behind The bytes after each piece in its buffer.
 */
export function decodeAll(
  pieces: Iterable<Uint8Array>,
  options: Partial<FrameDecoderOptions> & { behind?: Uint8Array } = {},
): { decoded: Decoded[]; atFrameStart: boolean } {
  const decoded: Decoded[] = [];
  const decoder = new FrameDecoder({
    data: (piece) => {
      const last = decoded.at(-1);
      if (last && typeof last === "object" && "data" in last) {
        last.data += hex(piece);
      } else decoded.push({ data: hex(piece) });
    },
    dataEnd: () => decoded.push("end"),
    message: (payload) => decoded.push({ message: hex(payload) }),
  }, { maxMessageBytes: options.maxMessageBytes ?? 65_536, ...options });
  const { behind } = options;
  for (const piece of pieces) {
    if (behind === undefined) decoder.push(piece);
    else decoder.push(concat([piece, behind]), piece.length);
  }
  return { decoded, atFrameStart: decoder.atFrameStart };
}

/** Encodes bytes as hexadecimal. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** Decodes hexadecimal. */
export function unhex(text: string): Uint8Array {
  return Uint8Array.fromHex(text);
}

/** Bytes cut at these places, given in any order, even beyond the end. */
export function splitAt(bytes: Uint8Array, places: number[]): Uint8Array[] {
  const cuts = [...places].sort((a, b) => a - b);
  return [0, ...cuts].map((from, i) => bytes.subarray(from, cuts[i]));
}
