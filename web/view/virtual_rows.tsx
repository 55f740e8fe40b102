/**
 * A list of any length whose rows have the height of the style sheet.
 *
 * @module
 */

import type { JSX } from "preact";
import { useRowHeight } from "./row_height.ts";
import { Virtual } from "./virtual.tsx";

export function VirtualRows<T>(
  { items, label, onEnd, children }: {
    items: readonly T[];
    label: string;
    /** Called when the end comes near. */
    onEnd?: () => void;
    /** A row, without a key: its elements show other items, too. */
    children: (item: T, at: number) => JSX.Element;
  },
): JSX.Element {
  const rowHeight = useRowHeight();
  return (
    <Virtual count={items.length} rowHeight={rowHeight} label={label}>
      {(from, to) => {
        if (to >= items.length) onEnd?.();
        return items.slice(from, to).map((item, i) => children(item, from + i));
      }}
    </Virtual>
  );
}
