/**
 * The service managers: how each wants a service described, where, and the
 * commands that start and stop it.
 *
 * @module
 */

import { launchdLabel, launchdPlist } from "./launchd_plist.ts";
import { scheduledTask, taskName } from "./scheduled_task.ts";
import type { Role, Scope, Service } from "./service.ts";
import { systemdUnit, unitName } from "./systemd_unit.ts";

/** The folders and the user that decide where a service is described. */
export interface Places {
  /** Null: not known. */
  home: string | null;
  /** The user's folder of settings: XDG_CONFIG_HOME, or APPDATA. */
  config: string | null;
  uid: number | null;
}

/** A program with its arguments. */
export type CommandLine = readonly [string, ...string[]];

/** A service manager. */
export interface ServiceFormat {
  name: string;
  /** As in `Deno.build.os`. */
  os: string;
  /** The description of a service. */
  text(service: Service): string;
  /** The folder of descriptions; null: the places do not determine it. */
  folder(scope: Scope, places: Places): string | null;
  /** The name of a description's file. */
  file(role: Role): string;
  /** The folder of the tokens. */
  tokenFolder(scope: Scope, places: Places): string | null;
  /** Commands that start a service now and with the machine. */
  start(role: Role, scope: Scope, file: string, places: Places): CommandLine[];
  /** A command that has it run without a login; null: it does already. */
  lasting?(scope: Scope, places: Places): CommandLine | null;
  /** Commands that stop it, now and for the future. */
  stop(role: Role, scope: Scope, places: Places): CommandLine[];
  /** Commands after the file is removed. */
  removed(scope: Scope): CommandLine[];
  /** A command that succeeds while it runs. */
  isRunning(role: Role, scope: Scope, places: Places): CommandLine;
  /** Where packages put descriptions, and a command that succeeds if one is used. */
  packaged?: {
    folder(scope: Scope): string;
    isEnabled(role: Role, scope: Scope): CommandLine;
  };
  /** A sentence on where to see why a service ended. */
  whyEnded(role: Role, scope: Scope): string;
  /** Whether the file is UTF-16 and begins with a declaration of it. */
  isUtf16?: true;
}

const systemctl = (scope: Scope, ...words: string[]): CommandLine => [
  "systemctl",
  ...(scope === "user" ? ["--user"] : []),
  ...words,
];

const launchdDomain = (scope: Scope, { uid }: Places) =>
  scope === "user" ? `gui/${uid}` : "system";

const inside = (folder: string | null, rest: string) =>
  folder === null ? null : `${folder}${rest}`;

const RUN_BY_HAND = "Run its program with the same options to see why";

/** Every service manager. */
export const SERVICE_FORMATS: readonly ServiceFormat[] = [
  {
    name: "systemd",
    os: "linux",
    text: systemdUnit,
    folder: (scope, { config }) =>
      scope === "user"
        ? inside(config, "/systemd/user")
        : "/etc/systemd/system",
    file: (role) => `${unitName(role)}.service`,
    // As the specifier %E of the unit.
    tokenFolder: (scope, { config }) =>
      scope === "user" ? inside(config, "/ondacast") : "/etc/ondacast",
    start: (role, scope) => [
      systemctl(scope, "daemon-reload"),
      systemctl(scope, "enable", "--quiet", unitName(role)),
      systemctl(scope, "restart", unitName(role)),
    ],
    // A user's services otherwise start at login, and end with it.
    lasting: (scope, { uid }) =>
      scope === "user" ? ["loginctl", "enable-linger", String(uid)] : null,
    stop: (role, scope) => [
      systemctl(scope, "disable", "--quiet", "--now", unitName(role)),
    ],
    removed: (scope) => [systemctl(scope, "daemon-reload")],
    isRunning: (role, scope) =>
      systemctl(scope, "--quiet", "is-active", unitName(role)),
    packaged: {
      folder: (scope) =>
        scope === "user" ? "/usr/lib/systemd/user" : "/lib/systemd/system",
      isEnabled: (role, scope) =>
        systemctl(scope, "--quiet", "is-enabled", unitName(role)),
    },
    whyEnded: (role, scope) =>
      `\`journalctl ${scope === "user" ? "--user-unit" : "--unit"} ${
        unitName(role)
      }\` shows why`,
  },
  {
    name: "launchd",
    os: "darwin",
    text: launchdPlist,
    folder: (scope, { home }) =>
      scope === "user"
        ? inside(home, "/Library/LaunchAgents")
        : "/Library/LaunchDaemons",
    file: (role) => `${launchdLabel(role)}.plist`,
    tokenFolder: (scope, { home }) =>
      scope === "user"
        ? inside(home, "/Library/Application Support/ondacast")
        : "/Library/Application Support/ondacast",
    start: (_, scope, file, places) => [
      ["launchctl", "bootstrap", launchdDomain(scope, places), file],
    ],
    stop: (role, scope, places) => [[
      "launchctl",
      "bootout",
      `${launchdDomain(scope, places)}/${launchdLabel(role)}`,
    ]],
    removed: () => [],
    isRunning: (role, scope, places) => [
      "launchctl",
      "print",
      `${launchdDomain(scope, places)}/${launchdLabel(role)}`,
    ],
    whyEnded: () => RUN_BY_HAND,
  },
  {
    name: "task",
    os: "windows",
    text: scheduledTask,
    folder: (_, { config }) => inside(config, "\\ondacast"),
    file: (role) => `${role}.xml`,
    tokenFolder: (_, { config }) => inside(config, "\\ondacast"),
    start: (role, _, file) => [
      ["schtasks", "/Create", "/F", "/TN", taskName(role), "/XML", file],
      ["schtasks", "/Run", "/TN", taskName(role)],
    ],
    stop: (role) => [
      ["schtasks", "/End", "/TN", taskName(role)],
      ["schtasks", "/Delete", "/F", "/TN", taskName(role)],
    ],
    removed: () => [],
    isRunning: (role) => ["schtasks", "/Query", "/TN", taskName(role)],
    whyEnded: () => RUN_BY_HAND,
    isUtf16: true,
  },
];
