/**
 * The songs that a person selects in a list, to do something with all of them.
 *
 * @module
 */

import { signal } from "./signals.ts";

type Song = { readonly name: string };

/**
 * Songs by name.
 *
 * @example
 * ```ts
 * import { PickedSongs } from "./picked_songs.ts";
 * import assert from "node:assert/strict";
 *
 * const songs = [..."abcd"].map((name) => ({ name }));
 * const picked = new PickedSongs();
 * picked.toggle("b");
 * picked.extend(songs, 3);
 * assert.deepEqual([...picked.names.value!], ["b", "c", "d"]);
 * ```
 */
export class PickedSongs {
  /** Null: songs are not being selected. */
  readonly names = signal<ReadonlySet<string> | null>(null);
  /** The song from which a range goes, and what is selected besides. */
  #from: { name: string; others: ReadonlySet<string> } | null = null;
  #focus: string | null = null;

  /** Begins to select. @param focus The song whose checkbox gets the focus. */
  begin(focus: string): void {
    this.#focus = focus;
    this.names.value = new Set();
  }

  toggle(name: string): void {
    if (this.names.value === null) this.#focus = name;
    const names = new Set(this.names.value);
    if (!names.delete(name)) names.add(name);
    this.#from = { name, others: names };
    this.names.value = names;
  }

  /**
   * Selects from the song that was chosen last to another one.
   *
   * @param from Where to begin if none was chosen; by default at the other one.
   */
  extend(songs: readonly Song[], to: number, from = to): void {
    if (this.names.value === null) this.#focus = songs[to].name;
    this.#from ??= { name: songs[from].name, others: new Set() };
    const { name, others } = this.#from;
    const known = songs.findIndex((song) => song.name === name);
    const ends = [known < 0 ? to : known, to].sort((a, b) => a - b);
    const range = songs.slice(ends[0], ends[1] + 1).map(({ name }) => name);
    this.names.value = new Set([...others, ...range]);
  }

  /** Selects no more; the focus goes to the song that was chosen last. */
  end(): void {
    if (this.names.value === null) return;
    this.#focus = this.#from?.name ?? null;
    this.#forget();
  }

  /** Other songs are listed. */
  leave(): void {
    this.#focus = null;
    this.#forget();
  }

  #forget(): void {
    this.#from = null;
    this.names.value = null;
  }

  /** Whether a song gets the focus, as another element stands for it now. */
  takesFocus(name: string): boolean {
    if (this.#focus !== name) return false;
    this.#focus = null;
    return true;
  }
}
