/**
 * Loads the resampler that `codecs/resampler/` is built to, once for all that
 * are opened.
 *
 * @module
 */

import {
  type Resampler,
  resamplerOf,
  type ResamplerOptions,
} from "../../audio/resampler.ts";

const FILE = new URL("../codecs/resampler.bin", import.meta.url);

let compiled: Promise<WebAssembly.Module> | undefined;

/** @throws {RangeError} For channels or rates that cannot be converted. */
export async function openResampler(
  options: ResamplerOptions,
): Promise<Resampler> {
  compiled ??= Deno.readFile(FILE).then((bytes) => WebAssembly.compile(bytes));
  return resamplerOf(await compiled, options);
}
