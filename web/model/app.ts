/**
 * The page's state and actions, which the views render and call.
 *
 * @module
 */

import { onInstallable } from "../io/install_prompt.ts";
import type { SongRow } from "../../lib/wire/messages.ts";
import { may, type SongRight } from "../../lib/wire/song_rights.ts";
import { Destination } from "./destination.ts";
import type { Choice } from "./choices.ts";
import { GroupActions } from "./group_actions.ts";
import { GroupQueue } from "./group_queue.ts";
import { type GroupRow, Groups } from "./groups.ts";
import { notifyError } from "./notices.ts";
import { Library } from "./library.ts";
import { Waveforms } from "./waveforms.ts";
import { ownState } from "./own_device.ts";
import { Overlays } from "./overlays.ts";
import { PickedSongs } from "./picked_songs.ts";
import { Pictures } from "./pictures.ts";
import { type Place, Places } from "./place.ts";
import { Player } from "./player.ts";
import { describe, Remote } from "./remote.ts";
import { Share } from "./share.ts";
import { type AlbumQuery, Shelves, type SongQuery } from "./shelves.ts";
import { computed, signal } from "./signals.ts";
import type { Tab } from "./tab.ts";
import { Uploads } from "./uploads.ts";

/** Interval at which the positions of groups advance. */
const TICK_MS = 500;

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
  readonly remote = new Remote({
    player: this.player,
    groups: this.groups,
    actions: this.actions,
    destination: this.destination,
    named: (song) => this.library.named(song),
  });
  /** The orders in which albums and songs are listed. */
  readonly orders = {
    albums: signal<AlbumQuery["sort"]>("album"),
    songs: signal<SongQuery["sort"]>("natural"),
  };
  readonly pictures = new Pictures(this.tab);
  readonly places = new Places();
  readonly overlays = new Overlays();
  /** What a search finds. */
  readonly found = new Shelves(this.tab);
  readonly waveforms = new Waveforms(this.tab);
  readonly uploads = new Uploads(this.tab, () => this.refresh());
  readonly share = new Share(this.tab);
  /** How this browser does as a device. */
  readonly own = computed(() =>
    ownState({
      connection: this.tab.connection.value,
      silenced: this.tab.silenced.value,
      now: this.player.now.value,
    })
  );
  /** Installs the page as an app; null: the browser does not offer that. */
  readonly install = signal<(() => void) | null>(null);
  /** Whether this browser may add songs to the server. */
  readonly mayAdd = computed(() => this.#may("upload"));
  /** Whether it may remove and rename them. */
  readonly mayChange = computed(() => this.#may("replace"));
  readonly picked = new PickedSongs();
  /** Whether the page was opened while its server was away. */
  readonly isUnreachable = computed(() =>
    this.tab.connection.value.state === "away" &&
    this.library.songs.value === null
  );
  /** Where the search began; null: at its own place. */
  #searchedFrom: Place | null = null;
  /** Whether the current gesture has just unmuted the page. */
  #woke = false;

  constructor() {
    this.player.describe = (song) => {
      const row = this.library.named(song);
      const cover = row?.art ? this.pictures.address(row, 512) : null;
      return { ...describe(song, row), cover };
    };
    this.tab.onWelcome = (session) => {
      this.groups.watch(session);
      this.refresh();
      this.player.errands.runReady();
    };
    // What waits for a group may have it now.
    this.groups.rows.subscribe(() => this.player.errands.runReady());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.recheck();
    });
    for (const type of ["pointerdown", "keydown"]) {
      document.addEventListener(type, () => this.#touch(), { capture: true });
    }
    // Browsers count a touch as a gesture when the finger is lifted.
    document.addEventListener("pointerup", () => this.#wake());
    // What is selected is of the list that was shown.
    this.places.now.subscribe(() => this.picked.leave());
    onInstallable((install) => this.install.value = install);
    setInterval(() => this.groups.tick(), TICK_MS);
    this.tab.run();
  }

  /** Plays a song at the output, then those that are listed after it. */
  play(song: string, listed = this.library.songs.peek() ?? []): void {
    const songs = playable(listed);
    const at = songs.indexOf(song);
    const { title } = describe(song, this.library.named(song));
    this.remote.choose({ songs, at, title });
  }

  /** Pauses or resumes; plays the first song if there is none. */
  toggle(): void {
    // A user who unmutes a silent page does not want to pause it.
    if (this.#woke) {
      this.#woke = false;
      return this.#wake();
    }
    if (this.remote.song.value !== null) this.remote.toggle();
    else this.playFirst();
  }

  /** Plays the first song in the list. */
  playFirst(): void {
    const [first] = playable(this.library.songs.peek() ?? []);
    if (first !== undefined) this.play(first);
  }

  /** The songs have changed. */
  refresh(): void {
    // What is shown of them is one page, and comes before all songs.
    this.#refreshShelves();
    this.library.refresh();
  }

  /** The songs may have changed. */
  recheck(): void {
    this.library.recheck();
    this.#refreshShelves();
  }

  #refreshShelves(): void {
    for (const shelves of [this.shelves, this.found]) shelves.refresh();
    this.pictures.refresh();
  }

  #may(right: SongRight): boolean {
    const welcome = this.tab.welcome.value;
    return welcome !== null && may(welcome, right);
  }

  /** The key of this tab; undefined until the server has welcomed it. */
  get ownKey(): string | undefined {
    return this.tab.welcome.value?.key;
  }

  /** Plays something in another room, which becomes the output. */
  playOn(row: GroupRow, choice: Choice): void {
    this.destination.choose(row);
    this.actions.play(row, choice);
  }

  /** Makes this browser the output; what plays elsewhere moves here. */
  playHere(): void {
    const from = this.remote.elsewhere.peek();
    const own = this.groups.of(this.ownKey ?? "");
    this.tab.touched();
    this.destination.choose(null);
    if (from === null || from.state === "stopped" || !own) return;
    const me = own.devices.filter(({ key }) => key === this.ownKey);
    this.actions.move(from, me);
  }

  /** Shows what is found; without a text, what was shown before. */
  search(text: string): void {
    this.library.search.value = text;
    this.picked.leave();
    const { now } = this.places;
    if (now.peek().name !== "search") {
      this.#searchedFrom = now.peek();
      this.places.go({ name: "search", what: "" });
    } else if (text === "" && this.#searchedFrom !== null) {
      this.places.go(this.#searchedFrom, true);
      this.#searchedFrom = null;
    }
  }

  /** Goes to the album of a song. */
  async openAlbumOf(
    { album = "", albumArtist, artist }: SongRow,
  ): Promise<void> {
    const from = this.places.now.peek();
    try {
      const session = await this.tab.whenOnline();
      const { albums } = await session
        .request({ type: "albums", match: album, limit: 100 });
      const named = albums.filter((row) => row.album === album);
      const by = named.find((row) => row.artist === (albumArtist ?? artist));
      const found = by ?? named[0] ?? albums[0];
      // Who has gone elsewhere meanwhile stays there.
      if (found && this.places.now.peek() === from) {
        this.places.go({ name: "albums", what: found.key });
      }
    } catch (error) {
      notifyError(error);
    }
  }

  #touch(): void {
    this.#woke = this.tab.silenced.value;
    this.#wake();
  }

  #wake(): void {
    if (this.tab.silenced.value) this.tab.touched();
  }
}

function playable(songs: readonly SongRow[]): string[] {
  return songs.filter(({ format }) => format !== null).map(({ name }) => name);
}
