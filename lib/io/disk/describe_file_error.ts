/**
 * Describes errors of files and folders to users.
 *
 * @module
 */

import { errorText, OndacastError } from "../../errors.ts";

/**
 * Describes a system error about a file or folder, without its path.
 *
 * @param use The attempted operation.
 */
export function describeFileError(
  error: unknown,
  use: "read" | "write" = "read",
): string {
  const { code } = (error ?? {}) as { code?: unknown };
  if (error instanceof Deno.errors.NotFound || code === "ENOENT") {
    return "no such file or folder";
  }
  if (error instanceof Deno.errors.NotCapable) {
    return `this program was started without permission to ${use} it`;
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return use === "read"
      ? "no permission to read it"
      : "no permission to write to it";
  }
  if (isDiskFull(error)) return "the disk is full";
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder";
  if (error instanceof Deno.errors.NotADirectory) {
    return "a part of its path is a file, not a folder";
  }
  // Which call failed at which path may be for us alone: Deno and Node add it.
  const text = errorText(error);
  const node = /^E[A-Z0-9]+: ([^,]*), /.exec(text)?.[1];
  return node ?? text.replace(/ \(os error \d+\).*$/s, "");
}

/**
 * The error of a song or picture that cannot be opened.
 *
 * @param cause The system's error; an `OndacastError` is returned as it is.
 */
export function cannotOpen(name: string, cause: unknown): OndacastError {
  if (cause instanceof OndacastError) return cause;
  return new OndacastError(
    cause instanceof Deno.errors.NotFound ? "not-found" : "internal",
    `Cannot open ${name}: ${describeFileError(cause)}`,
    { cause },
  );
}

/** Whether a write failed for want of space, in a file or a database. */
export function isDiskFull(error: unknown): boolean {
  const { code, message } = (error ?? {}) as Record<string, unknown>;
  return code === "ENOSPC" || code === "EDQUOT" ||
    message === "database or disk is full"; // SQLite
}
