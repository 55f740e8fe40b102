/**
 * A slider whose track is filled up to its thumb.
 *
 * @module
 */

import type { JSX } from "preact";

/** A range input, as the browser has it; its value and bounds are numbers. */
export function Slider(
  props: Omit<JSX.IntrinsicElements["input"], "value" | "max"> & {
    value: number;
    max: number;
  },
): JSX.Element {
  const { value, max } = props;
  const part = `${Math.min(1, value / (max || 1)) * 100}%`;
  return (
    <input
      type="range"
      min="0"
      step="any"
      style={{ "--part": part }}
      {...props}
    />
  );
}
