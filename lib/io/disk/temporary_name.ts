/**
 * Hidden names for files of uploads in progress.
 *
 * @module
 */

/** Makes a new, random name. */
export function temporaryName(): string {
  return `.ondacast-${crypto.randomUUID()}.part`;
}

/** Whether a name is that of an unfinished upload. */
export function isTemporaryName(name: string): boolean {
  return /^\.ondacast-[0-9a-f-]{36}\.part$/.test(name);
}
