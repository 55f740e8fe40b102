/**
 * Collects the files dropped onto the page: single files as they are, and the
 * songs in folders with their paths.
 *
 * @module
 */

import { hasSongEnding, isHidden } from "../../lib/model/song_name.ts";

/** Bounds of one drop, because users may drop a whole disk. */
export const DROP_LIMITS = {
  files: 10_000,
  /** Files and folders that are examined. */
  entries: 100_000,
  /** Levels of folders: song names have at most 16 parts. */
  depth: 15,
};

export interface Dropped {
  files: { file: File; path: string }[];
  /** Files in folders that are not songs, or could not be read. */
  leftOut: number;
  /** Whether the drop exceeded the limits. */
  cut: boolean;
}

/** Collects the files. Call it during the event: the transfer is empty later. */
export function droppedFiles(transfer: DataTransfer): Promise<Dropped> {
  const found: Dropped = { files: [], leftOut: 0, cut: false };
  const entries: FileSystemEntry[] = [];
  for (const item of transfer.items) {
    if (item.kind !== "file") continue;
    const entry = item.webkitGetAsEntry?.();
    const file = entry?.isDirectory ? null : item.getAsFile();
    // Single files are always accepted, so that a refusal is reported.
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
    if (isHidden(entry.name)) return;
    try {
      if (isFile(entry)) await this.#take(entry);
      else if (depth < DROP_LIMITS.depth) {
        for (const child of await this.#children(entry)) {
          await this.#visit(child, depth + 1);
        }
      } else found.cut = true;
    } catch {
      found.leftOut++; // unreadable
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

  /** All entries of a folder; browsers return them in batches. */
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

/** 2 before 10. */
const { compare } = new Intl.Collator(undefined, { numeric: true });

function inOrder(entries: FileSystemEntry[]): FileSystemEntry[] {
  return entries.toSorted((a, b) => compare(a.name, b.name));
}
