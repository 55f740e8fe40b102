/**
 * A long list of which only the rows in view exist. All rows are of one height,
 * and the window scrolls. Rows are kept in blocks with a place of their own: to
 * lay out one does not touch the others. The elements of a block show another one
 * once it is out of view.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { nextSlots, type Slot } from "./blocks.ts";

/** Rows of a block, as many as a slow device adds within a frame. */
const BLOCK_ROWS = 2;
/** Faster ones add more, as long as the scripts take less than this in a frame. */
const SCRIPT_MS = 1;
const MOST_BLOCKS = 4;

/**
 * @param rowHeight In pixels; `columns` items share a row.
 * @param children Renders the items from `from` to before `to`. Without keys, their
 * elements are used again for others.
 */
export function Virtual(
  { count, rowHeight, columns = 1, label, kind = "", children }: {
    count: number;
    rowHeight: number;
    columns?: number;
    label: string;
    /** A class of what holds the items. */
    kind?: string;
    children: (from: number, to: number) => ComponentChildren;
  },
): JSX.Element {
  const ref = useRef<HTMLDivElement>(null);
  const rows = Math.ceil(count / columns);
  const blockRows = columns > 1 ? 1 : BLOCK_ROWS;
  const blockHeight = blockRows * rowHeight;
  const blockCount = Math.ceil(rows / blockRows);
  const [slots, setSlots] = useState<readonly Slot[]>([]);
  const current = useRef(slots);
  /** How many blocks may come at a time; how many do, and since when. */
  const pace = useRef({ most: 1, coming: 0, startMs: 0 });
  useLayoutEffect(() => {
    const { coming, startMs } = pace.current;
    if (coming === 0) return;
    const fit = Math.floor(coming * SCRIPT_MS / (performance.now() - startMs));
    pace.current.most = Math.min(MOST_BLOCKS, Math.max(1, fit));
  }, [slots]);
  useLayoutEffect(() => {
    let asked = 0;
    const step = () => {
      asked = 0;
      const view = {
        top: -ref.current!.getBoundingClientRect().top,
        height: innerHeight,
      };
      const { most } = pace.current;
      const list = { blockHeight, count: blockCount, most };
      const before = current.current;
      const next = nextSlots(before, view, list, focusedSlot());
      if (next === before) return;
      const coming = next.filter((slot) => !before.includes(slot)).length;
      pace.current = { most, coming, startMs: performance.now() };
      setSlots(current.current = next);
      ask();
    };
    const ask = () => asked ||= requestAnimationFrame(step);
    step();
    addEventListener("scroll", ask, { passive: true });
    addEventListener("resize", ask);
    return () => {
      cancelAnimationFrame(asked);
      removeEventListener("scroll", ask);
      removeEventListener("resize", ask);
    };
  }, [blockHeight, blockCount]);
  return (
    <div
      ref={ref}
      class="virtual"
      role="list"
      aria-label={label}
      style={{ height: `${rows * rowHeight}px` }}
      onKeyDown={moveFocus}
    >
      {slots.filter(({ block }) => block < blockCount).map(({ key, block }) => (
        <Block
          key={key}
          slot={key}
          top={block * blockHeight}
          height={blockHeight}
          from={block * blockRows * columns}
          to={Math.min(count, (block + 1) * blockRows * columns)}
          kind={kind}
        >
          {children}
        </Block>
      ))}
    </div>
  );
}

/** The key of the slot with the focus, which must not go to another row. */
function focusedSlot(): number {
  const block = document.activeElement?.closest<HTMLElement>(".block");
  return Number(block?.dataset.slot);
}

/** It is rendered again only with other items or at another place. */
function Block(
  { slot, top, height, from, to, kind, children }: {
    /** The key. */
    slot: number;
    /** In pixels, as the height. */
    top: number;
    height: number;
    from: number;
    to: number;
    kind: string;
    children: (from: number, to: number) => ComponentChildren;
  },
): JSX.Element {
  return useMemo(() => (
    <div
      class={`block ${kind}`}
      role="none"
      data-slot={slot}
      style={{ top: `${top}px`, height: `${height}px` }}
    >
      {children(from, to)}
    </div>
  ), [top, height, from, to, kind, children]);
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
