/**
 * Makes pictures smaller by one WebAssembly module (`codecs/pictures/`): PNG, JPEG or
 * WebP, told by their content, become JPEG.
 *
 * @module
 */

import { MAX_PICTURE_BYTES } from "../../audio/picture.ts";
import { OndacastError } from "../../errors.ts";

const UNSUPPORTED = -1;

interface Exports {
  memory: WebAssembly.Memory;
  reserve(bytes: number): number;
  shrink(size: number): number;
  result(): number;
}

let compiled: WebAssembly.Module | undefined;

function pictures(): WebAssembly.Module {
  return compiled ??= new WebAssembly.Module(
    Deno.readFileSync(new URL("pictures.bin", import.meta.url)),
  );
}

/** Instances never free memory, so one with more is not reused. */
const MAX_IDLE_BYTES = 16 * 2 ** 20;
/** Memory of instances that are not reused, which may be collected late or never. */
const MAX_DROPPED_BYTES = 64 * 2 ** 20;

let idle: Exports | null = null;
let droppedBytes = 0;

/** Whether so much memory has been dropped that the thread should end. */
export function hasDroppedMuch(): boolean {
  return droppedBytes > MAX_DROPPED_BYTES;
}

function newInstance(): Exports {
  return new WebAssembly.Instance(pictures()).exports as unknown as Exports;
}

/**
 * Makes a picture smaller. One that is small enough is coded again, so that
 * only the pixels of the file are passed on.
 *
 * @param size The most pixels of the longer side.
 * @throws {OndacastError} `unsupported`: it is not a picture, is too long or damaged,
 * or has more than 40 megapixels.
 */
export function shrinkPicture(
  file: Uint8Array,
  size: number,
): Uint8Array<ArrayBuffer> {
  if (file.length > MAX_PICTURE_BYTES) throw failure(UNSUPPORTED);
  const module = idle ?? newInstance();
  idle = null;
  const bytes = attempt(() => {
    const at = module.reserve(file.length);
    new Uint8Array(module.memory.buffer, at, file.length).set(file);
    return module.shrink(size);
  });
  const { buffer } = module.memory;
  if (buffer.byteLength <= MAX_IDLE_BYTES) idle = module;
  else droppedBytes += buffer.byteLength;
  if (bytes < 0) throw failure(bytes);
  return new Uint8Array(buffer as ArrayBuffer, module.result(), bytes).slice();
}

/** A trap, such as for too much memory, is one picture's alone. */
function attempt(work: () => number): number {
  try {
    return work();
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw failure(-2);
    throw error;
  }
}

function failure(result: number): OndacastError {
  return new OndacastError(
    "unsupported",
    `Cannot show the picture: it ${
      result === UNSUPPORTED
        ? "is no PNG, JPEG or WebP of at most 10 MiB and 40 megapixels"
        : "is damaged"
    }`,
  );
}
