/**
 * Opens what each plain stream is made of. What only few servers send is loaded
 * when it is first needed.
 *
 * @module
 */

import type { SongFiles } from "../io/songs/song_files.ts";
import type { OpenOptions, OpenSong } from "../ports/server.ts";
import { playable } from "../server/find_song.ts";
import type { Framer } from "../server/framer.ts";
import { findDevices } from "../server/groups/targets.ts";
import type { Hub } from "../server/hub.ts";
import { PlainRow } from "../server/plain_row.ts";
import { type PlainSource, songSource } from "../server/plain_source.ts";
import { type StreamChoice, streamSong } from "./stream_song.ts";

export interface PlainSourcesWorld {
  readonly hub: Hub;
  readonly files: SongFiles;
  readonly framer: Framer;
  /** Whether songs repeat endlessly. */
  readonly loop: boolean;
}

export class PlainSources {
  readonly #choice: StreamChoice;
  readonly #world: PlainSourcesWorld;
  /** What the group plays, for all who listen. */
  #tap: Promise<{ open(): OpenSong }> | null = null;

  constructor(choice: StreamChoice, world: PlainSourcesWorld) {
    this.#choice = choice;
    this.#world = world;
  }

  /** @throws {OndacastError} `no-songs`, `not-found`, … */
  open(use: OpenOptions): Promise<PlainSource> {
    const choice = this.#choice;
    return OPEN[choice.kind](this, choice as never, use);
  }

  async song(name: string | null, use: OpenOptions): Promise<PlainSource> {
    const { hub: { songs }, files, framer, loop } = this.#world;
    const song = await songs.open(streamSong({ songs, files }, name), use);
    return songSource(song, framer, loop);
  }

  async row(selection: string, use: OpenOptions): Promise<PlainSource> {
    const { hub: { songs, clock }, framer: { pages }, loop } = this.#world;
    const { songs: names } = await songs.library.select(selection);
    const { openResampler } = await import("../io/sinks/open_resampler.ts");
    return await PlainRow.open(names, {
      open: (name) => songs.open(playable(songs.get(name), name), use),
      ...{ pages, openResampler, loop },
      pause: () => clock.sleep(0),
    });
  }

  async group(name: string): Promise<PlainSource> {
    const tap = await (this.#tap ??= this.#openTap(name));
    return songSource(tap.open(), this.#world.framer, false);
  }

  async #openTap(name: string): Promise<{ open(): OpenSong }> {
    const { hub: { groups, presence, clock } } = this.#world;
    const [{ GroupTap }, { openResampler }] = await Promise.all([
      import("../adapters/tap/group_tap.ts"),
      import("../io/sinks/open_resampler.ts"),
    ]);
    return new GroupTap(name, {
      find: () => groups.group(findDevices(groups, presence, name)[0]),
      ...{ clock, openResampler },
    });
  }
}

type Open<K extends StreamChoice["kind"]> = (
  from: PlainSources,
  choice: StreamChoice & { kind: K },
  use: OpenOptions,
) => Promise<PlainSource>;

const OPEN: { [K in StreamChoice["kind"]]: Open<K> } = {
  song: (from, { name }, use) => from.song(name, use),
  row: (from, { selection }, use) => from.row(selection, use),
  group: (from, { name }) => from.group(name),
};
