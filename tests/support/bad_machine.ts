/**
 * Fault injection for programs that tests start: reads fail, the disk is full
 * or does not sync, the wall clock jumps. Linux only.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { hasProgram, TempFolder } from "./programs.ts";

/** Options of tests that need it: they are skipped if it cannot be built. */
export const needsBadMachine = {
  ignore: Deno.build.os !== "linux" || !hasProgram("gcc"),
};

/** Errors of Linux (errno.h). */
export const ERRNO = { EIO: 5, ENOSPC: 28 } as const;

/** The faults to inject; those left out do not occur. */
export interface Faults {
  read?: number;
  write?: number;
  sync?: number;
  /** The offset of the wall clock in seconds. */
  aheadSeconds?: number;
}

/** The faults of one program. */
export class BadMachine implements AsyncDisposable {
  /** The environment for the program. */
  readonly env: Record<string, string>;
  readonly #folder: TempFolder;
  readonly #faults: Deno.FsFile;

  private constructor(folder: TempFolder, below: string) {
    this.#folder = folder;
    const faults = folder.file("faults");
    this.#faults = Deno.openSync(faults, { create: true, write: true });
    this.env = {
      LD_PRELOAD: folder.file("bad_machine.so"),
      ONDACAST_BAD_MACHINE: faults,
      ONDACAST_BAD_FOLDER: below,
    };
    this.set({});
  }

  /** @param below The folder whose files are affected. */
  static async make(below: string): Promise<BadMachine> {
    const folder = await TempFolder.make();
    const { success, stderr } = await new Deno.Command("gcc", {
      args: [
        ..."-O1 -shared -fPIC -o".split(" "),
        folder.file("bad_machine.so"),
        fromFileUrl(new URL("bad_machine.c", import.meta.url)),
        "-ldl",
      ],
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return new BadMachine(folder, await Deno.realPath(below));
  }

  /** Replaces the injected faults. */
  set(faults: Faults): void {
    const view = new DataView(new ArrayBuffer(32));
    const { read = 0, write = 0, sync = 0, aheadSeconds = 0 } = faults;
    [read, write, sync].forEach((error, i) =>
      view.setInt32(4 * i, error, true)
    );
    view.setBigInt64(16, BigInt(aheadSeconds), true);
    this.#faults.seekSync(0, Deno.SeekMode.Start);
    this.#faults.writeSync(new Uint8Array(view.buffer));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#faults.close();
    await this.#folder[Symbol.asyncDispose]();
  }
}
