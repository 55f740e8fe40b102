/**
 * The boxes of MP4 and QuickTime files (ISO/IEC 14496-12, section 4.2), read one
 * header at a time.
 *
 * @module
 */

import { latin1, type ReadableFile, readAt, viewOf } from "./readable_file.ts";

/** A box. */
export interface Box {
  readonly type: string;
  /** The first byte of its header. */
  readonly at: number;
  /** Its declared length, header included, which may exceed the file. */
  readonly size: number;
  /** The range of its content, within the file. */
  readonly from: number;
  readonly to: number;
}

/** Most boxes in a container; later ones are ignored. */
const MAX_BOXES = 200_000;

/** The boxes between two offsets; a truncated one ends with the file. */
export function* boxes(
  file: ReadableFile,
  from: number,
  to: number,
): Generator<Box> {
  let at = from;
  for (let count = 0; at + 8 <= to && count < MAX_BOXES; count++) {
    const header = readAt(file, at, 16);
    if (header.length < 8) return;
    const view = viewOf(header);
    const short = view.getUint32(0);
    if (short === 1 && header.length < 16) return;
    const headerBytes = short === 1 ? 16 : 8;
    const size = short === 1
      ? view.getUint32(8) * 2 ** 32 + view.getUint32(12)
      : short === 0
      ? to - at
      : short;
    if (size < headerBytes) return;
    const end = Math.min(at + size, to);
    yield {
      type: latin1(header, 4, 8),
      at,
      size,
      from: Math.min(at + headerBytes, end),
      to: end,
    };
    at += size;
  }
}

/** The first box of a type at the end of a path of types. */
export function boxIn(
  file: ReadableFile,
  parent: { from: number; to: number },
  ...path: string[]
): Box | null {
  let place: { from: number; to: number } = parent;
  let found: Box | null = null;
  for (const type of path) {
    found = null;
    for (const box of boxes(file, place.from, place.to)) {
      if (box.type !== type) continue;
      found = place = box;
      break;
    }
    if (!found) return null;
  }
  return found;
}

/** The start of a box's content, up to a number of bytes. */
export function boxView(
  file: ReadableFile,
  box: { from: number; to: number },
  mostBytes: number,
): DataView<ArrayBuffer> {
  const bytes = readAt(file, box.from, Math.min(mostBytes, box.to - box.from));
  return new DataView(
    bytes.buffer as ArrayBuffer,
    bytes.byteOffset,
    bytes.length,
  );
}

/** A number at an offset of a view; 0 beyond its end. */
export function u32At(view: DataView, at: number): number {
  return at + 4 <= view.byteLength ? view.getUint32(at) : 0;
}

/** A 64-bit number at an offset of a view; 0 beyond its end. */
export function u64At(view: DataView, at: number): number {
  return u32At(view, at) * 2 ** 32 + u32At(view, at + 4);
}
