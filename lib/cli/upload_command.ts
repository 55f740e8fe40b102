/**
 * `ondacast upload`: files, folders and stdin to the server.
 *
 * @module
 */

import { format as formatBytes } from "@std/fmt/bytes";
import { uploadSong } from "../client/upload_song.ts";
import { OndacastError, reasonIn, toOndacastError } from "../errors.ts";
import { newHash } from "../io/disk/hash_file.ts";
import { printError } from "../io/console/standard_output.ts";
import { isInteractive, Screen } from "../io/console/terminal.ts";
import type { ByteSource } from "../ports/common.ts";
import type { ClientContext } from "./client_context.ts";
import { withCode } from "./error_line.ts";
import { shown } from "./shown.ts";
import { bar, fit } from "./text.ts";
import { unreadable, type UploadItem, uploadItems } from "./upload_items.ts";

/** The options of `upload`. */
export interface UploadCommandOptions {
  as?: string;
  replace?: boolean;
}

/** How often progress is drawn, in milliseconds. */
const DRAW_MS = 100;

/** Uploads everything named, and fails if any upload did. */
export async function uploadCommand(
  context: ClientContext,
  paths: string[],
  options: UploadCommandOptions,
): Promise<void> {
  // A folder may be large.
  const { items, leftOut } = await context.unlessInterrupted(
    uploadItems(paths, options.as),
  );
  if (leftOut > 0) {
    const files = leftOut === 1
      ? "1 file that is not a song"
      : `${leftOut} files that are not songs`;
    context.say(`left out ${files}`);
  }
  if (items.length === 1) return await uploadOne(context, items[0], options);
  const failed: OndacastError[] = [];
  for (const item of items) {
    try {
      await context.unlessInterrupted(uploadItem(context, item, options));
    } catch (thrown) {
      const error = toOndacastError(thrown);
      if (ENDS_ALL.includes(error.code) || error.fatal) throw error;
      failed.push(error);
      reportFailed(context, item.song, error);
    }
  }
  if (failed.length === 0) return;
  throw new OndacastError(
    failed[0].code as "internal",
    failed.length === items.length
      ? `Cannot upload any of the ${items.length} files`
      : `Cannot upload ${failed.length} of ${items.length}; the others are stored`,
  );
}

/** Uploads the only item, and fails as its upload does. */
async function uploadOne(
  context: ClientContext,
  item: UploadItem,
  options: UploadCommandOptions,
): Promise<void> {
  const { path, problem } = item;
  if (problem === null) return await uploadItem(context, item, options);
  const { code, message } = problem;
  if (path === null || message.includes(path)) throw problem;
  throw new OndacastError(
    code as "not-wav",
    `Cannot upload ${path}: ${reasonIn(message)}`,
    { cause: problem },
  );
}

/** Errors that concern the server, not one song. */
const ENDS_ALL = ["lost", "unreachable", "interrupted", "read-only"];

function reportFailed(
  context: ClientContext,
  song: string,
  { code, message }: OndacastError,
): void {
  if (context.options.json) {
    context.printJson({ event: "error", song, code, message });
  } else printError(shown(withCode(`${song}: ${message}`, code)));
}

async function uploadItem(
  context: ClientContext,
  { path, song, seconds, problem }: UploadItem,
  { replace }: UploadCommandOptions,
): Promise<void> {
  if (problem !== null) throw problem;
  const session = await context.link.session();
  await context.unlessInterrupted(session.welcome);
  // A pipe waits for its writer.
  const { source, bytes, close } = await context.unlessInterrupted(
    openSource(path),
  );
  using progress = new Progress(context, song, bytes);
  try {
    const stored = await context.unlessInterrupted(
      uploadSong(session, {
        source,
        newHash,
        song,
        bytes,
        replace,
        onProgress: (sent) => progress.show(sent),
      }),
    );
    progress[Symbol.dispose]();
    report(
      context,
      "end",
      // Every command's `end` has the same fields.
      {
        song: stored.song,
        seconds,
        bytes: progress.sent,
        underruns: 0,
        reconnects: 0,
        reason: "finished",
      },
      `stored ${stored.song} (${formatBytes(progress.sent)})`,
    );
  } finally {
    close();
  }
}

function report(
  context: ClientContext,
  event: string,
  fields: Record<string, unknown>,
  line: string,
): void {
  if (context.options.json) context.printJson({ event, ...fields });
  else context.say(line);
}

/** The upload's progress, as a line in a terminal or as JSON lines. */
class Progress implements Disposable {
  readonly #context: ClientContext;
  readonly #song: string;
  readonly #bytes: number | undefined;
  readonly #screen: Screen | null;
  #shownAtMs: number;
  /** Bytes sent so far. */
  sent = 0;

  constructor(context: ClientContext, song: string, bytes: number | undefined) {
    this.#context = context;
    this.#song = song;
    this.#bytes = bytes;
    this.#shownAtMs = context.clock.now();
    const { json, quiet } = context.options;
    this.#screen = !json && !quiet && isInteractive() ? new Screen() : null;
    if (json) context.printJson({ event: "start", song, bytes: bytes ?? null });
  }

  show(sent: number): void {
    this.sent = sent;
    const nowMs = this.#context.clock.now();
    if (nowMs - this.#shownAtMs < DRAW_MS) return;
    this.#shownAtMs = nowMs;
    if (this.#context.options.json) {
      this.#context.printJson({
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
    const { size, isFile } = await file.stat();
    return {
      source: file,
      bytes: isFile ? size : undefined,
      close: () => file.close(),
    };
  } catch (cause) {
    throw unreadable(path, cause);
  }
}
