/**
 * The files that are sent to the server, one after the other.
 *
 * @module
 */

import { signal } from "@preact/signals";
import { WavHeaderReader } from "../../lib/audio/wav.ts";
import { uploadSong } from "../../lib/client/upload_song.ts";
import { OndacastError, toOndacastError } from "../../lib/errors.ts";
import { checkSongName, hasSongEnding } from "../../lib/model/song_name.ts";
import { FileSource, newHash } from "../io/file_source.ts";
import type { Tab } from "./tab.ts";

/** What is read to find a header at once. */
const HEADER_READ_BYTES = 4096;

/** A file on its way. */
export interface Upload {
  id: number;
  song: string;
  bytes: number;
  sentBytes: number;
  /** `exists` can be tried again, to take that song's place. */
  outcome: null | "stored" | { code: string; message: string };
}

interface Job {
  id: number;
  file: File;
  song: string;
  replace: boolean;
}

/** The uploads of this page. */
export class Uploads {
  readonly rows = signal<readonly Upload[]>([]);
  readonly #tab: Tab;
  readonly #onStored: () => void;
  readonly #files = new Map<number, File>();
  readonly #waiting: Job[] = [];
  #ids = 0;
  #running = false;

  constructor(tab: Tab, onStored: () => void) {
    this.#tab = tab;
    this.#onStored = onStored;
  }

  /** Sends files. */
  add(files: Iterable<File>): void {
    for (const file of files) {
      const id = ++this.#ids;
      const song = hasSongEnding(file.name) ? file.name : `${file.name}.wav`;
      this.#files.set(id, file);
      const row = { id, song, bytes: file.size, sentBytes: 0, outcome: null };
      this.rows.value = [...this.rows.value, row];
      this.#waiting.push({ id, file, song, replace: false });
    }
    this.#work();
  }

  /** Sends a file again, in place of the song that has its name. */
  replace({ id, song }: Upload): void {
    const file = this.#files.get(id);
    if (!file) return;
    this.#set(id, { outcome: null, sentBytes: 0 });
    this.#waiting.push({ id, file, song, replace: true });
    this.#work();
  }

  /** Takes a row away that is over. */
  dismiss(id: number): void {
    this.#files.delete(id);
    this.rows.value = this.rows.value.filter((row) => row.id !== id);
  }

  async #work(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    for (let job = this.#waiting.shift(); job; job = this.#waiting.shift()) {
      const { id, file } = job;
      try {
        await this.#send(job);
        this.#set(id, { outcome: "stored", sentBytes: file.size });
        this.#files.delete(id);
        this.#onStored();
      } catch (thrown) {
        const { code, message } = toOndacastError(thrown);
        this.#set(id, { outcome: { code, message } });
      }
    }
    this.#running = false;
  }

  async #send({ id, file, song, replace }: Job): Promise<void> {
    checkSongName(song);
    await checkHeader(file);
    const session = this.#tab.link.current;
    if (session === null) {
      throw new OndacastError("unreachable", "Cannot reach the server now");
    }
    await uploadSong(session, {
      source: new FileSource(file),
      newHash,
      song,
      bytes: file.size,
      replace,
      onProgress: (sentBytes) => this.#set(id, { sentBytes }),
    });
  }

  #set(id: number, change: Partial<Upload>): void {
    this.rows.value = this.rows.value.map((row) =>
      row.id === id ? { ...row, ...change } : row
    );
  }
}

/** Refuses what the server would refuse, before it is sent. */
async function checkHeader(file: File): Promise<void> {
  const reader = new WavHeaderReader(file.size);
  while (true) {
    if (reader.skippable > 0) {
      if (reader.position + reader.skippable >= file.size) reader.end();
      reader.skip(reader.skippable);
    }
    const { position } = reader;
    const piece = file.slice(position, position + HEADER_READ_BYTES);
    const bytes = new Uint8Array(await piece.arrayBuffer());
    if (bytes.length === 0) reader.end();
    if (reader.push(bytes) !== null) return;
  }
}
