/**
 * Notices on the page: shown for a moment, such as an error, or as long as
 * something waits.
 *
 * @module
 */

import { signal } from "./signals.ts";
import { toOndacastError } from "../../lib/errors.ts";

const SHOWN_MS = 8000;
/** Transient notices that are shown at the same time. */
const MOST_PASSING = 3;

/** A text with names in it that other people have chosen. */
export type Words = readonly (string | { name: string })[];

export interface Notice {
  id: number;
  words: Words;
  /** Whether it stays until it is dismissed or removed. */
  lasting: boolean;
  /** A button of the notice. */
  action?: { label: string; act(): void };
  /** Called when the user dismisses it. */
  onDismiss?(): void;
}

/** The visible notices, the newest last. */
export const notices = signal<readonly Notice[]>([]);
let ids = 0;

/** Shows a text for a moment, with a button if there is something to do about it. */
export function notify(words: string | Words, action?: Notice["action"]): void {
  const id = show({ words: wordsOf(words), lasting: false, action });
  const passing = notices.value.filter(({ lasting }) => !lasting);
  if (passing.length > MOST_PASSING) takeBack(passing[0].id);
  setTimeout(() => takeBack(id), SHOWN_MS);
}

export function notifyError(thrown: unknown): void {
  notify(toOndacastError(thrown).message);
}

/** Shows a notice below the others. @returns Its id, for `takeBack()`. */
export function show(notice: Omit<Notice, "id">): number {
  const id = ++ids;
  notices.value = [...notices.value, { ...notice, id }];
  return id;
}

/** Removes a notice at the user's request. */
export function dismiss(notice: Notice): void {
  takeBack(notice.id);
  notice.onDismiss?.();
}

/** Removes a notice, and does what its button offers. */
export function actOn(notice: Notice): void {
  dismiss(notice);
  notice.action?.act();
}

/** Takes back the last change that can be undone. */
export function undo(): void {
  const last = notices.value.findLast(({ action, lasting }) =>
    action && !lasting
  );
  if (last) actOn(last);
}

export function takeBack(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}

function wordsOf(words: string | Words): Words {
  return typeof words === "string" ? [words] : words;
}
