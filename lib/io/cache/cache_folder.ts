/**
 * How a cache lies in its folder: where a song and what is known of it are,
 * and reading and writing that. A song lies under its server's and its own
 * name, for people to find, as far as every system can hold that; all else in
 * `.index`, under a hash of both names.
 *
 *     localhost_4040/live/song.wav   a song, whole
 *     .index/<id>.json               what is known of it
 *     .index/<id>.part               the bytes so far of one that is on its way
 *     .index/<id>.part.json          what it will be; with `sha256`: it is whole
 *     .index/<id>.lock               held by whoever changes any of these; empty, and
 *                                    never removed, as another may be about to take it
 *
 * A song is published by giving `.part.json` its `sha256`, in one rename.
 * After that `.part` and then `.part.json` are moved to their places, by
 * whoever comes first if the program that began it died: so at any moment
 * there is the old song or the new one.
 *
 * @module
 */

import { dirname } from "@std/path/dirname";
import { join } from "@std/path/join";
import * as v from "valibot";
import type { SongFormat } from "../../audio/format.ts";
import { OndacastError } from "../../errors.ts";
import { checkSongName } from "../../model/song_name.ts";
import { safeJson } from "../../safe_text.ts";
import { TO_CLIENT } from "../../wire/messages.ts";
import { escapeServer, songFile, songId, twinsOf } from "./cache_names.ts";
import { isInside, PathGuard } from "../disk/path_guard.ts";
import { describeFileError } from "../disk/describe_file_error.ts";

const INDEX = ".index";
/** More than any song's metadata; what is longer is none. */
const MAX_METADATA_BYTES = 64 * 1024;

const bytes = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const metadata = v.object({
  server: v.string(),
  song: v.string(),
  etag: v.string(),
  bytes,
  format: TO_CLIENT.start.fields.entries.format,
  sha256: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
  isTwin: v.optional(v.boolean()),
});

/** What is known of a song. */
export interface Metadata {
  server: string;
  song: string;
  etag: string;
  /** Length of the whole file. */
  bytes: number;
  format: SongFormat;
  /** Of the whole file; absent while it is on its way. */
  sha256?: string;
  /** Whether another song's name differs from its own only in case or normal form. */
  isTwin?: boolean;
}

/** A file of the index. */
export type IndexFile = "json" | "part" | "part.json" | "tmp" | "lock";

/** The paths of a cache, and what lies there. */
export class CacheFolder {
  /** The real path of the folder. */
  readonly root: string;
  readonly #guard: PathGuard;

  private constructor(root: string) {
    this.root = root;
    this.#guard = new PathGuard(root, "cache folder");
  }

  /** Makes the folder where it is missing, for this user alone. */
  static async open(folder: string): Promise<CacheFolder> {
    try {
      await Deno.mkdir(join(folder, INDEX), { recursive: true, mode: 0o700 });
      return new CacheFolder(await Deno.realPath(folder));
    } catch (cause) {
      throw new OndacastError(
        "bad-folder",
        `Cannot use the cache folder ${folder}: ${
          describeFileError(cause, "write")
        }. \`--cache-dir\` names another`,
        { cause },
      );
    }
  }

  indexPath(id: string, file: IndexFile): string {
    return join(this.root, INDEX, `${id}.${file}`);
  }

  /** The ids that have anything but a lock in the index. */
  async ids(): Promise<string[]> {
    const ids = new Set<string>();
    for await (const { name } of Deno.readDir(join(this.root, INDEX))) {
      const [, id] =
        /^([0-9a-f]{64})\.(json|part|part\.json|tmp)$/.exec(name) ??
          [];
      if (id) ids.add(id);
    }
    return [...ids].sort();
  }

  /** The ids of other songs whose names differ only in case or normal form. */
  async twins(id: string): Promise<string[]> {
    return twinsOf(id, await this.ids());
  }

  /**
   * Where a song lies, or will.
   *
   * @throws {OndacastError} `bad-name`, if no song can have that name.
   */
  songPath(
    about: Pick<Metadata, "server" | "song" | "isTwin">,
  ): string {
    const { server, song, isTwin = false } = about;
    const name = songFile(checkSongName(song), isTwin);
    const path = join(this.root, escapeServer(server), ...name.split("/"));
    if (isInside(this.root, path)) return path;
    throw new OndacastError(
      "bad-name",
      `Cannot store ${safeJson(name)}: it would lie outside the cache`,
    );
  }

