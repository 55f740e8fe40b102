/**
 * Loads the resampler of pages in step, once and only when it is needed.
 *
 * @module
 */

import {
  type Resampler,
  resamplerOf,
  type ResamplerOptions,
} from "../../lib/audio/resampler.ts";

let compiled: Promise<WebAssembly.Module> | undefined;

/**
 * @throws {RangeError} For channels or rates that cannot be converted.
 * @throws {TypeError} If the server is away and it was not loaded before.
 */
export async function openResampler(
  options: ResamplerOptions,
): Promise<Resampler> {
  compiled ??= WebAssembly.compileStreaming(fetch("/resampler.wasm"));
  try {
    return resamplerOf(await compiled, options);
  } catch (error) {
    if (!(error instanceof RangeError)) compiled = undefined;
    throw error;
  }
}
