/**
 * What the device of a browser is, until the user chooses it.
 *
 * @module
 */

import type { DeviceKind } from "../../lib/model/device_kind.ts";

/** The shorter side of a screen, from which on it is not that of a phone. */
const TABLET_PX = 600;

/**
 * @param isTouched Whether fingers are the main way to point.
 * @param screen In CSS pixels.
 */
export function browserKind(
  isTouched: boolean,
  { width, height }: { width: number; height: number },
): DeviceKind {
  if (!isTouched) return "computer";
  return Math.min(width, height) < TABLET_PX ? "phone" : "tablet";
}
