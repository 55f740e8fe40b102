/**
 * What the page remembers on this device. Where a browser stores nothing, it
 * is remembered as long as the page is open.
 *
 * @module
 */

/** What is remembered, by name. */
export type Setting =
  | "name"
  | "token"
  | "volume"
  | "receive"
  | `device.${number}`;

const PREFIX = "ondacast.";
const unstored = new Map<Setting, string>();

/** What was remembered. */
export function readSetting(name: Setting): string | null {
  if (unstored.has(name)) return unstored.get(name)!;
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

/**
 * Remembers something.
 *
 * @param store False: only as long as the page is open.
 */
export function writeSetting(name: Setting, value: string, store = true): void {
  unstored.set(name, value);
  if (!store) return;
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // It is remembered above.
  }
}
