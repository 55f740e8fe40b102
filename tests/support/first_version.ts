/**
 * The programs of the first version, from the repository's history, as a test of
 * what they can still do.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";
import { type ProgramOptions, RunningProgram, TempFolder } from "./programs.ts";

const ROOT = fromFileUrl(new URL("../..", import.meta.url));
/** The last commit before songs of other kinds than WAV. */
const COMMIT = "52456d03925d47a95729967ed331a6b56d11a8db";

export class FirstVersion implements AsyncDisposable {
  readonly #folder: TempFolder;

  private constructor(folder: TempFolder) {
    this.#folder = folder;
  }

  /** Null: its commit or its packages are not on this machine. */
  static async find(): Promise<FirstVersion | null> {
    const folder = await TempFolder.make();
    const tar = folder.file("sources.tar");
    const archive = ["-C", ROOT, "archive", "--format=tar", "-o", tar, COMMIT];
    const isThere = await succeeds("git", archive) &&
      await succeeds("tar", ["-xf", tar, "-C", folder.path]) &&
      await succeeds(Deno.execPath(), words(folder, ["--version"]));
    if (isThere) return new FirstVersion(folder);
    await folder[Symbol.asyncDispose]();
    return null;
  }

  /** Starts its `ondacast`. */
  client(args: string[], options?: ProgramOptions): RunningProgram {
    const all = words(this.#folder, [...args, "--no-cache"]);
    return new RunningProgram(Deno.execPath(), all, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#folder[Symbol.asyncDispose]();
  }
}

function words(folder: TempFolder, args: string[]): string[] {
  const program = join(folder.path, "client.ts");
  return ["run", "-A", "--quiet", "--cached-only", program, ...args];
}

async function succeeds(program: string, args: string[]): Promise<boolean> {
  const command = new Deno.Command(program, {
    args,
    ...{ stdout: "null", stderr: "null" },
  });
  return await command.output().then((it) => it.success, () => false);
}
