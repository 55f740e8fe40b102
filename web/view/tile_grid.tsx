/**
 * Tiles in a grid of any length, of which only those in view exist. The style sheet
 * decides how many share a row.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Virtual } from "./virtual.tsx";

/** The columns, and the height of a row with its gap in pixels. */
interface Shape {
  columns: number;
  rowHeight: number;
}

export function TileGrid(
  { count, label, children }: {
    /** At least 1. */
    count: number;
    label: string;
    children: (from: number, to: number) => ComponentChildren;
  },
): JSX.Element {
  const ref = useRef<HTMLDivElement>(null);
  const [shape, setShape] = useState<Shape>({ columns: 6, rowHeight: 240 });
  useLayoutEffect(() => {
    // It is called at first as well, when there are tiles.
    const observer = new ResizeObserver(() => {
      const grid = ref.current!.querySelector(".tiles");
      const next = grid && shapeOf(grid);
      setShape((shape) => next && !isSame(shape, next) ? next : shape);
    });
    observer.observe(ref.current!);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={ref}>
      <Virtual count={count} label={label} kind="tiles" {...shape}>
        {children}
      </Virtual>
    </div>
  );
}

function shapeOf(grid: Element): Shape {
  const { gridTemplateColumns, rowGap } = getComputedStyle(grid);
  // The used value has the width of each column (CSS Grid 1, section 7.2.6).
  const columns = gridTemplateColumns.split(" ").length;
  const { height } = grid.firstElementChild!.getBoundingClientRect();
  return { columns, rowHeight: height + parseFloat(rowGap) };
}

function isSame(a: Shape, b: Shape): boolean {
  return a.columns === b.columns && Math.abs(a.rowHeight - b.rowHeight) < 0.1;
}
