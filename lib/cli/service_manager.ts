/**
 * The service manager of this machine: its files, and its commands.
 *
 * @module
 */

import { dirname } from "@std/path/dirname";
import { join } from "@std/path/join";
import { OndacastError } from "../errors.ts";
import { describeFileError } from "../io/disk/describe_file_error.ts";
import { writePrivateFile } from "../io/disk/private_file.ts";
import {
  type CommandLine,
  type Places,
  SERVICE_FORMATS,
  type ServiceFormat,
} from "./service/formats.ts";
import { type Role, type Scope, SCOPES } from "./service/service.ts";

/** The service manager of this system. @throws {OndacastError} `usage`: none. */
export function serviceFormat(
  name: string | undefined,
  os: string = Deno.build.os,
): ServiceFormat {
  const format = SERVICE_FORMATS.find((format) =>
    name === undefined ? format.os === os : format.name === name
  );
  if (format) return format;
  throw new OndacastError(
    "usage",
    `Cannot install services on ${os}: expected Linux, macOS or Windows (--kind with --print writes their files)`,
  );
}

/** Where services of this user are described. */
export function servicePlaces(os: string = Deno.build.os): Places {
  const home = Deno.env.get("HOME") || null;
  const xdg = Deno.env.get("XDG_CONFIG_HOME");
  const config = os === "windows"
    ? Deno.env.get("APPDATA") || null
    // "XDG Base Directory Specification": relative paths are ignored.
    : xdg?.startsWith("/")
    ? xdg
    : home && `${home}/.config`;
  return { home, config, uid: Deno.uid() };
}

/** The file of a service, or its token's. @throws {OndacastError} `bad-folder`. */
export function fileIn(folder: string | null, name: string): string {
  if (folder !== null) return join(folder, name);
  throw new OndacastError(
    "bad-folder",
    "Cannot determine the folder of the user's services: HOME (on Windows APPDATA) is not set",
  );
}

/**
 * Checks that systemd runs here (sd_booted(3)), before anything is written.
 *
 * @throws {OndacastError} `service-failed`.
 */
export async function requireManager({ name }: ServiceFormat): Promise<void> {
  if (name !== "systemd" || await exists("/run/systemd/system")) return;
  throw new OndacastError(
    "service-failed",
    "Cannot install: this system was not started by systemd. `--print` shows the unit, for another machine",
  );
}

/** Whether a user has a sound server: PulseAudio or PipeWire. */
export async function hasSoundServer(): Promise<boolean> {
  const folder = Deno.env.get("XDG_RUNTIME_DIR");
  if (!folder) return false;
  return await exists(`${folder}/pulse/native`) ||
    await exists(`${folder}/pipewire-0`);
}

/** Where a service is installed; null: it is not. */
export async function installedScope(
  format: ServiceFormat,
  role: Role,
  places: Places,
): Promise<Scope | null> {
  for (const scope of SCOPES) {
    const folder = format.folder(scope, places);
    if (folder !== null && await exists(join(folder, format.file(role)))) {
      return scope;
    }
  }
  return null;
}

/** A description of a service. */
interface Description {
  scope: Scope;
  file: string;
  /** Whether it belongs to a package, with which it comes and goes. */
  isPackaged: boolean;
}

/** The description that is in use: what `install` wrote, else a package's. */
export async function usedDescription(
  format: ServiceFormat,
  role: Role,
  places: Places,
): Promise<Description | null> {
  const name = format.file(role);
  const scope = await installedScope(format, role, places);
  if (scope !== null) {
    const file = fileIn(format.folder(scope, places), name);
    return { scope, file, isPackaged: false };
  }
  const { packaged } = format;
  for (const scope of packaged ? SCOPES : []) {
    const file = join(packaged!.folder(scope), name);
    const isUsed = await exists(file) &&
      await succeeds(packaged!.isEnabled(role, scope));
    if (isUsed) return { scope, file, isPackaged: true };
  }
  return null;
}

/** Writes the description of a service, as its manager reads it. */
export async function writeDescription(
  { isUtf16 }: ServiceFormat,
  file: string,
  text: string,
): Promise<void> {
  await writing(file, async () => {
    await Deno.mkdir(dirname(file), { recursive: true });
    await Deno.writeFile(
      file,
      isUtf16
        ? utf16(`<?xml version="1.0" encoding="UTF-16"?>\n${text}`)
        : new TextEncoder().encode(text),
      { mode: 0o644 },
    );
  });
}

/** Writes a token into a file that only its owner can read. */
export async function writeToken(file: string, token: string): Promise<void> {
  await writing(file, () => writePrivateFile(file, `${token}\n`));
}

async function writing(
  file: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (cause) {
    throw new OndacastError(
      "service-failed",
      `Cannot write ${file}: ${describeFileError(cause, "write")}`,
      { cause },
    );
  }
}

/** UTF-16, little-endian, with a byte order mark. */
function utf16(text: string): Uint8Array {
  const bytes = new Uint8Array(2 * (text.length + 1));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xfeff, true);
  for (let i = 0; i < text.length; i++) {
    view.setUint16(2 * (i + 1), text.charCodeAt(i), true);
  }
  return bytes;
}

/**
 * Runs a command of the manager.
 *
 * @throws {OndacastError} `service-failed`, with what it printed.
 */
export async function runCommand(command: CommandLine): Promise<void> {
  const { success, text } = await outputOf(command);
  if (success) return;
  throw new OndacastError(
    "service-failed",
    `Cannot run \`${command.join(" ")}\`: ${text || "it failed"}`,
  );
}

/** Whether a command succeeds. */
export async function succeeds(command: CommandLine): Promise<boolean> {
  return (await outputOf(command)).success;
}

async function outputOf([program, ...args]: CommandLine) {
  try {
    const { success, stdout, stderr } = await new Deno.Command(program, {
      args,
      // The current folder may be closed to this user: `sudo -u ann …`.
      cwd: "/",
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).output();
    const text = new TextDecoder().decode(stderr.length > 0 ? stderr : stdout);
    return { success, text: text.trim() };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return { success: false, text: `${program} is not installed` };
  }
}

/** Removes a file; false: there was none. */
export async function removeIfThere(file: string): Promise<boolean> {
  try {
    await Deno.remove(file);
    return true;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return false;
    throw new OndacastError(
      "service-failed",
      `Cannot remove ${file}: ${describeFileError(cause, "write")}`,
      { cause },
    );
  }
}

export async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}
