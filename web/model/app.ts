/**
 * All that the page knows and can do, for whatever shows it.
 *
 * @module
 */

import { signal } from "@preact/signals";
import { Devices } from "./devices.ts";
import { Library } from "./library.ts";
import { Waveforms } from "./waveforms.ts";
import { Player } from "./player.ts";
import type { Tab } from "./tab.ts";
import { Uploads } from "./uploads.ts";

/** The page's parts. */
export class App {
  readonly player = new Player();
  readonly tab: Tab = this.player.tab;
  readonly library = new Library(this.tab);
  readonly waveforms = new Waveforms(this.tab);
  readonly devices = new Devices(this.tab, this.player.errands);
  readonly uploads = new Uploads(this.tab, () => this.library.refresh());
  /** The song for which a device is chosen now. */
  readonly castSong = signal<string | null>(null);
  /** Whether what a person does just now lets a silent page sound. */
  #woke = false;

  constructor() {
    this.tab.onWelcome = (session) => {
      this.devices.watch(session);
      this.library.refresh();
      this.player.errands.look();
    };
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.library.refresh();
    });
    for (const type of ["pointerdown", "keydown"]) {
      document.addEventListener(type, () => this.#touch(), { capture: true });
    }
    // A finger counts for the browser when it is lifted.
    document.addEventListener("pointerup", () => this.#wake());
    this.tab.run();
  }

  /** Plays a song here, and then those that are shown after it. */
  play(song: string): void {
    this.player.play(this.#playable(), song);
  }

  /** Pauses or goes on; plays the first song if there is none. */
  toggle(): void {
    // Whoever wants to hear what is silent does not want it paused.
    if (this.#woke) {
      this.#woke = false;
      return this.#wake();
    }
    if (this.player.now.value) this.player.toggle();
    else this.playFirst();
  }

  /** Plays the first song that is shown. */
  playFirst(): void {
    const [first] = this.#playable();
    if (first !== undefined) this.play(first);
  }

  #touch(): void {
    this.#woke = this.tab.silenced.value;
    this.#wake();
  }

  #wake(): void {
    if (this.tab.silenced.value) this.tab.touched();
  }

  #playable(): string[] {
    return this.library.found.value
      .filter(({ format }) => format !== null)
      .map(({ name }) => name);
  }
}
