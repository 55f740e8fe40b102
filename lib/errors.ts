/**
 * All error codes of Ondacast. A code goes over the wire and into logs, and
 * determines a program's exit code.
 *
 * @module
 */

/** The codes of errors after which the connection is closed. */
export const FATAL_CODES = [
  "bad-frame",
  "bad-message",
  "unknown-type",
  "version",
  "unauthorized",
  "busy",
  "timeout",
  "replaced",
] as const;

/** The codes of errors after which it stays open. */
export const MILD_CODES = [
  "not-found",
  "ambiguous",
  "bad-name",
  "exists",
  "read-only",
  "changed",
  "stale",
  "too-large",
  "not-wav",
  "unsupported",
  "bad-hash",
  "no-space",
  "not-receiving",
  "internal",
  "lost",
] as const;

/**
 * The codes of errors that are shown only on the machine where they occurred,
 * and are never sent to a peer.
 */
export const LOCAL_CODES = [
  "usage",
  "interrupted",
  "unreachable",
  "bad-certificate",
  "tls-mismatch",
  "not-ondacast",
  "port-in-use",
  "cannot-listen",
  "bad-folder",
  "bad-file",
  "no-songs",
  "no-player",
  "player-failed",
  "output-failed",
  "service-failed",
  "source-failed",
  "too-old",
] as const;

/** A code of an error. */
export type ErrorCode =
  | typeof FATAL_CODES[number]
  | typeof MILD_CODES[number]
  | typeof LOCAL_CODES[number];

/**
 * An error to report to a user or a peer, with a code for programs.
 *
 * @example A song that is not there
 * ```ts
 * import { OndacastError } from "./errors.ts";
 * import assert from "node:assert/strict";
 *
 * const error = new OndacastError("not-found", "Cannot play x.wav: no such song");
 * assert.equal(error.code, "not-found");
 * assert.equal(error.fatal, false);
 * ```
 */
export class OndacastError extends Error {
  override name = "OndacastError";
  /** A newer peer may send codes that are unknown here. */
  readonly code: string;
  /** Whether the connection is closed after it. */
  readonly fatal: boolean;

  constructor(
    code: ErrorCode,
    message: string,
    options: ErrorOptions & { fatal?: boolean } = {},
  ) {
    super(message, options);
    this.code = code;
    this.fatal = options.fatal ??
      (FATAL_CODES as readonly string[]).includes(code);
  }
}

/**
 * The reason in a message, for a sentence about something else. A message without
 * one is returned whole.
 *
 * @example
 * ```ts
 * import { reasonIn } from "./errors.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(reasonIn("Cannot decode the song: it is Speex"), "it is Speex");
 * assert.equal(reasonIn("too large"), "too large");
 * ```
 */
export function reasonIn(message: string): string {
  return message.replace(/^Cannot [^:"]*: /, "");
}

/** Limits of a peer's code and message, in UTF-16 code units. */
const MAX_PEER_CODE = 64;
const MAX_PEER_TEXT = 1_024;

/**
 * An error received from the peer. Its code is cut to 64 UTF-16 code units, its
 * message to 1,024; the peer decides whether it is fatal.
 */
export class PeerError extends OndacastError {
  override name = "PeerError";

  constructor(code: string, message: string, fatal: boolean) {
    super(
      code.slice(0, MAX_PEER_CODE) as ErrorCode,
      message.slice(0, MAX_PEER_TEXT),
      { fatal },
    );
  }
}

/** A malformed WAV file, with the byte offset of the problem. */
export class NotWavError extends OndacastError {
  override name = "NotWavError";
  /** Bytes from the start of the file. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super("not-wav", `${message} (at byte ${offset})`);
    this.offset = offset;
  }
}

/** A well-formed file of an unsupported kind, with the byte offset that shows it. */
export class UnsupportedWavError extends OndacastError {
  override name = "UnsupportedWavError";
  /** Bytes from the start of the file. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super("unsupported", `${message} (at byte ${offset})`);
    this.offset = offset;
  }
}

/**
 * Wraps a thrown value in an {@linkcode OndacastError}, with the value as its
 * cause. An `OndacastError` is returned unchanged.
 */
export function toOndacastError(
  thrown: unknown,
  code: ErrorCode = "internal",
): OndacastError {
  if (thrown instanceof OndacastError) return thrown;
  return new OndacastError(code, errorText(thrown), { cause: thrown });
}

/** The message of a thrown value, which need not be an `Error`. */
export function errorText(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** A read that nobody waits for any longer, and that was therefore not done. */
export class AbandonedError extends Error {
  override name = "AbandonedError";

  constructor() {
    super("Cannot read the song: nobody waits for it any longer");
  }
}
