/**
 * What is wrong with a file or folder, in the words of a person.
 *
 * @module
 */

import { errorText } from "../../errors.ts";

/**
 * Says what a system's error means for whoever wants to use a file or folder.
 *
 * @param use What was tried.
 */
export function describeFileError(
  error: unknown,
  use: "read" | "write" = "read",
): string {
  const { code } = (error ?? {}) as { code?: unknown };
  if (error instanceof Deno.errors.NotFound || code === "ENOENT") {
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
  // Which call failed at which path may be for us alone: Deno and Node add it.
  const text = errorText(error);
  const node = /^E[A-Z0-9]+: ([^,]*), /.exec(text)?.[1];
  return node ?? text.replace(/ \(os error \d+\).*$/s, "");
}
