/**
 * All error codes of Ondacast. A code goes over the wire and into logs, and
 * determines a program's exit code.
 *
 * @module
 */

interface CodeMeaning {
  /** The connection is closed after this error was sent. */
  fatal?: true;
  /** Shown only on the machine where it occurred, never sent to a peer. */
  local?: true;
  /** The exit code of a program that fails with it; 1 by default. */
  exit?: number;
}

/** What each error code means for the connection and for the exit code. */
export const ERROR_CODES = {
  "bad-frame": { fatal: true },
  "bad-message": { fatal: true },
  "unknown-type": { fatal: true },
  version: { fatal: true },
  unauthorized: { fatal: true },
  busy: { fatal: true },
  timeout: { fatal: true },
  replaced: { fatal: true },
  "not-found": {},
  ambiguous: {},
  "bad-name": {},
  exists: {},
  "read-only": {},
  changed: {},
  stale: {},
  "too-large": {},
  "not-wav": {},
  unsupported: {},
  "bad-hash": {},
  "no-space": {},
  "not-receiving": {},
  internal: {},
  lost: {},
  usage: { local: true, exit: 2 },
  interrupted: { local: true, exit: 130 },
  unreachable: { local: true },
  "bad-certificate": { local: true },
  "tls-mismatch": { local: true },
  "not-ondacast": { local: true },
  "port-in-use": { local: true },
  "cannot-listen": { local: true },
  "bad-folder": { local: true },
  "bad-file": { local: true },
  "no-songs": { local: true },
  "no-player": { local: true },
  "player-failed": { local: true },
  "output-failed": { local: true },
  "service-failed": { local: true },
  "source-failed": { local: true },
  "too-old": { local: true },
} as const satisfies Record<string, CodeMeaning>;

/** A code of {@linkcode ERROR_CODES}. */
export type ErrorCode = keyof typeof ERROR_CODES;

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
    this.fatal = options.fatal ?? meaning(code).fatal ?? false;
  }

  /** The exit code of a program that fails with it. */
  get exitCode(): number {
    return meaning(this.code).exit ?? 1;
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

function meaning(code: string): CodeMeaning {
  return (ERROR_CODES as Record<string, CodeMeaning>)[code] ?? {};
}

/** A read that nobody waits for any longer, and that was therefore not done. */
export class AbandonedError extends Error {
  override name = "AbandonedError";

  constructor() {
    super("Cannot read the song: nobody waits for it any longer");
  }
}
