/**
 * What is wrong with a file or folder, in the words of a person.
 *
 * @module
 */

/** Says what a system's error means for who wants to use a file or folder. */
export function fileProblem(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) {
    return "there is no such folder or file";
  }
  if (error instanceof Deno.errors.NotCapable) {
    return "this program was started without permission to read it";
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return "it may not be read";
  }
  // Deno adds which call failed at which path, and that may be for us alone.
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/ \(os error \d+\).*$/s, "");
}