  /** Makes the folder that a song goes to. */
  async makeParent(path: string): Promise<void> {
    const parent = dirname(path);
    await Deno.mkdir(parent, { recursive: true, mode: 0o700 });
    await this.#guard.real(parent, parent);
    if (await isFolder(path)) throw new Error(`${path} is a folder`);
  }

  /** What there is at a path, if that is a file of its own in the folder. */
  async look(path: string): Promise<Deno.FileInfo | null> {
    try {
      const info = await Deno.lstat(path);
      if (!info.isFile) return null;
      await this.#guard.real(path, path);
      return info;
    } catch {
      return null;
    }
  }

  /** What is known of a song, and since when; null: nothing, or nothing true. */
  async read(
    id: string,
    file: "json" | "part.json",
  ): Promise<{ about: Metadata; usedAtMs: number } | null> {
    try {
      const path = this.indexPath(id, file);
      const info = await this.look(path);
      if (!info || info.size > MAX_METADATA_BYTES) return null;
      const parsed = v.safeParse(
        metadata,
        JSON.parse(await Deno.readTextFile(path)),
      );
      if (!parsed.success) return null;
      const about = parsed.output;
      if (songId(about.server, about.song) !== id) return null;
      if (file === "json" && about.sha256 === undefined) return null;
      this.songPath(about);
      return { about, usedAtMs: info.mtime?.getTime() ?? 0 };
    } catch {
      return null;
    }
  }

  /** Writes what is known of a song that is on its way, in one step. */
  async write(id: string, about: Metadata): Promise<void> {
    const temporary = this.indexPath(id, "tmp");
    await removeFile(temporary);
    {
      using file = await Deno.open(temporary, {
        createNew: true,
        write: true,
        mode: 0o600,
      });
      const text = new TextEncoder().encode(JSON.stringify(about));
      for (let rest = text; rest.length > 0;) {
        rest = rest.subarray(await file.write(rest));
      }
      await file.sync();
    }
    await Deno.rename(temporary, this.indexPath(id, "part.json"));
  }

  /** Ends a publication that was decided by `sha256` in `.part.json`. */
  async settle(id: string): Promise<void> {
    const decided = await this.read(id, "part.json");
    if (decided?.about.sha256 === undefined) return;
    const part = this.indexPath(id, "part");
    if (await this.look(part)) {
      const path = this.songPath(decided.about);
      const old = await this.read(id, "json");
      // A name in other letters would leave two files, or be the same one.
      if (old && this.songPath(old.about) !== path) {
        await this.removeSong(this.songPath(old.about));
      }
      await this.makeParent(path);
      await Deno.rename(part, path);
    }
    await Deno.rename(
      this.indexPath(id, "part.json"),
      this.indexPath(id, "json"),
    );
  }

  /** Removes files of the index, in this order. */
  async removeIndex(id: string, ...files: IndexFile[]): Promise<void> {
    for (const file of files) await removeFile(this.indexPath(id, file));
  }

  /** Removes a song's file, and the folders that it leaves empty. */
  async removeSong(path: string): Promise<void> {
    if (!(await this.look(path))) return;
    await removeFile(path);
    for (
      let folder = dirname(path);
      isInside(this.root, folder);
      folder = dirname(folder)
    ) {
      try {
        await Deno.remove(folder);
      } catch {
        return;
      }
    }
  }
}

/** What went wrong with a file, as an error that says so. */
export function diskError(what: string, cause: unknown): OndacastError {
  if (cause instanceof OndacastError) return cause;
  const code = (cause as { code?: string } | null)?.code;
  const full = code === "ENOSPC" || code === "EDQUOT";
  return new OndacastError(
    full ? "no-space" : "output-failed",
    `Cannot ${what}: ${
      full ? "the disk is full" : describeFileError(cause, "write")
    }`,
    { cause },
  );
}

async function removeFile(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.lstat(path)).isDirectory;
  } catch {
    return false;
  }
}
