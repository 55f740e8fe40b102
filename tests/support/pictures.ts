/**
 * Pictures as files, made without any program.
 *
 * @module
 */

import { crc32, deflateSync } from "node:zlib";
import { concat } from "./raw_peer.ts";

type Rgba = [red: number, green: number, blue: number, alpha: number];

export const PNG_START: Uint8Array = Uint8Array.of(
  ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
);

/** A PNG of RGBA. */
export function png(
  width: number,
  height: number,
  color: (x: number, y: number) => Rgba,
): Uint8Array {
  const rows = new Uint8Array(height * (1 + 4 * width));
  for (let y = 0, at = 0; y < height; y++) {
    at++; // No filter.
    for (let x = 0; x < width; x++, at += 4) rows.set(color(x, y), at);
  }
  return concat([
    PNG_START,
    pngHead(width, height),
    pngChunk("IDAT", deflateSync(rows)),
    pngChunk("IEND", new Uint8Array(0)),
  ]);
}

/** The head of a PNG of 8-bit RGBA. */
export function pngHead(width: number, height: number): Uint8Array {
  const head = new Uint8Array(13);
  const view = new DataView(head.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  head.set([8, 6], 8);
  return pngChunk("IHDR", head);
}

/** A chunk of a PNG (PNG specification, section 5.3). */
export function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const body = concat([new TextEncoder().encode(type), data]);
  const around = new Uint8Array(8);
  const view = new DataView(around.buffer);
  view.setUint32(0, data.length);
  view.setUint32(4, crc32(body));
  return concat([around.subarray(0, 4), body, around.subarray(4)]);
}

/** A colourful picture. */
export function somePng(width: number, height: number): Uint8Array {
  return png(width, height, (x, y) => [x * 7, y * 5, x ^ y, 255]);
}

/** A WebP of one pixel (VP8L). */
export const WEBP: Uint8Array = Uint8Array.fromBase64(
  "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==",
);

/** Width and height of a baseline JPEG; throws if it is none. */
export function jpegSize(file: Uint8Array): [width: number, height: number] {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  if (view.getUint16(0) !== 0xffd8) throw new TypeError("Expected a JPEG");
  for (let at = 2; at + 9 < file.length; at += 2 + view.getUint16(at + 2)) {
    if (view.getUint16(at) === 0xffc0) {
      return [view.getUint16(at + 7), view.getUint16(at + 5)];
    }
  }
  throw new TypeError("Expected a JPEG with a frame");
}

/** Where a baseline JPEG says its height, and then its width. */
export function jpegSizeOffset(file: Uint8Array): number {
  const at = file.findIndex((byte, i) => byte === 0xff && file[i + 1] === 0xc0);
  return at + 5;
}

/** A chunk of WAV that holds a picture, as ID3v2.3 (section 4.15: APIC). */
export function id3Chunk(picture: Uint8Array): Uint8Array {
  const encode = (text: string) => new TextEncoder().encode(text);
  const frame = concat([encode("\0image/png\0\x03\0"), picture]);
  const frameHead = new Uint8Array(10);
  frameHead.set(encode("APIC"));
  new DataView(frameHead.buffer).setUint32(4, frame.length);
  const size = frame.length + 10;
  const head = Uint8Array.of(
    ...encode("ID3"),
    ...[3, 0, 0, size >> 21 & 127, size >> 14 & 127],
    ...[size >> 7 & 127, size & 127],
  );
  const tag = concat([head, frameHead, frame]);
  const chunk = new Uint8Array(8 + tag.length + tag.length % 2);
  chunk.set(encode("id3 "));
  new DataView(chunk.buffer).setUint32(4, tag.length, true);
  chunk.set(tag, 8);
  return chunk;
}
