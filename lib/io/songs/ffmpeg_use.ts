/**
 * Finds ffmpeg and opens the folder of its decoded songs, both when first needed.
 *
 * @module
 */

import { join } from "@std/path/join";
import { systemClock } from "../clock/clock.ts";
import { Ffmpeg } from "../codecs/ffmpeg.ts";
import { OndacastError } from "../../errors.ts";
import { describeFileError, isDiskFull } from "../disk/describe_file_error.ts";
import { DiskSpace } from "../disk/disk_space.ts";
import { KeptRenditions } from "./kept_renditions.ts";

/** ffmpeg and what it decodes, for all songs of a server. */
export class FfmpegUse {
  readonly #dataPath: string | null;
  readonly #budgetBytes: number | null;
  readonly #minFreeBytes: number;
  #found: Promise<Ffmpeg | null> | null = null;
  #kept: Promise<KeptRenditions> | null = null;
  /** A folder that is removed at the end. */
  #temporary: string | null = null;

  /**
   * @param dataPath Folder to keep renditions in; null: a temporary one.
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

  /** Null: ffmpeg is missing or disabled. */
  find(): Promise<Ffmpeg | null> {
    if (this.#budgetBytes === null) return Promise.resolve(null);
    return this.#found ??= Ffmpeg.find(systemClock);
  }

  /** ffmpeg and its renditions. */
  async both(): Promise<[Ffmpeg, KeptRenditions] | [null, null]> {
    const ffmpeg = await this.find();
    if (ffmpeg === null) return [null, null];
    this.#kept ??= this.#openFolder(ffmpeg).catch((cause) => {
      this.#kept = null; // The next song tries again.
      throw new OndacastError(
        isDiskFull(cause) ? "no-space" : "internal",
        `Cannot keep what ffmpeg decodes: ${describeFileError(cause, "write")}`,
        { cause },
      );
    });
    return [ffmpeg, await this.#kept];
  }

  close(): void {
    if (this.#temporary === null) return;
    try {
      Deno.removeSync(this.#temporary, { recursive: true });
    } catch {
      // Some systems cannot remove a folder with an open file.
    }
  }

  async #openFolder({ turns }: Ffmpeg): Promise<KeptRenditions> {
    const folder = this.#dataPath === null
      ? this.#temporary ??= await Deno.makeTempDir({ prefix: "ondacast-" })
      : join(this.#dataPath, "renditions");
    const space = new DiskSpace(this.#minFreeBytes);
    const budgetBytes = this.#budgetBytes!;
    return await KeptRenditions.open(folder, { budgetBytes, space, turns });
  }
}
