/**
 * What a queue at another server is to get: selections that mean the same at every
 * server as they are, songs and playlists by names that do.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import { parseSelection } from "../model/selection.ts";
import type { Clock } from "../ports/common.ts";
import type { SongStore } from "../ports/server.ts";
import type { SongEntry } from "../ports/song_entry.ts";
import { searchCost } from "../server/cost.ts";
import type { Asker } from "../server/elsewhere.ts";

/** What one `queue` can name. */
const MOST_NAMES = 1_000;
/** UTF-16 code units of them, which are 3 bytes each at most. */
const MOST_LETTERS = 300_000;

export interface SelectionsWorld {
  readonly songs: Pick<SongStore, "get" | "library">;
  readonly clock: Clock;
  /** The number of all songs. */
  total(): number;
  /** The name that reaches a song from every server. */
  fullName(entry: SongEntry): string;
}

/** @throws {OndacastError} `too-large`. */
export async function passedSelections(
  { songs, clock, total, fullName }: SelectionsWorld,
  { rateLimit, isEnding }: Asker,
  selections: readonly string[],
): Promise<string[]> {
  const named: string[] = [];
  let letters = 0;
  for (const selection of selections) {
    const { kind } = parseSelection(selection);
    const isMoved = kind === "song" || kind === "playlist";
    const { names, compared } = isMoved
      ? await select(selection)
      : { names: [selection], compared: total() };
    rateLimit.spend(searchCost(compared, selection.length));
    for (const name of names) {
      named.push(name);
      letters += name.length;
    }
    if (named.length > MOST_NAMES || letters > MOST_LETTERS) {
      throw tooMany(named.length);
    }
    if (rateLimit.waitMs === 0 || isEnding) continue;
    await clock.sleep(rateLimit.waitMs);
    rateLimit.refill(clock.now());
  }
  return named;

  async function select(selection: string) {
    try {
      const { songs: found, compared } = await songs.library.select(selection);
      const entries = Array.from(found, (name) => songs.get(name));
      const names = entries.filter((it) => it !== undefined).map(fullName);
      return { names, compared };
    } catch (error) {
      if (!(error instanceof OndacastError)) throw error;
      // It is refused there like others that mean nothing.
      return { names: [selection], compared: 1 };
    }
  }
}

function tooMany(count: number): OndacastError {
  return new OndacastError(
    "too-large",
    `Cannot queue ${count} songs at another server: expected at most ${MOST_NAMES} of shorter names, or a folder, an album or an artist`,
  );
}
