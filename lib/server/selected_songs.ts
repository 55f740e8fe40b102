/**
 * The songs that the selections of a request name, within its client's allowance.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import { MOST } from "../model/queue_bounds.ts";
import type { Texts } from "../ports/library.ts";
import type { Caller } from "./caller.ts";
import { checkReached, type Refusal, refusal } from "./cast.ts";
import { searchCost } from "./cost.ts";

/**
 * The songs of all selections, in order.
 *
 * @throws {OndacastError} If there are none; `too-large`.
 */
export async function selectedSongs(
  caller: Caller,
  selections: readonly string[],
): Promise<{ songs: Texts; refused: Refusal[] }> {
  const { hub, rateLimit } = caller;
  const found: Texts[] = [];
  const refused: Refusal[] = [];
  let count = 0;
  for (const selection of selections) {
    const songs = await selectOne(caller, selection, refused);
    found.push(songs);
    count += songs.length;
    if (count > MOST.entries) throw tooMany();
    // A thousand selections may each search all albums.
    if (rateLimit.waitMs === 0) continue;
    await hub.clock.sleep(rateLimit.waitMs);
    rateLimit.refill(hub.clock.now());
  }
  checkReached(count, refused);
  const [first] = found;
  const songs = found.length === 1 ? first : found.flatMap((it) => [...it]);
  return { songs, refused };
}

async function selectOne(
  caller: Caller,
  selection: string,
  refused: Refusal[],
): Promise<Texts> {
  const { library } = caller.hub.songs;
  try {
    const found = await library.select(selection, () => caller.isEnding);
    caller.rateLimit.spend(searchCost(found.compared, selection.length));
    return found.songs;
  } catch (thrown) {
    if (!(thrown instanceof OndacastError)) throw thrown;
    refused.push(refusal(selection, thrown));
    return [];
  }
}

function tooMany(): OndacastError {
  return new OndacastError(
    "too-large",
    `Cannot queue these songs: there are more than ${MOST.entries}`,
  );
}
