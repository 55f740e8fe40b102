/**
 * What the page tells a person for a moment, such as why something failed.
 *
 * @module
 */

import { signal } from "@preact/signals";
import { toOndacastError } from "../../lib/errors.ts";

/** How long a notice stays. */
const SHOWN_MS = 8000;

export interface Notice {
  id: number;
  text: string;
}

/** The notices that are shown now, the newest last. */
export const notices = signal<readonly Notice[]>([]);
let ids = 0;

/** Shows a text for a while. */
export function notify(text: string): void {
  const notice = { id: ++ids, text };
  notices.value = [...notices.value.slice(-2), notice];
  setTimeout(() => dismiss(notice.id), SHOWN_MS);
}

/** Shows why something failed. */
export function notifyError(thrown: unknown): void {
  notify(toOndacastError(thrown).message);
}

/** Takes a notice away. */
export function dismiss(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}
