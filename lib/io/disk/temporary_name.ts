/**
 * Names of files that are being uploaded, which nobody lists.
 *
 * @module
 */

/** The name of a file that is being uploaded. */
export function temporaryName(): string {
  return `.ondacast-${crypto.randomUUID()}.part`;
}

/** Whether a file is what a crash left of an upload. */
export function isTemporaryName(name: string): boolean {
  return /^\.ondacast-[0-9a-f-]{36}\.part$/.test(name);
}
