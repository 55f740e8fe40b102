/**
 * The page's state and actions, which the views render and call.
 *
 * @module
 */

import { computed, signal } from "./signals.ts";
import { Destination } from "./destination.ts";
import { Devices } from "./devices.ts";
import { GroupActions } from "./group_actions.ts";
import { GroupQueue } from "./group_queue.ts";
import { Groups } from "./groups.ts";
import { Library } from "./library.ts";
import { Waveforms } from "./waveforms.ts";
import { ownState } from "./own_device.ts";
import { Player } from "./player.ts";
import { Shelves } from "./shelves.ts";
import type { Tab } from "./tab.ts";
import { Uploads } from "./uploads.ts";

export class App {
  readonly player = new Player();
  readonly tab: Tab = this.player.tab;
  readonly library = new Library(this.tab);
  readonly shelves = new Shelves(this.tab);
  readonly groups = new Groups(this.tab.clock);
  readonly actions = new GroupActions(
    this.groups,
    this.player.errands,
    this.player.choices,
  );
  readonly queue = new GroupQueue(
    this.tab,
    this.groups,
    this.player.errands,
  );
  readonly destination = new Destination(
    this.groups,
    () => this.tab.welcome.value?.key,
  );
  readonly waveforms = new Waveforms(this.tab);
  readonly devices = new Devices(this.tab, this.player.errands);
  readonly uploads = new Uploads(this.tab, () => this.library.refresh());
  /** How this browser does as a device. */
  readonly own = computed(() =>
    ownState({
      connection: this.tab.connection.value,
      silenced: this.tab.silenced.value,
      now: this.player.now.value,
    })
  );
  /** The song for which the user is choosing a device. */
  readonly castSong = signal<string | null>(null);
  /** Whether the current gesture has just unmuted the page. */
  #woke = false;

  constructor() {
    this.tab.onWelcome = (session) => {
      this.devices.watch(session);
      this.groups.watch(session).then(() => this.player.errands.runReady());
      this.library.refresh();
      this.player.errands.runReady();
    };
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.library.refresh();
    });
    for (const type of ["pointerdown", "keydown"]) {
      document.addEventListener(type, () => this.#touch(), { capture: true });
    }
    // Browsers count a touch as a gesture when the finger is lifted.
    document.addEventListener("pointerup", () => this.#wake());
    this.tab.run();
  }

  /** Plays a song here, then the ones listed after it. */
  play(song: string): void {
    this.player.play(this.#playable(), song);
  }

  /** Pauses or resumes; plays the first song if there is none. */
  toggle(): void {
    // A user who unmutes a silent page does not want to pause it.
    if (this.#woke) {
      this.#woke = false;
      return this.#wake();
    }
    if (this.player.now.value) this.player.toggle();
    else this.playFirst();
  }

  /** Plays the first song in the list. */
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
