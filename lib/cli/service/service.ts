/**
 * A program as a service of the system: started with the machine, restarted when
 * it fails. The formats beside this file describe it to systemd, launchd and the
 * Task Scheduler.
 *
 * @module
 */

import { OndacastError } from "../../errors.ts";
import { isUnsafeText } from "../../safe_text.ts";

/** The programs that can be services. */
export const ROLES = ["receive", "server"] as const;
export type Role = typeof ROLES[number];

/** Whose service it is: of one user, with that user's rights, or of the system. */
export const SCOPES = ["user", "system"] as const;
export type Scope = typeof SCOPES[number];

/** An option of the program. */
export interface ServiceOption {
  /** `--music`. */
  flag: string;
  /** Null: it takes none. */
  value: string | null;
  /** Whether the value is the absolute path of a file or folder. */
  isPath: boolean;
}

/** What is installed. */
export interface Service {
  role: Role;
  scope: Scope;
  /** The program, by its absolute path, and the arguments before the options. */
  command: readonly string[];
  /** Files and folders that the program consists of, by absolute paths. */
  parts: readonly string[];
  options: readonly ServiceOption[];
  /** The file of the token, by its absolute path; null: no token. */
  tokenFile: string | null;
}

/** What the system shows for a role. */
export const DESCRIPTIONS: Record<Role, string> = {
  receive: "Ondacast receiver",
  server: "Ondacast server",
};

/** The value of an option; undefined: it is not given. */
export function valueOf(
  { options }: Pick<Service, "options">,
  flag: string,
): string | null | undefined {
  return options.find((option) => option.flag === flag)?.value;
}

/** An option as one argument, so that no value is taken for an option. */
export function wordOf({ flag, value }: ServiceOption): string {
  return value === null ? flag : `${flag}=${value}`;
}

/** The whole command line, with the token's file where one is. */
export function wordsOf({ command, options, tokenFile }: Service): string[] {
  return [
    ...command,
    ...options.map(wordOf),
    ...(tokenFile === null ? [] : [`--token-file=${tokenFile}`]),
  ];
}

/**
 * Refuses what no format can carry, or shows as something else: line breaks and
 * other characters without a glyph.
 *
 * @throws {OndacastError} `usage`.
 */
export function checkService(service: Service): void {
  const bad = wordsOf(service)
    // XML has no U+FFFE and U+FFFF (XML 1.0, section 2.2).
    .find((word) => isUnsafeText(word) || /[\ufffe\uffff]/.test(word));
  if (bad === undefined) return;
  throw new OndacastError(
    "usage",
    `Cannot install ${
      JSON.stringify(bad)
    }: expected no line breaks, control or invisible characters`,
  );
}
