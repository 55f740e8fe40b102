/**
 * The folder for what a program must not lose, such as keys.
 *
 * @module
 */

import { OndacastError } from "../../errors.ts";

/**
 * Where a user's programs keep their data by this system's custom.
 *
 * @param os As in `Deno.build.os`.
 * @param env Reads a variable of the environment.
 * @param instead What to do where the environment doesn't tell.
 * @throws {OndacastError} `bad-folder`, if it doesn't.
 */
export function defaultDataFolder(
  os: string,
  env: (name: string) => string | undefined,
  instead: string,
): string {
  if (os === "windows") {
    const roaming = env("APPDATA");
    if (roaming) return `${roaming}\\ondacast`;
  } else {
    // "XDG Base Directory Specification": a path that is not absolute is none.
    const xdg = env("XDG_DATA_HOME");
    if (xdg?.startsWith("/")) return `${xdg}/ondacast`;
    const home = env("HOME");
    if (home) {
      return os === "darwin"
        ? `${home}/Library/Application Support/ondacast`
        : `${home}/.local/share/ondacast`;
    }
  }
  throw new OndacastError(
    "bad-folder",
    `Cannot tell where data is kept: ${
      os === "windows" ? "APPDATA" : "HOME"
    } is not set. ${instead}`,
  );
}

/**
 * The folder of a server's data: the first of `STATE_DIRECTORY`, which systemd
 * sets for a service (systemd.exec(5)), else {@linkcode defaultDataFolder}.
 *
 * @throws {OndacastError} `bad-folder`, if the environment doesn't tell.
 */
export function defaultStateFolder(
  os: string,
  env: (name: string) => string | undefined,
  instead: string,
): string {
  const given = env("STATE_DIRECTORY")?.split(os === "windows" ? ";" : ":")[0];
  return given || defaultDataFolder(os, env, instead);
}

/** The same for this program. */
export function stateFolder(instead: string): string {
  return defaultStateFolder(
    Deno.build.os,
    (name) => Deno.env.get(name),
    instead,
  );
}

/** {@linkcode defaultDataFolder} for this program. */
export function dataFolder(instead: string): string {
  return defaultDataFolder(
    Deno.build.os,
    (name) => Deno.env.get(name),
    instead,
  );
}
