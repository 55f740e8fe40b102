/**
 * ffmpeg and the folder of what it has decoded, both looked for when they are
 * first needed.
 *
 * @module
 */

import { join } from "@std/path/join";
import { systemClock } from "../clock/clock.ts";
import { Ffmpeg } from "../codecs/ffmpeg.ts";
import { DiskSpace } from "../disk/disk_space.ts";
import { KeptRenditions } from "./kept_renditions.ts";

export class FfmpegUse {
  readonly #dataPath: string | null;
  readonly #budgetBytes: number | null;
  readonly #minFreeBytes: number;
  #found: Promise<Ffmpeg | null> | null = null;
  #kept: Promise<KeptRenditions> | null = null;
  /** A folder that is removed at the end. */
  #temporary: string | null = null;

  /**
   * @param dataPath Where to keep; null: in a temporary folder.
   * @param budgetBytes Most bytes to keep; null: ffmpeg is not used.
   */
  constructor(
    dataPath: string | null,
    budgetBytes: number | null,
    minFreeBytes: number,
  ) {
    this.#dataPath = dataPath;
    this.#budgetBytes = budgetBytes;
    this.#minFreeBytes = minFreeBytes;
  }

  /** Null: ffmpeg is not there, or not wanted. */
  find(): Promise<Ffmpeg | null> {
    if (this.#budgetBytes === null) return Promise.resolve(null);
    return this.#found ??= Ffmpeg.find(systemClock);
  }

  /** ffmpeg and what it has decoded. */
  async both(): Promise<[Ffmpeg, KeptRenditions] | [null, null]> {
    const ffmpeg = await this.find();
    if (ffmpeg === null) return [null, null];
    return [ffmpeg, await (this.#kept ??= this.#openFolder())];
  }

  close(): void {
    if (this.#temporary === null) return;
    try {
      Deno.removeSync(this.#temporary, { recursive: true });
    } catch {
      // A file in it is still open, on a system that keeps it then.
    }
  }

  async #openFolder(): Promise<KeptRenditions> {
    const folder = this.#dataPath === null
      ? this.#temporary = await Deno.makeTempDir({ prefix: "ondacast-" })
      : join(this.#dataPath, "renditions");
    const space = new DiskSpace(this.#minFreeBytes);
    return await KeptRenditions.open(folder, this.#budgetBytes!, space);
  }
}
