/**
 * `ondacast install` and `uninstall`: has the system run a receiver or
 * a server from its start on.
 *
 * @module
 */

import type { Command } from "@commander-js/extra-typings";
import { resolve } from "@std/path/resolve";
import { OndacastError } from "../errors.ts";
import { printError, printText } from "../io/console/standard_output.ts";
import type { ClientContext } from "./client_context.ts";
import { givenOptions } from "./given_options.ts";
import { givenName } from "./own_name.ts";
import { ownProgram } from "./own_programs.ts";
import { serverCommand } from "./server_options.ts";
import type { CommandLine, Places, ServiceFormat } from "./service/formats.ts";
import {
  checkService,
  type Role,
  ROLES,
  type Scope,
  type Service,
  valueOf,
} from "./service/service.ts";
import {
  fileIn,
  hasSoundServer,
  installedScope,
  removeIfThere,
  requireManager,
  runCommand,
  serviceFormat,
  servicePlaces,
  succeeds,
  usedDescription,
  writeDescription,
  writeToken,
} from "./service_manager.ts";
import { shown } from "./shown.ts";
import { readTokenFile } from "./token_file.ts";

/** How long a started service is watched; most errors end it by then. */
const WATCHED_MS = 3000;
const LOOK_EVERY_MS = 250;

/** The options of `install` itself. */
export interface InstallOptions {
  print?: boolean;
  kind?: string;
  user?: boolean;
  system?: boolean;
}

/**
 * Installs a service, in the place of an earlier one, and starts it.
 *
 * @param words The options of the service's program.
 * @param clientCommand Makes the table of the client's commands.
 */
export async function installCommand(
  context: ClientContext,
  role: Role,
  words: readonly string[],
  options: InstallOptions,
  clientCommand: () => Command,
): Promise<void> {
  const format = serviceFormat(options.kind);
  if (options.kind !== undefined && !options.print) {
    throw new OndacastError("usage", "Cannot use --kind without --print");
  }
  const places = servicePlaces();
  const given = role === "receive"
    ? givenOptions(clientCommand(), ["receive", ...words])
    : givenOptions(serverCommand() as unknown as Command, words);
  const token = given.tokenFile === null
    ? given.token
    : await readTokenFile(resolve(given.tokenFile));
  const scope = options.user
    ? "user"
    : options.system
    ? "system"
    : await chosenScope(role, format, places.uid);
  const tokenFile = token === null
    ? null
    : fileIn(format.tokenFolder(scope, places), `${role}.token`);
  const program = await ownProgram(role);
  const service = { role, scope, ...program, ...given, tokenFile };
  const name = valueOf(service, "--name");
  if (name) givenName(name);
  checkService(service);
  const text = format.text(service);
  if (options.print) return printService(service, text);
  await requireManager(format);
  requireRights(scope, places.uid, role, "install");
  const file = fileIn(format.folder(scope, places), format.file(role));
  const before = await installedScope(format, role, places);
  if (before !== null) {
    if (before !== scope) throw otherScope(role, before);
    await succeeds(format.stop(role, scope, places)[0]);
  }
  if (tokenFile !== null) await writeToken(tokenFile, token!);
  await writeDescription(format, file, text);
  for (const command of format.start(role, scope, file, places)) {
    await runCommand(command);
  }
  await checkStarted(context, format, role, scope, places);
  await makeLasting(format.lasting?.(scope, places) ?? null);
  context.say(
    `${
      before === null ? "Installed" : "Replaced"
    } and started: ${file}. \`ondacast status\` shows it, \`ondacast uninstall ${role}\` removes it.`,
  );
}

/**
 * Sound belongs to the user whose sound server plays it. Everything else belongs
 * to the system, if the user may install there.
 */
async function chosenScope(
  role: Role,
  { os }: ServiceFormat,
  uid: number | null,
): Promise<Scope> {
  if (os !== "linux") return uid === 0 ? "system" : "user";
  if (role === "receive") return await hasSoundServer() ? "user" : "system";
  return uid === 0 ? "system" : "user";
}

function requireRights(
  scope: Scope,
  uid: number | null,
  role: Role,
  word: "install" | "uninstall",
): void {
  if (scope === "user" || uid === 0 || uid === null) return;
  const other = word === "install"
    ? ", or install it for this user with --user"
    : "";
  throw new OndacastError(
    "usage",
    `Cannot ${word} a service of the system as a user: run \`sudo ondacast ${word} ${role}\`${other}`,
  );
}

function otherScope(role: Role, scope: Scope): OndacastError {
  return new OndacastError(
    "usage",
    `Cannot install: it is installed already, as a ${scope} service. \`ondacast uninstall ${role}\` removes that one`,
  );
}

/** @throws {OndacastError} `service-failed`, if the service ends at once. */
async function checkStarted(
  { clock }: ClientContext,
  format: ServiceFormat,
  role: Role,
  scope: Scope,
  places: Places,
): Promise<void> {
  for (let ms = 0; ms < WATCHED_MS; ms += LOOK_EVERY_MS) {
    await clock.sleep(LOOK_EVERY_MS);
    if (await succeeds(format.isRunning(role, scope, places))) continue;
    throw new OndacastError(
      "service-failed",
      `Cannot keep the service running: it ended at once. ${
        format.whyEnded(role, scope)
      }`,
    );
  }
}

/** @throws {OndacastError} `service-failed`, with what to do instead. */
async function makeLasting(command: CommandLine | null): Promise<void> {
  if (command === null || await succeeds(command)) return;
  throw new OndacastError(
    "service-failed",
    `Cannot have it start with the machine, only at login, although it is installed and runs: this user may not. \`sudo ${
      command.join(" ")
    }\` does it`,
  );
}

/** The file alone on stdout, and the rest that belongs to it on stderr. */
function printService(service: Service, text: string): void {
  printText(text);
  if (service.tokenFile !== null) {
    printError(
      shown(
        `note: the token belongs into ${service.tokenFile}, with mode 0600; \`ondacast install\` without --print writes it there`,
      ),
    );
  }
}

/** Removes services, or stops those of a package for good; their data stay. */
export async function uninstallCommand(
  context: Pick<ClientContext, "say">,
  role: Role | undefined,
  format = serviceFormat(undefined),
  places = servicePlaces(),
): Promise<void> {
  let removed = 0;
  for (const each of role === undefined ? ROLES : [role]) {
    const used = await usedDescription(format, each, places);
    if (used === null) continue;
    const { scope, file, isPackaged } = used;
    requireRights(scope, places.uid, each, "uninstall");
    for (const command of format.stop(each, scope, places)) {
      await succeeds(command);
    }
    if (!isPackaged) {
      await removeIfThere(file);
      await removeIfThere(
        fileIn(format.tokenFolder(scope, places), `${each}.token`),
      );
    }
    for (const command of format.removed(scope)) await succeeds(command);
    removed++;
    const what = isPackaged
      ? `Stopped ${file} for good; the file goes with its package`
      : `Removed ${file}`;
    context.say(
      `${what}. ${
        scope === "system" && format.os === "linux"
          ? `Its data stay in /var/lib/ondacast-${each} and /var/cache/ondacast-${each}.`
          : "Its data stay in the data folder of its user."
      }`,
    );
  }
  if (removed === 0) context.say("Nothing is installed.");
}
