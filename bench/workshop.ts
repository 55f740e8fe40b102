/**
 * The workshop: a temporary folder with the built C programs and the songs. It
 * exists from the first measurement to the last.
 *
 * @module
 */

import { ROOT, run } from "./programs.ts";
import { ALBUM_SECONDS, SONG_SECONDS, writeSong } from "./songs.ts";

/** Listeners that each play a song of their own from the album's folder. */
export const ALBUMS = 8;

export interface BenchOptions {
  rounds: number;
  /** Shorter runs and fewer listeners. */
  quick: boolean;
  /** Another working tree to compare with, as an absolute path. */
  against?: string;
}

export class Workshop implements AsyncDisposable {
  readonly folder: string;
  readonly options: BenchOptions;
  readonly python: string | null;

  private constructor(
    folder: string,
    options: BenchOptions,
    python: string | null,
  ) {
    this.folder = folder;
    this.options = options;
    this.python = python;
  }

  static async open(options: BenchOptions): Promise<Workshop> {
    const folder = await Deno.makeTempDir({ prefix: "ondacast_bench_" });
    // The command found may be a wrapper script around the actual Python.
    const python = await run([
      "python3",
      "-c",
      "import sys; print(sys.executable)",
    ]).then((path) => path.trim(), () => null);
    const workshop = new Workshop(folder, options, python);
    for (const name of ["receiver", "sender", "measure"]) {
      await run([
        ..."gcc -O2 -o".split(" "),
        workshop.path(name),
        `${ROOT}bench/${name}.c`,
      ]);
    }
    for (const name of ["hot", "cold", "bin"]) {
      await Deno.mkdir(workshop.path(name));
    }
    await writeSong(workshop.hotSong, SONG_SECONDS);
    return workshop;
  }

  path(name: string): string {
    return `${this.folder}/${name}`;
  }

  get receiver(): string {
    return this.path("receiver");
  }

  get sender(): string {
    return this.path("sender");
  }

  get hotFolder(): string {
    return this.path("hot");
  }

  get hotSong(): string {
    return this.path("hot/song.wav");
  }

  get coldFolder(): string {
    return this.path("cold");
  }

  get coldSong(): string {
    return this.path("cold/album.wav");
  }

  /** Writes the album: one file with many hard links, each a song to a server. */
  async writeAlbum(): Promise<void> {
    await writeSong(this.coldSong, ALBUM_SECONDS);
    for (let i = 1; i <= ALBUMS; i++) {
      await Deno.link(this.coldSong, this.path(`cold/album ${i}.wav`));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}
