/**
 * What is wrong with a file or folder, in the words of a person.
 *
 * @module
 */

/**
 * Says what a system's error means for whoever wants to use a file or folder.
 *
 * @param use What was tried.
 */
export function fileProblem(
  error: unknown,
  use: "read" | "write" = "read",
): string {
  if (error instanceof Deno.errors.NotFound) {
    return "there is no such folder or file";
  }
  if (error instanceof Deno.errors.NotCapable) {
    return `this program was started without permission to ${use} it`;
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return use === "read" ? "it may not be read" : "it may not be written";
  }
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder";
  if (error instanceof Deno.errors.NotADirectory) {
    return "a part of its path is a file, not a folder";
  }
  // Deno adds which call failed at which path, and that may be for us alone.
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/ \(os error \d+\).*$/s, "");
}
