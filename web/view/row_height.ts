/**
 * The height of a row as the style sheet has it, which grows with the text size.
 *
 * @module
 */

import { useEffect, useState } from "preact/hooks";

/** In pixels. */
export function useRowHeight(): number {
  const [height, setHeight] = useState(measured);
  useEffect(() => {
    const measure = () => setHeight(measured());
    addEventListener("resize", measure);
    return () => removeEventListener("resize", measure);
  }, []);
  return height;
}

function measured(): number {
  const text = getComputedStyle(document.documentElement)
    .getPropertyValue("--row-height");
  return parseFloat(text) || 52;
}
