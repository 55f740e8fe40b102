/**
 * How the programs are started here: the compiled ones, or their sources by Deno.
 *
 * @module
 */

import { dirname } from "@std/path/dirname";
import { extname } from "@std/path/extname";
import { fromFileUrl } from "@std/path/from-file-url";
import { join } from "@std/path/join";
import config from "../../deno.json" with { type: "json" };
import { OndacastError } from "../errors.ts";
import type { Role } from "./service/service.ts";
import { exists } from "./service_manager.ts";

/** A program, and the files that it consists of. */
export interface OwnProgram {
  /** The program with its command; options follow. */
  command: string[];
  parts: string[];
}

interface Program {
  binary: string;
  source: string;
  task: string;
  /** What makes it serve in the role. */
  words: string[];
}

const PROGRAMS: Record<Role, Program> = {
  receive: {
    binary: "ondacast",
    source: "client.ts",
    task: config.tasks.ondacast,
    words: ["receive"],
  },
  server: {
    binary: "ondacast-server",
    source: "server.ts",
    task: config.tasks.serve,
    words: [],
  },
};

/**
 * The program of a role. The compiled server is looked for beside this program.
 *
 * @throws {OndacastError} `service-failed`, if it is not there.
 */
export async function ownProgram(role: Role): Promise<OwnProgram> {
  const { binary, source, task, words } = PROGRAMS[role];
  const program = Deno.execPath();
  if (!Deno.build.standalone) {
    const folder = fromFileUrl(new URL("../..", import.meta.url));
    return {
      command: [
        program,
        "run",
        ...taskFlags(task, folder),
        join(folder, source),
        ...words,
      ],
      parts: [program, join(folder, ".")],
    };
  }
  const path = role === "receive"
    ? program
    : join(dirname(program), `${binary}${extname(program)}`);
  if (await exists(path)) {
    return { command: [path, ...words], parts: [path] };
  }
  throw new OndacastError(
    "service-failed",
    `Cannot install the server: ${path} is missing. Put ${binary} beside this program`,
  );
}

/** The flags by which a task runs a program, for any working folder. */
export function taskFlags(task: string, folder: string): string[] {
  return task.split(" ").filter((word) => word.startsWith("--"))
    .map((word) =>
      word.replace(/^--lock=(.*)/, (_, path) => `--lock=${join(folder, path)}`)
    );
}
