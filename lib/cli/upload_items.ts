/**
 * The songs that `ondacast upload` sends: files, those below folders, stdin. Each
 * is checked as far as possible before any data is sent.
 *
 * @module
 */

import { basename } from "@std/path/basename";
import { join } from "@std/path/join";
import { resolve } from "@std/path/resolve";
import { inspectFile } from "../audio/containers.ts";
import { bytesToSeconds, type SongFormat } from "../audio/format.ts";
import { OndacastError } from "../errors.ts";
import { describeFileError } from "../io/disk/describe_file_error.ts";
import { fileBytes } from "../io/disk/file_bytes.ts";
import { sortNaturally } from "../model/natural_order.ts";
import {
  checkNewSongName,
  hasSongEnding,
  isHidden,
} from "../model/song_name.ts";

/** One song to upload. */
export interface UploadItem {
  /** Null: stdin. */
  path: string | null;
  song: string;
  /** Its length in seconds; null if unknown. */
  seconds: number | null;
  /** Why it cannot be uploaded; null: no known reason. */
  problem: OndacastError | null;
}

/** The songs to upload. */
export interface UploadItems {
  readonly items: UploadItem[];
  /** Number of files in folders without the extension of a song. */
  readonly leftOut: number;
}

/**
 * The uploads for the given paths: a folder stands for all songs below it,
 * under its name.
 *
 * @param as The name on the server, for one path; with `/` at its end, a folder for it.
 * @throws {OndacastError} `usage`.
 */
export async function uploadItems(
  paths: readonly string[],
  as?: string,
): Promise<UploadItems> {
  if (as !== undefined && paths.length > 1) {
    throw new OndacastError(
      "usage",
      "Cannot give several files one name: `--as` is for one",
    );
  }
  const items: UploadItem[] = [];
  let leftOut = 0;
  for (const path of paths) {
    const found = await itemsAt(path, as);
    items.push(...found.items);
    leftOut += found.leftOut;
  }
  if (items.length > 0) return { items, leftOut };
  throw new OndacastError(
    "usage",
    `Cannot upload ${paths.join(", ")}: expected at least one song`,
  );
}

/** The error for an unreadable file or folder. */
export function unreadable(path: string, cause: unknown): OndacastError {
  const isMissing = cause instanceof Deno.errors.NotFound;
  return new OndacastError(
    isMissing ? "not-found" : "bad-file",
    `Cannot read ${path}: ${
      isMissing
        ? "there is no such file. Check its name"
        : describeFileError(cause)
    }`,
    { cause },
  );
}

async function itemsAt(path: string, as?: string): Promise<UploadItems> {
  if (path === "-") return one(stdinItem(as));
  try {
    const { isDirectory } = await Deno.stat(path);
    if (isDirectory) {
      const folder = as?.replace(/\/$/, "") ?? basename(resolve(path));
      return await songsIn(path, folder);
    }
  } catch (cause) {
    return one(bad(path, songName(path, as), unreadable(path, cause)));
  }
  return one(await fileItem(path, songName(path, as)));
}

function songName(path: string, as = basename(path)): string {
  return as.endsWith("/") ? as + basename(path) : as;
}

function one(item: UploadItem): UploadItems {
  return { items: [item], leftOut: 0 };
}

function stdinItem(as: string | undefined): UploadItem {
  if (as !== undefined) {
    return { path: null, song: as, seconds: null, problem: null };
  }
  throw new OndacastError(
    "usage",
    "Cannot upload stdin: it has no name. `--as NAME` gives it one",
  );
}

async function fileItem(path: string, song: string): Promise<UploadItem> {
  try {
    checkNewSongName(song);
    // A pipe can be read only once, and has no length.
    const format = (await Deno.stat(path)).isFile
      ? await formatOf(path, song)
      : null;
    const seconds = format?.dataBytes == null
      ? null
      : bytesToSeconds(format, format.dataBytes);
    return { path, song, seconds, problem: null };
  } catch (thrown) {
    return bad(
      path,
      song,
      thrown instanceof OndacastError ? thrown : unreadable(path, thrown),
    );
  }
}

/** Null: only the server can examine it. @throws {OndacastError} `not-wav`, `unsupported`. */
async function formatOf(
  path: string,
  song: string,
): Promise<SongFormat | null> {
  using file = await Deno.open(path);
  return (await inspectFile(fileBytes(file), song))?.format ?? null;
}

function bad(path: string, song: string, problem: OndacastError): UploadItem {
  return { path, song, seconds: null, problem };
}

/** The songs below a folder, and the parts that cannot be read. */
async function songsIn(folder: string, name: string): Promise<UploadItems> {
  const items: UploadItem[] = [];
  let leftOut = 0;
  try {
    for await (const file of Deno.readDir(folder)) {
      if (isHidden(file.name)) continue;
      const path = join(folder, file.name);
      const song = `${name}/${file.name}`;
      if (file.isDirectory) {
        const below = await songsIn(path, song);
        items.push(...below.items);
        leftOut += below.leftOut;
      } else if (hasSongEnding(file.name)) {
        items.push(await fileItem(path, song));
      } else leftOut++;
    }
  } catch (cause) {
    items.push(bad(folder, name, unreadable(folder, cause)));
  }
  return { items: sortNaturally(items, ({ song }) => song), leftOut };
}
