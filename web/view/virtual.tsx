/**
 * A long list of which only the rows in view exist. All rows are of one height,
 * and the window scrolls.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** Pixels above and below the window, so that a row is there before it is seen. */
const MARGIN = 600;
/** The rows that exist change in steps of these pixels, not with each. */
const STEP = 300;

interface Range {
  from: number;
  to: number;
}

/**
 * @param rowHeight In pixels; `columns` items share a row.
 * @param children Renders the items from `from` to before `to`.
 */
export function Virtual(
  { count, rowHeight, columns = 1, label, kind = "", tall = null, children }: {
    count: number;
    rowHeight: number;
    columns?: number;
    label: string;
    /** A class of what holds the items. */
    kind?: string;
    /** The element that scrolls; null: the window. */
    tall?: HTMLElement | null;
    children: (from: number, to: number) => ComponentChildren;
  },
): JSX.Element {
  const ref = useRef<HTMLDivElement>(null);
  const rows = Math.ceil(count / columns);
  const [range, setRange] = useState<Range>({ from: 0, to: 30 });
  useLayoutEffect(() => {
    let asked = 0;
    const measure = () => {
      asked = 0;
      const top = ref.current!.getBoundingClientRect().top;
      const next = rangeOf(top, innerHeight, rowHeight);
      setRange((range) =>
        range.from === next.from && range.to === next.to ? range : next
      );
    };
    const ask = () => asked ||= requestAnimationFrame(measure);
    measure();
    const scrolled = tall ?? globalThis;
    scrolled.addEventListener("scroll", ask, { passive: true });
    addEventListener("resize", ask);
    return () => {
      cancelAnimationFrame(asked);
      scrolled.removeEventListener("scroll", ask);
      removeEventListener("resize", ask);
    };
  }, [rowHeight, tall, count === 0]);
  const from = Math.min(range.from, Math.max(0, rows - 1));
  const to = Math.min(range.to, rows);
  return (
    <div
      ref={ref}
      class="virtual"
      role="list"
      aria-label={label}
      style={{ height: `${rows * rowHeight}px` }}
      onKeyDown={moveFocus}
    >
      <div
        class={`window ${kind}`}
        role="none"
        style={{ top: `${from * rowHeight}px` }}
      >
        {children(from * columns, Math.min(count, to * columns))}
      </div>
    </div>
  );
}

function rangeOf(top: number, height: number, rowHeight: number): Range {
  const [margin, step] = [MARGIN, STEP].map((it) => Math.ceil(it / rowHeight));
  const first = Math.floor(-top / rowHeight) - margin;
  const from = Math.max(0, Math.floor(first / step) * step);
  const seen = Math.ceil(height / rowHeight) + 2 * margin + step;
  return { from, to: Math.max(from, first) + seen };
}

/** What has the focus in a row. */
const ROW = ".whole:not(label), .pick";

/** Arrow keys go from row to row. */
function moveFocus(event: JSX.TargetedKeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const target = event.target as HTMLElement;
  if (step === undefined || !target.matches(ROW)) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>(ROW)];
  const next = all[all.indexOf(target) + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
