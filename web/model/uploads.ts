/**
 * Uploads files to the server, one after the other. They wait while it is away,
 * and an interrupted file is sent again.
 *
 * @module
 */

import { type Signal, signal } from "./signals.ts";
import type { ClientSession } from "../../lib/client/client_session.ts";
import { isPassing } from "../../lib/client/link.ts";
import { listSongs } from "../../lib/client/song_list.ts";
import { uploadSong } from "../../lib/client/upload_song.ts";
import { OndacastError, toOndacastError } from "../../lib/errors.ts";
import { FileSource, newHash } from "../io/file_source.ts";
import type { Tab } from "./tab.ts";

/** Attempts for a file whose connection is lost each time. */
const MOST_TRIES = 5;
/** Interval at which the song list is refreshed during a batch. */
const REFRESH_MS = 2000;

export type Outcome = "stored" | { code: string; message: string };

const CANCELLED: Outcome = { code: "interrupted", message: "cancelled" };

/** A file and its progress. */
export interface Upload {
  readonly id: number;
  readonly song: string;
  readonly file: File;
  readonly sentBytes: Signal<number>;
  /** Null: it is being sent, or waits for others. */
  readonly outcome: Signal<Outcome | null>;
}

/** A file, and its path in the folder with which it was dropped. */
export interface ChosenFile {
  file: File;
  path: string;
}

interface Job {
  upload: Upload;
  replace: boolean;
  ended: AbortController;
}

export class Uploads {
  readonly rows = signal<readonly Upload[]>([]);
  readonly #tab: Tab;
  readonly #onStored: () => void;
  /** The first is being sent. */
  readonly #jobs: Job[] = [];
  #ids = 0;
  #notifiedAtMs = -Infinity;
  /** Whether a file has been stored since the last notification. */
  #hasNews = false;

  /** @param onStored Called from time to time when the server has new songs. */
  constructor(tab: Tab, onStored: () => void) {
    this.#tab = tab;
    this.#onStored = onStored;
  }

  add(files: readonly ChosenFile[]): void {
    const added = files.map(({ file, path }) => ({
      id: ++this.#ids,
      song: path,
      file,
      sentBytes: signal(0),
      outcome: signal<Outcome | null>(null),
    }));
    this.rows.value = [...this.rows.value, ...added];
    this.#begin(added, false);
  }

  /** Sends a file again. @param replace Whether to replace the song of that name. */
  again(upload: Upload, replace: boolean): void {
    upload.sentBytes.value = 0;
    upload.outcome.value = null;
    this.#begin([upload], replace);
  }

  cancel(upload: Upload): void {
    for (const job of this.#jobs) if (job.upload === upload) stop(job);
  }

  cancelAll(): void {
    this.#jobs.forEach(stop);
  }

  /** Removes a finished upload. */
  dismiss({ id }: Upload): void {
    this.rows.value = this.rows.value.filter((row) => row.id !== id);
  }

  /** Removes all finished uploads. */
  clear(): void {
    this.rows.value = this.rows.value
      .filter(({ outcome }) => outcome.value === null);
  }

  #begin(uploads: readonly Upload[], replace: boolean): void {
    const idle = this.#jobs.length === 0;
    for (const upload of uploads) {
      this.#jobs.push({ upload, replace, ended: new AbortController() });
    }
    if (idle) this.#work();
  }

  async #work(): Promise<void> {
    while (this.#jobs.length > 0) {
      const [job] = this.#jobs;
      const outcome = job.ended.signal.aborted
        ? CANCELLED
        : await this.#outcomeOf(job);
      this.#jobs.shift();
      // A cancelled file may be sent again after this one.
      const { upload } = job;
      const again = this.#jobs.some((other) => other.upload === upload);
      if (!again) upload.outcome.value = outcome;
      if (outcome === "stored") this.#hasNews = true;
      if (this.#hasNews) this.#notifyStored();
    }
  }

  #notifyStored(): void {
    const nowMs = performance.now();
    const soon = nowMs - this.#notifiedAtMs < REFRESH_MS;
    if (soon && this.#jobs.length > 0) return;
    this.#notifiedAtMs = nowMs;
    this.#hasNews = false;
    this.#onStored();
  }

  async #outcomeOf({ upload, replace, ended }: Job): Promise<Outcome> {
    try {
      await this.#send(upload, replace, ended.signal);
      upload.sentBytes.value = upload.file.size;
      return "stored";
    } catch (thrown) {
      const { code, message } = toOndacastError(thrown);
      return ended.signal.aborted ? CANCELLED : { code, message };
    }
  }

  /** Sends a file, and sends it again if the connection is lost meanwhile. */
  async #send(
    { song, file, sentBytes }: Upload,
    replace: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    let sha256 = null as string | null;
    for (let tries = 1;; tries++) {
      sentBytes.value = 0;
      const session = await unlessAborted(this.#tab.whenOnline(), signal);
      const sent = sha256;
      try {
        await uploadSong(session, {
          source: new FileSource(file),
          newHash: () => {
            const hash = newHash();
            return { ...hash, hex: () => sha256 = hash.hex() };
          },
          song,
          bytes: file.size,
          replace,
          onProgress: (bytes) => sentBytes.value = bytes,
          signal,
        }).catch(async (error) => {
          const exists = toOndacastError(error).code === "exists";
          if (!exists || sent === null) throw error;
          if (!await isThere(session, song, file.size, sent)) throw error;
        });
        return;
      } catch (error) {
        const { failure } = session;
        const lost = failure !== null && isPassing(failure);
        if (!lost || tries === MOST_TRIES) throw error;
      }
    }
  }
}

/** Shows the cancellation at once, however long it takes. */
function stop({ upload, ended }: Job): void {
  ended.abort();
  upload.outcome.value = CANCELLED;
}

/**
 * Whether the song of that name is a file that was sent before: it was stored, and
 * only the answer was lost.
 */
async function isThere(
  session: ClientSession,
  song: string,
  bytes: number,
  sha256: string,
): Promise<boolean> {
  const songs = await listSongs(session, song);
  return songs.some((row) => {
    const file = row.file ?? row;
    return row.name === song && file.bytes === bytes && file.sha256 === sha256;
  });
}

/** Awaits a promise. @throws {OndacastError} `interrupted`, if the signal aborts first. */
async function unlessAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () =>
    aborted.reject(new OndacastError("interrupted", "cancelled"));
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort);
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
