/**
 * What plays at the chosen output, and its controls: this browser's own player, or
 * the group of another room.
 *
 * @module
 */

import type { SongRow } from "../../lib/wire/messages.ts";
import type { Destination } from "./destination.ts";
import type { Choice } from "./choices.ts";
import type { GroupActions } from "./group_actions.ts";
import type { GroupRow, Groups } from "./groups.ts";
import { notifyError } from "./notices.ts";
import type { Player } from "./player.ts";
import { computed } from "./signals.ts";
import { titleOf } from "./words.ts";

/** Songs of a choice that is played in this browser, at most. */
const MOST_SONGS = 1_000;

/** A song that plays or is paused. */
export interface Shown {
  song: string;
  title: string;
  artist: string | null;
}

/** What the remote controls. */
export interface Controlled {
  player: Player;
  groups: Groups;
  actions: GroupActions;
  destination: Destination;
  /** A song by its name, where it is known. */
  named(song: string): SongRow | undefined;
}

export class Remote {
  readonly #it: Controlled;
  /** The group of another room; null: this browser, or a group that it is in. */
  readonly elsewhere = computed<GroupRow | null>(() => {
    const { destination } = this.#it;
    return destination.isHere.value ? null : destination.group.value;
  });
  /** The group that is controlled, where the server has groups. */
  readonly group = computed<GroupRow | null>(() => {
    const { destination, groups } = this.#it;
    const { value: id } = destination.id;
    return id === undefined ? null : groups.get(id) ?? null;
  });
  /** The song; null: nothing plays. It changes less often than its position. */
  readonly song = computed(() => {
    const { value: row } = this.elsewhere;
    if (row) return row.state === "stopped" ? null : row.song;
    return this.#it.player.song.value;
  });
  readonly isPaused = computed(() => {
    const { value: row } = this.elsewhere;
    return row ? row.state !== "playing" : this.#it.player.paused.value;
  });
  readonly seconds = computed<number | null>(() => {
    const { value: row } = this.elsewhere;
    if (row) return row.seconds;
    return this.#it.player.now.value?.state?.lengthSeconds ?? null;
  });

  constructor(it: Controlled) {
    this.#it = it;
  }

  /** What plays; null: nothing. */
  get shown(): Shown | null {
    const { value: song } = this.song;
    if (song === null) return null;
    const known = this.#it.named(song);
    const { title, artist } = describe(song, known);
    const row = known ? null : this.elsewhere.value;
    return {
      song,
      title: row?.title ?? title,
      artist: row?.artist ?? artist,
    };
  }

  /** Where its song is, in seconds; it moves as time passes. */
  get position(): number {
    const { value: row } = this.elsewhere;
    if (row) return this.#it.groups.positionOf(row);
    return this.#it.player.now.value?.state?.positionSeconds ?? 0;
  }

  /** Of the group of another room, or of this browser: 0 to 100. */
  get volume(): number {
    const { value: row } = this.elsewhere;
    return row ? row.volume : this.#it.player.volume.value;
  }

  get isMuted(): boolean {
    const row = this.group.value;
    return row !== null && row.devices.every(({ muted }) => muted);
  }

  /** Plays songs at the output, or adds them to its queue. */
  async choose(choice: Choice): Promise<void> {
    const { actions, player, destination } = this.#it;
    await destination.whenKnown();
    const { value: elsewhere } = this.elsewhere;
    if (elsewhere) return await actions.play(elsewhere, choice);
    player.tab.touched();
    const { place = "now", songs, at = 0, shuffle = false } = choice;
    const isList = place === "now" && !shuffle && !isSelection(songs);
    const { value: own } = this.group;
    if (own && !isList) return await actions.play(own, choice);
    // A browser that takes no songs of others has no queue on the server.
    const names = await this.#namesOf(songs);
    if (names.length > 0) player.play(names, names[at]);
  }

  /** Pauses or resumes. */
  toggle(): void {
    const { value: row } = this.elsewhere;
    if (!row) return this.#it.player.toggle();
    const action = row.state === "playing" ? "pause" : "resume";
    this.#it.actions.control(row, { action });
  }

  next(): void {
    const { value: row } = this.elsewhere;
    if (!row) return this.#it.player.next();
    this.#it.actions.control(row, { action: "next", ...entryOf(row) });
  }

  previous(): void {
    const { value: row } = this.elsewhere;
    if (row) this.#it.actions.control(row, { action: "previous" });
    else this.#it.player.previous();
  }

  seek(seconds: number): void {
    const { value: row } = this.elsewhere;
    if (row) {
      this.#it.actions.control(row, { action: "seek", value: seconds });
    } else this.#it.player.seek(seconds);
  }

  /** Seeks by seconds, backwards if negative. */
  skip(seconds: number): void {
    if (this.elsewhere.value) this.seek(Math.max(0, this.position + seconds));
    else this.#it.player.skip(seconds);
  }

  setVolume(percent: number): void {
    const { value: row } = this.elsewhere;
    if (row) this.#it.actions.setVolume(row, percent);
    else this.#it.player.setVolume(percent);
  }

  /** Mutes all devices of the output, or none. */
  mute(on: boolean): void {
    for (const device of this.group.value?.devices ?? []) {
      this.#it.actions.mute(device, on);
    }
  }

  shuffle(on: boolean): void {
    const row = this.group.value;
    if (row) this.#it.actions.control(row, { action: "shuffle", value: on });
  }

  /** The next of off, all and one. */
  repeat(): void {
    const row = this.group.value;
    if (!row) return;
    const value = ({ off: "all", all: "one", one: "off" } as const)[row.repeat];
    this.#it.actions.control(row, { action: "repeat", value });
  }

  /** Makes other devices the output; the music moves there and goes on. */
  moveTo(to: GroupRow): void {
    const { actions, destination } = this.#it;
    const from = this.group.value;
    destination.choose(to);
    const plays = from !== null && from.songs > 0 && from.state !== "stopped";
    if (plays && from.group !== to.group && to.state !== "playing") {
      actions.move(from, to.devices);
    }
  }

  /** The names of the songs of a selection. */
  async #namesOf(songs: readonly string[]): Promise<readonly string[]> {
    if (!isSelection(songs)) return songs;
    const [selection] = songs;
    try {
      const session = await this.#it.player.tab.whenOnline();
      const { songs: rows } = await session
        .request({ type: "list", selection, limit: MOST_SONGS });
      return rows.filter(({ format }) => format !== null)
        .map(({ name }) => name);
    } catch (error) {
      notifyError(error);
      return [];
    }
  }
}

/** Whether a choice is one selection, and not a list of songs. */
function isSelection(songs: readonly string[]): boolean {
  const [first] = songs;
  return songs.length === 1 &&
    /^(album|artist|playlist):|\/$|^\*$/.test(first);
}

/** How a song is shown: by its tags, else by its name. */
export function describe(
  name: string,
  row: Partial<Pick<SongRow, "title" | "artist" | "album">> = {},
): { title: string; artist: string | null; album: string | null } {
  const { title, artist = null, album = null } = row;
  // The server makes a title of the name where there are no tags.
  const isTagged = artist !== null || album !== null;
  return { title: (isTagged && title) || titleOf(name), artist, album };
}

function entryOf({ entry }: GroupRow): { entry?: number } {
  return entry === null ? {} : { entry };
}
