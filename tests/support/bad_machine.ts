/**
 * A machine that fails on order: its disk does not read, is full, does not
 * sync, and its wall clock jumps. For programs that tests start; Linux alone.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { hasProgram, TempFolder } from "./programs.ts";

/** For tests that need it: where it cannot be built, they are skipped. */
export const needsBadMachine = {
  ignore: Deno.build.os !== "linux" || !hasProgram("gcc"),
};

/** Errors of Linux (errno.h). */
export const ERRNO = { EIO: 5, ENOSPC: 28 } as const;

/** What goes wrong; what is left out works. */
export interface Orders {
  read?: number;
  write?: number;
  sync?: number;
  /** Seconds that the wall clock is ahead of the true time, or behind. */
  aheadSeconds?: number;
}

/** The failures of one program. */
export class BadMachine implements AsyncDisposable {
  /** To be given to the program. */
  readonly env: Record<string, string>;
  readonly #folder: TempFolder;
  readonly #orders: Deno.FsFile;

  private constructor(folder: TempFolder, below: string) {
    this.#folder = folder;
    const orders = folder.file("orders");
    this.#orders = Deno.openSync(orders, { create: true, write: true });
    this.env = {
      LD_PRELOAD: folder.file("bad_machine.so"),
      ONDACAST_BAD_MACHINE: orders,
      ONDACAST_BAD_FOLDER: below,
    };
    this.set({});
  }

  /** @param below The folder whose files fail. */
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

  /** From now on these go wrong, and no others. */
  set(orders: Orders): void {
    const view = new DataView(new ArrayBuffer(32));
    const { read = 0, write = 0, sync = 0, aheadSeconds = 0 } = orders;
    [read, write, sync].forEach((error, i) =>
      view.setInt32(4 * i, error, true)
    );
    view.setBigInt64(16, BigInt(aheadSeconds), true);
    this.#orders.seekSync(0, Deno.SeekMode.Start);
    this.#orders.writeSync(new Uint8Array(view.buffer));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#orders.close();
    await this.#folder[Symbol.asyncDispose]();
  }
}
