/**
 * All that the page knows and can do, for whatever shows it.
 *
 * @module
 */

import { signal } from "@preact/signals";
import { Devices } from "./devices.ts";
import { Library } from "./library.ts";
import { Pictures } from "./pictures.ts";
import { Player } from "./player.ts";
import type { Tab } from "./tab.ts";
import { Uploads } from "./uploads.ts";

/** The page's parts. */
export class App {
  readonly player = new Player();
  readonly tab: Tab = this.player.tab;
  readonly library = new Library(this.tab);
  readonly pictures = new Pictures(this.tab);
  readonly devices = new Devices(this.tab);
  readonly uploads = new Uploads(this.tab, () => this.library.refresh());
  /** The song for which a device is chosen now. */
  readonly castSong = signal<string | null>(null);

  constructor() {
    this.tab.onWelcome = (session) => {
      this.devices.watch(session);
      this.library.refresh();
    };
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.library.refresh();
    });
    for (const type of ["pointerdown", "keydown"]) {
      document.addEventListener(type, () => {
        if (this.tab.silenced.value) this.tab.touched();
      });
    }
    this.tab.run();
  }

  /** Plays a song here, and then those that are shown after it. */
  play(song: string): void {
    this.player.play(this.#playable(), song);
  }

  /** Plays the first song that is shown. */
  playFirst(): void {
    const [first] = this.#playable();
    if (first !== undefined) this.play(first);
  }

  #playable(): string[] {
    return this.library.found.value
      .filter(({ format }) => format !== null)
      .map(({ name }) => name);
  }
}
