/**
 * Keeps the focus in a list when what has it is taken away: in its item, or in the
 * one that takes its place. Browsers would begin again at the top of the page.
 *
 * @module
 */

import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** @returns For the list. */
export function useKeptFocus<T extends HTMLElement>(): RefObject<T> {
  const ref = useRef<T>(null);
  useLayoutEffect(() => {
    const list = ref.current!;
    const { children } = list;
    let focused: Element | null = null;
    let item: Element;
    let at: number;
    list.addEventListener("focusin", ({ target }) => {
      focused = target as Element;
      at = [...children].findIndex((child) => child.contains(focused));
      item = children[at];
    });
    list.addEventListener("focusout", () =>
      // Only then it is known where the focus has gone.
      queueMicrotask(() => {
        if (isNowhere() && focused?.isConnected) focused = null;
      }));
    const observer = new MutationObserver(() => {
      if (focused === null || focused.isConnected || !isNowhere()) return;
      focused = null;
      const place = item.isConnected
        ? item
        : children[Math.min(at, children.length - 1)];
      place?.querySelector<HTMLElement>("button")?.focus();
    });
    observer.observe(list, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, []);
  return ref;
}

function isNowhere(): boolean {
  return document.activeElement === document.body;
}
