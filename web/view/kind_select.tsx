/**
 * The choice of what a device is.
 *
 * @module
 */

import type { JSX } from "preact";
import { DEVICE_KINDS } from "../../lib/model/device_kind.ts";
import { TEXTS } from "../model/texts.ts";

export function KindSelect(
  { value, ...props }: JSX.IntrinsicElements["select"],
): JSX.Element {
  return (
    <select {...props} aria-label={TEXTS.name.kind}>
      {DEVICE_KINDS.map((it) => (
        <option key={it} value={it} selected={it === value}>
          {TEXTS.name.kinds[it]}
        </option>
      ))}
    </select>
  );
}
