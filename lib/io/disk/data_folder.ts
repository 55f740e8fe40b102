/**
 * The folder for persistent data, such as keys.
 *
 * @module
 */

import { OndacastError } from "../../errors.ts";

/**
 * The conventional folder for a user's application data.
 *
 * @param os As in `Deno.build.os`.
 * @param env Reads an environment variable.
 * @param instead Advice for the user if the environment does not determine it.
 * @throws {OndacastError} `bad-folder`, if the environment does not determine it.
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
    // "XDG Base Directory Specification": relative paths are ignored.
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
    `Cannot determine the data folder: ${
      os === "windows" ? "APPDATA" : "HOME"
    } is not set. ${instead}`,
  );
}

/**
 * The folder for a server's data: the first of `STATE_DIRECTORY`, which systemd
 * sets for services (systemd.exec(5)), else {@linkcode defaultDataFolder}.
 *
 * @throws {OndacastError} `bad-folder`, if the environment does not determine it.
 */
export function defaultStateFolder(
  os: string,
  env: (name: string) => string | undefined,
  instead: string,
): string {
  const given = env("STATE_DIRECTORY")?.split(os === "windows" ? ";" : ":")[0];
  return given || defaultDataFolder(os, env, instead);
}

/** {@linkcode defaultStateFolder} for this program. */
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

/** {@linkcode dataFolder}; null if the environment does not determine it. */
export function dataFolderIfAny(): string | null {
  try {
    return dataFolder("");
  } catch {
    return null;
  }
}
