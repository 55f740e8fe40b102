/**
 * Every error of Ondacast and the code it carries, in one place. A code is
 * what goes over the wire, into logs and behind a program's exit.
 *
 * @module
 */

interface CodeMeaning {
  /** The connection is closed after this error was told. */
  fatal?: true;
  /** Only said on the machine where it happened, never sent to a peer. */
  local?: true;
  /** The exit code of a program that ends with it; 1 where it is left out. */
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
  usage: { local: true, exit: 2 },
  interrupted: { local: true, exit: 130 },
  unreachable: { local: true },
  lost: { local: true },
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
} as const satisfies Record<string, CodeMeaning>;

/** A code of {@linkcode ERROR_CODES}. */
export type ErrorCode = keyof typeof ERROR_CODES;

/**
 * An error that somebody is told about, by its code.
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
  /** What happened, for programs. A newer peer may send codes not known here. */
  readonly code: string;
  /** Whether the connection ends with it. */
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

  /** The exit code of a program that ends with it. */
  get exitCode(): number {
    return meaning(this.code).exit ?? 1;
  }
}

/** What is kept of a peer's code and words, in UTF-16 code units. */
const MAX_PEER_CODE = 64;
const MAX_PEER_WORDS = 1_024;

/**
 * An error that the peer told us, with its code and its own word on whether it
 * is fatal; cut to 64 and 1,024 UTF-16 code units.
 */
export class PeerError extends OndacastError {
  override name = "PeerError";

  constructor(code: string, message: string, fatal: boolean) {
    super(
      code.slice(0, MAX_PEER_CODE) as ErrorCode,
      message.slice(0, MAX_PEER_WORDS),
      { fatal },
    );
  }
}

/**
 * A file that is not a well-formed WAV file, with the byte offset at which
 * that shows.
 */
export class NotWavError extends OndacastError {
  override name = "NotWavError";
  /** Bytes from the start of the file. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super("not-wav", `${message} (at byte ${offset})`);
    this.offset = offset;
  }
}

/**
 * A well-formed file of a kind that Ondacast does not play, by its name, with
 * the byte offset at which that shows.
 */
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
 * Makes an {@linkcode OndacastError} of whatever was thrown, keeping it as
 * the cause. What is one already is returned as it is.
 */
export function toOndacastError(
  thrown: unknown,
  code: ErrorCode = "internal",
): OndacastError {
  if (thrown instanceof OndacastError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new OndacastError(code, message, { cause: thrown });
}

function meaning(code: string): CodeMeaning {
  return (ERROR_CODES as Record<string, CodeMeaning>)[code] ?? {};
}

/** What to look at where something else than Ondacast answers. */
export const RIGHT_PORT =
  "Is it the right port? Ondacast has 4040 for sessions and 4041 for the plain stream, unless its server says others";
