/**
 * Keeps the focus in a list when the item that has it is taken away, at the one in
 * its place. Browsers would begin again at the top of the page.
 *
 * @module
 */

import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** An item, and where it was in its list. */
interface Spot {
  item: Element;
  list: Element;
  at: number;
}

/** @returns For the list, in which items may have lists of their own. */
export function useKeptFocus<T extends HTMLElement>(): RefObject<T> {
  const ref = useRef<T>(null);
  useLayoutEffect(() => {
    const all = ref.current!;
    /** From the innermost item that had the focus outwards. */
    let spots: Spot[] = [];
    all.addEventListener("focusin", ({ target }) => {
      spots = [];
      let item = (target as Element).closest("li");
      while (item !== null && all.contains(item)) {
        const list = item.parentElement!;
        spots.push({ item, list, at: [...list.children].indexOf(item) });
        item = list.closest("li");
      }
    });
    all.addEventListener("focusout", () =>
      // Only then it is known where the focus has gone.
      queueMicrotask(() => {
        if (isNowhere() && spots[0]?.item.isConnected) spots = [];
      }));
    const observer = new MutationObserver(() => {
      if (!isNowhere() || spots.length === 0 || spots[0].item.isConnected) {
        return;
      }
      const { list, at } = spots.find(({ list }) => list.isConnected)!;
      spots = [];
      const { children } = list;
      children[Math.min(at, children.length - 1)]
        ?.querySelector<HTMLElement>(".whole, .more, input")?.focus();
    });
    observer.observe(all, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, []);
  return ref;
}

function isNowhere(): boolean {
  return document.activeElement === document.body;
}
