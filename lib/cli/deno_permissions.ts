/**
 * Says which of Deno's permissions a program needs and why, if it was started
 * from its source without them.
 *
 * @module
 */

import { printError } from "../io/console/standard_output.ts";

/** The programs, with the task that grants what they need. */
type Task = "ondacast" | "serve";

/** A permission, and what each program needs it for. */
const REASONS: Record<string, Record<Task, string>> = {
  "--allow-net": {
    ondacast: "connects to servers, and looks for them in the network",
    serve: "listens for clients, and announces itself in the network",
  },
  "--allow-read": {
    ondacast: "reads the cache, songs to upload, and certificates",
    serve: "reads the songs, and files that options name",
  },
  "--allow-write": {
    ondacast: "writes the cache, and the file of `--player file:PATH`",
    serve: "stores uploads and the index of the songs",
  },
  "--allow-env": {
    ondacast: "reads ONDACAST_SERVER and ONDACAST_TOKEN, finds user folders",
    serve: "reads ONDACAST_TOKEN, finds the data folder and ffmpeg",
  },
  "--allow-sys": {
    ondacast: "reads the name and the network interfaces of this machine",
    serve: "reads its name and network interfaces, and free disk space",
  },
  "--allow-run": {
    ondacast: "starts players, and the service manager for `install`",
    serve: "starts ffmpeg for songs that it cannot decode itself",
  },
};

/**
 * Whether a program may start at all. A permission that is missing later is
 * reported where it is needed, because not every command needs all of them.
 */
export function mayStart(): boolean {
  return Deno.permissions.querySync({ name: "env", variable: "ONDACAST_TOKEN" })
    .state === "granted";
}

/** Prints what the program of a task needs; returns the exit code. */
export function explainPermissions(task: Task): number {
  for (const line of permissionLines(task)) printError(line);
  return 2;
}

function permissionLines(task: Task): string[] {
  const rows = Object.entries(REASONS)
    .map(([flag, reasons]) => `  ${flag.padEnd(13)}  ${reasons[task]}`);
  return [
    "Cannot start without permissions. (usage) Deno grants them by these options:",
    ...rows,
    `\`deno task ${task}\` grants them as narrowly as possible; \`deno task\` lists all tasks.`,
  ];
}
