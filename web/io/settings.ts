/**
 * Settings that the page stores on this device. If the browser stores nothing,
 * they last as long as the page is open.
 *
 * @module
 */

export type Setting =
  | "name"
  | "kind"
  | "token"
  | "volume"
  | "receive"
  | "place"
  | "installHint"
  | `device.${number}`;

const PREFIX = "ondacast.";
const unstored = new Map<Setting, string>();

export function readSetting(name: Setting): string | null {
  if (unstored.has(name)) return unstored.get(name)!;
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

/**
 * Writes a setting.
 *
 * @param store False: it lasts only as long as the page is open.
 */
export function writeSetting(name: Setting, value: string, store = true): void {
  unstored.set(name, value);
  if (!store) return;
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // Kept in memory, above.
  }
}
