/**
 * Names of files that are the picture of their folder.
 *
 * @module
 */

const COVER = /^(?:cover|folder)\.(?:jpe?g|png|webp)$/i;

/** Whether a file is the picture of its folder, by its name. */
export function isCoverName(name: string): boolean {
  return COVER.test(name);
}
