/**
 * What a device is, as it says of itself, so that people recognise it in a list.
 *
 * @module
 */

/** The kinds that this version knows. */
export const DEVICE_KINDS = [
  "computer",
  "phone",
  "tablet",
  "speaker",
  "tv",
] as const;

/** One of {@linkcode DEVICE_KINDS}. */
export type DeviceKind = typeof DEVICE_KINDS[number];

/**
 * A word as a kind; null: it is none, or one of a later version.
 *
 * @example
 * ```ts
 * import { deviceKind } from "./device_kind.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(deviceKind("phone"), "phone");
 * assert.equal(deviceKind("toaster"), null);
 * ```
 */
export function deviceKind(word: string | undefined): DeviceKind | null {
  return DEVICE_KINDS.find((it) => it === word) ?? null;
}
