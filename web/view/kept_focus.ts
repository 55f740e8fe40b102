/**
 * Keeps the focus in a list when what has it is taken away: in its item, or in the
 * one that takes its place. Browsers would begin again at the top of the page.
 *
 * @module
 */

import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/**
 * @param items Matches the items of the list.
 * @returns For the list.
 */
export function useKeptFocus<T extends HTMLElement>(
  items = ":scope > *",
): RefObject<T> {
  const ref = useRef<T>(null);
  useLayoutEffect(() => {
    const list = ref.current!;
    const all = () => list.isConnected ? [...list.querySelectorAll(items)] : [];
    let focused: Element | null = null;
    let item: Element;
    let at: number;
    list.addEventListener("focusin", ({ target }) => {
      focused = target as Element;
      const before = all();
      at = before.findIndex((it) => it.contains(focused));
      item = before[at];
    });
    list.addEventListener("focusout", () =>
      // Only then it is known where the focus has gone.
      queueMicrotask(() => {
        if (isNowhere() && focused?.isConnected) focused = null;
      }));
    const keep = () => {
      if (focused === null || focused.isConnected || !isNowhere()) return;
      focused = null;
      const now = all();
      const size = item?.ariaSetSize;
      // Of as many as before none was removed: it was scrolled out of view.
      if (size && !item.isConnected && size === now[0]?.ariaSetSize) return;
      const place = item?.isConnected
        ? item
        : now[Math.min(at, now.length - 1)];
      (place?.querySelector<HTMLElement>("button") ?? fallback())?.focus();
    };
    const observer = new MutationObserver(keep);
    observer.observe(list, { childList: true, subtree: true });
    return () => {
      observer.disconnect();
      queueMicrotask(keep);
    };
  }, []);
  return ref;
}

/** Where nothing is left, the page has it, unless a dialog covers that. */
function fallback(): HTMLElement | null {
  const dialog = [...document.querySelectorAll("dialog[open]")].at(-1);
  return dialog?.querySelector("button") ?? document.querySelector("main");
}

function isNowhere(): boolean {
  return document.activeElement === document.body;
}
