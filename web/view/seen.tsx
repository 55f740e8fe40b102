/**
 * Shows more of a list when its end comes into view.
 *
 * @module
 */

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { TEXTS } from "../model/texts.ts";

/** @param count Rows so far; the end is looked at again when it changes. */
export function More(
  { count, onMore }: { count: number; onMore: () => void },
): JSX.Element {
  const ref = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    const observer = new IntersectionObserver(
      ([{ isIntersecting }]) => isIntersecting && onMore(),
      { rootMargin: "600px" },
    );
    observer.observe(ref.current!);
    return () => observer.disconnect();
  }, [count]);
  return <p ref={ref} class="empty">{TEXTS.lists.loading}</p>;
}
