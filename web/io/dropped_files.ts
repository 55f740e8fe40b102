/**
 * The files of what was dropped onto the page: files as they are, and the
 * songs in folders with their paths.
 *
 * @module
 */

import { sortNaturally } from "../../lib/model/natural_order.ts";
import { hasSongEnding, isHidden } from "../../lib/model/song_name.ts";

/** Bounds of one drop, as a whole disk may be dropped. */
export const DROP_LIMITS = {
  files: 10_000,
  /** Files and folders that are looked at. */
  entries: 100_000,
  /** Folders in one another: names of songs have 16 parts at most. */
  depth: 15,
};

/** What was dropped. */
export interface Dropped {
  files: { file: File; path: string }[];
  /** Files in folders that are no WAV, or could not be read. */
  leftOut: number;
  /** Whether there was more than the limits allow. */
  cut: boolean;
}

/** Finds the files; to be called in the event itself, as they are gone later. */
export function droppedFiles(transfer: DataTransfer): Promise<Dropped> {
  const found: Dropped = { files: [], leftOut: 0, cut: false };
  const entries: FileSystemEntry[] = [];
  for (const item of transfer.items) {
    if (item.kind !== "file") continue;
    const entry = item.webkitGetAsEntry?.();
    const file = entry?.isDirectory ? null : item.getAsFile();
    // A file by itself is taken whatever it is: that is said of it then.
    if (file) found.files.push({ file, path: file.name });
    else if (entry) entries.push(entry);
  }
  return new Walk(found).run(entries);
}

/** One walk through folders. */
class Walk {
  readonly #found: Dropped;
  #left = DROP_LIMITS.entries;

  constructor(found: Dropped) {
    this.#found = found;
  }

  async run(entries: FileSystemEntry[]): Promise<Dropped> {
    for (const entry of inOrder(entries)) await this.#visit(entry, 0);
    return this.#found;
  }

  async #visit(entry: FileSystemEntry, depth: number): Promise<void> {
    const found = this.#found;
    if (this.#left === 0 || found.files.length >= DROP_LIMITS.files) {
      found.cut = true;
      return;
    }
    this.#left--;
    if (isHidden(entry.name)) return; // nobody means it
    try {
      if (isFile(entry)) await this.#take(entry);
      else if (depth < DROP_LIMITS.depth) {
        for (const child of await this.#children(entry)) {
          await this.#visit(child, depth + 1);
        }
      } else found.cut = true;
    } catch {
      found.leftOut++; // It cannot be read.
    }
  }

  async #take(entry: FileSystemFileEntry): Promise<void> {
    if (!hasSongEnding(entry.name)) {
      this.#found.leftOut++;
      return;
    }
    const file = await new Promise<File>((resolve, reject) =>
      entry.file(resolve, reject)
    );
    this.#found.files.push({ file, path: entry.fullPath.replace(/^\//, "") });
  }

  /** What a folder has, which is told in pieces. */
  async #children(entry: FileSystemEntry): Promise<FileSystemEntry[]> {
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    const children: FileSystemEntry[] = [];
    while (children.length < this.#left) {
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
        reader.readEntries(resolve, reject)
      );
      if (some.length === 0) break;
      children.push(...some);
    }
    return inOrder(children);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function inOrder(entries: FileSystemEntry[]): FileSystemEntry[] {
  return sortNaturally(entries, ({ name }) => name);
}
