/**
 * `ondacast upload`: files, folders and stdin to the server.
 *
 * @module
 */

import { basename } from "@std/path/basename";
import { join } from "@std/path/join";
import { resolve } from "@std/path/resolve";
import { format as formatBytes } from "@std/fmt/bytes";
import { uploadSong } from "../client/upload_song.ts";
import { OndacastError, toOndacastError } from "../errors.ts";
import { newHash } from "../io/hash_file.ts";
import { isInteractive, Screen } from "../io/terminal.ts";
import { hasSongEnding } from "../model/song_name.ts";
import type { ByteSource } from "../ports.ts";
import type { ClientContext } from "./client_context.ts";
import { bar, fit } from "./text.ts";

/** The options of `upload`. */
export interface UploadCommandOptions {
  as?: string;
  replace?: boolean;
}

interface Item {
  /** Null: stdin. */
  path: string | null;
  song: string;
}

/** How often progress is drawn, in milliseconds. */
const DRAW_MS = 100;

/** Uploads all that was named, and fails if any of it did. */
export async function uploadCommand(
  context: ClientContext,
  paths: string[],
  options: UploadCommandOptions,
): Promise<void> {
  const items = await itemsOf(paths, options.as);
  const session = await context.link.session();
  await context.unlessInterrupted(session.welcome);
  let failure: OndacastError | null = null;
  for (const item of items) {
    try {
      await context.unlessInterrupted(uploadItem(context, item, options));
    } catch (thrown) {
      failure = toOndacastError(thrown);
      if (
        items.length === 1 || failure.fatal || failure.code === "lost" ||
        failure.code === "interrupted"
      ) {
        throw failure;
      }
      tell(
        context,
        "error",
        { song: item.song, code: failure.code },
        `${item.song}: ${failure.code}: ${failure.message}`,
      );
    }
  }
  if (failure !== null) throw failure;
}

async function uploadItem(
  context: ClientContext,
  { path, song }: Item,
  { replace }: UploadCommandOptions,
): Promise<void> {
  const { source, bytes, close } = await openSource(path);
  using progress = new Progress(context, song, bytes);
  try {
    const stored = await uploadSong(await context.link.session(), {
      source,
      newHash,
      song,
      bytes,
      replace,
      onProgress: (sent) => progress.show(sent),
    });
    progress[Symbol.dispose]();
    tell(
      context,
      "end",
      { song: stored.song, bytes: progress.sent },
      `stored ${stored.song} (${formatBytes(progress.sent)})`,
    );
  } finally {
    close();
  }
}

function tell(
  context: ClientContext,
  event: string,
  fields: Record<string, unknown>,
  line: string,
): void {
  if (context.options.json) context.tellJson({ event, ...fields });
  else context.say(line);
}

/** The upload's progress, as a line in a terminal or as JSON lines. */
class Progress implements Disposable {
  readonly #context: ClientContext;
  readonly #song: string;
  readonly #bytes: number | undefined;
  readonly #screen: Screen | null;
  #shownMs = performance.now();
  /** Bytes sent so far. */
  sent = 0;

  constructor(context: ClientContext, song: string, bytes: number | undefined) {
    this.#context = context;
    this.#song = song;
    this.#bytes = bytes;
    const { json, quiet } = context.options;
    this.#screen = !json && !quiet && isInteractive() ? new Screen() : null;
    if (json) context.tellJson({ event: "start", song, bytes: bytes ?? null });
  }

  show(sent: number): void {
    this.sent = sent;
    const nowMs = performance.now();
    if (nowMs - this.#shownMs < DRAW_MS) return;
    this.#shownMs = nowMs;
    if (this.#context.options.json) {
      this.#context.tellJson({
        event: "position",
        song: this.#song,
        bytes: sent,
      });
    }
    this.#screen?.show([fit(this.#line(sent), this.#screen.columns - 1)]);
  }

  [Symbol.dispose](): void {
    this.#screen?.[Symbol.dispose]();
  }

  #line(sent: number): string {
    const total = this.#bytes;
    const part = total ? `${bar(sent / total, 24)} ` : "";
    const of = total ? ` of ${formatBytes(total)}` : "";
    return `uploading ${this.#song}  ${part}${formatBytes(sent)}${of}`;
  }
}

async function openSource(path: string | null): Promise<
  { source: ByteSource; bytes: number | undefined; close(): void }
> {
  if (path === null) {
    return { source: Deno.stdin, bytes: undefined, close() {} };
  }
  try {
    const file = await Deno.open(path);
    const { size } = await file.stat();
    return { source: file, bytes: size, close: () => file.close() };
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** What to upload as what: a folder is all songs below it, under its name. */
async function itemsOf(paths: string[], as?: string): Promise<Item[]> {
  const items: Item[] = [];
  for (const path of paths) {
    if (path === "-") {
      if (as === undefined) {
        throw new OndacastError(
          "usage",
          "Cannot upload stdin: it has no name. `--as NAME` gives it one",
        );
      }
      items.push({ path: null, song: as });
    } else if (await isFolder(path)) {
      items.push(...await songsIn(path, as ?? basename(resolve(path))));
    } else {
      items.push({ path, song: as ?? basename(path) });
    }
  }
  if (items.length > 0 && (as === undefined || paths.length === 1)) {
    return items;
  }
  throw new OndacastError(
    "usage",
    items.length === 0
      ? `Cannot upload ${paths.join(", ")}: there is no WAV file in it`
      : "Cannot give several files one name: `--as` is for one",
  );
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

async function songsIn(folder: string, name: string): Promise<Item[]> {
  const items: Item[] = [];
  for await (const file of Deno.readDir(folder)) {
    if (file.name.startsWith(".")) continue;
    const path = join(folder, file.name);
    const song = `${name}/${file.name}`;
    if (file.isDirectory) items.push(...await songsIn(path, song));
    else if (hasSongEnding(file.name)) items.push({ path, song });
  }
  return items.sort((a, b) => a.song < b.song ? -1 : 1);
}

function unreadable(path: string, cause: unknown): OndacastError {
  const reason = cause instanceof Deno.errors.NotFound
    ? "there is no such file"
    : cause instanceof Error
    ? cause.message
    : String(cause);
  return new OndacastError("usage", `Cannot read ${path}: ${reason}`, {
    cause,
  });
}
