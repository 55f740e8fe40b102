/**
 * Shows more of a list when its end comes into view.
 *
 * @module
 */

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { TEXTS } from "../model/texts.ts";

/** @param of What is shown so far; the end is looked at again when it changes. */
export function More(
  { of, onMore }: { of: unknown; onMore: () => void },
): JSX.Element {
  const ref = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    const observer = new IntersectionObserver(
      ([{ isIntersecting }]) => isIntersecting && onMore(),
      { rootMargin: "600px" },
    );
    observer.observe(ref.current!);
    return () => observer.disconnect();
  }, [of]);
  return <p ref={ref} class="empty">{TEXTS.lists.loading}</p>;
}
