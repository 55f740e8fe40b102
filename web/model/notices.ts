/**
 * What the page tells a person for a moment, such as why something failed, or
 * for as long as something waits.
 *
 * @module
 */

import { signal } from "@preact/signals";
import { toOndacastError } from "../../lib/errors.ts";

/** How long a notice stays. */
const SHOWN_MS = 8000;
/** Notices that pass by themselves and are shown at once. */
const MOST_PASSING = 3;

/** A text, and names in it that others have chosen. */
export type Words = readonly (string | { name: string })[];

/** What is told. */
export interface Notice {
  id: number;
  words: Words;
  /** It stays until it is dismissed or taken back. */
  lasting: boolean;
  /** What can be done about it. */
  action?: { label: string; act(): void };
  /** Called when a person has had enough of it. */
  onDismiss?(): void;
}

/** The notices that are shown now, the newest last. */
export const notices = signal<readonly Notice[]>([]);
let ids = 0;

/** Shows a text for a while. */
export function notify(words: string | Words): void {
  const id = show({ words: wordsOf(words), lasting: false });
  const passing = notices.value.filter(({ lasting }) => !lasting);
  if (passing.length > MOST_PASSING) takeBack(passing[0].id);
  setTimeout(() => takeBack(id), SHOWN_MS);
}

/** Shows why something failed. */
export function notifyError(thrown: unknown): void {
  notify(toOndacastError(thrown).message);
}

/** Shows a notice, at its end. @returns What it is taken back by. */
export function show(notice: Omit<Notice, "id">): number {
  const id = ++ids;
  notices.value = [...notices.value, { ...notice, id }];
  return id;
}

/** Takes a notice away, as a person wants it. */
export function dismiss(notice: Notice): void {
  takeBack(notice.id);
  notice.onDismiss?.();
}

/** Takes a notice away. */
export function takeBack(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}

function wordsOf(words: string | Words): Words {
  return typeof words === "string" ? [words] : words;
}
