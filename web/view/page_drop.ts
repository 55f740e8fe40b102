/**
 * What is dropped onto the page anywhere, but for what has a target of its own.
 *
 * @module
 */

import { useEffect, useState } from "preact/hooks";

/**
 * Takes what is dropped of a media type.
 *
 * @returns Whether it is over the page.
 */
export function usePageDrop(
  type: string,
  onDrop: (data: DataTransfer) => void,
): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const abort = new AbortController();
    document.addEventListener("dragover", (event) => {
      if (event.defaultPrevented || !carries(event, type)) return;
      event.preventDefault();
      setOver(true);
    }, abort);
    document.addEventListener("drop", (event) => {
      setOver(false);
      if (event.defaultPrevented || !carries(event, type)) return;
      event.preventDefault();
      onDrop(event.dataTransfer!);
    }, abort);
    document.addEventListener("dragleave", ({ relatedTarget }) => {
      if (relatedTarget === null) setOver(false);
    }, abort);
    return () => abort.abort();
  }, []);
  return over;
}

/** Whether what is dragged has something of a media type. */
export function carries({ dataTransfer }: DragEvent, type: string): boolean {
  return dataTransfer?.types.includes(type) ?? false;
}
