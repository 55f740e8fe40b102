/**
 * `ondacast cache list`, `verify`, `clear`, `path`.
 *
 * @module
 */

import { format as formatBytes } from "@std/fmt/bytes";
import { OndacastError } from "../errors.ts";
import { sortNaturally } from "../model/natural_order.ts";
import type { CacheAction } from "./cache_actions.ts";
import type { ClientContext } from "./client_context.ts";
import { counted, table } from "./text.ts";

/** Does one of the actions on the cache. */
export function cacheCommand(
  context: ClientContext,
  action: CacheAction,
): Promise<void> {
  return WORK[action](context);
}

const WORK: Record<CacheAction, (context: ClientContext) => Promise<void>> = {
  list,
  verify,
  clear,
  path,
};

async function path(context: ClientContext): Promise<void> {
  const { folder } = await context.openCache();
  if (context.options.json) context.printJson(folder);
  else context.say(folder);
}

async function list(context: ClientContext): Promise<void> {
  const entries = await (await context.openCache()).list();
  if (context.options.json) return context.printJson(entries);
  const rows = sortNaturally(entries, ({ song }) => song).map((entry) => [
    entry.song,
    entry.whole
      ? formatBytes(entry.bytes)
      : `${formatBytes(entry.storedBytes)} of ${formatBytes(entry.bytes)}`,
    entry.server,
  ]);
  for (const line of table(rows, context.columns)) context.say(line);
  if (rows.length === 0) context.say("the cache is empty");
}

async function verify(context: ClientContext): Promise<void> {
  let damaged = 0;
  let right = 0;
  const cache = await context.openCache();
  for (const entry of await cache.list()) {
    if (!entry.whole) continue;
    const ok = await cache.check(entry);
    if (ok) {
      right++;
    } else {
      damaged++;
      await cache.remove(entry);
    }
    if (context.options.json) context.printJson({ song: entry.song, ok });
    else if (!ok) context.say(`damaged, removed: ${entry.song}`);
  }
  context.say(
    `complete songs: ${right} intact, ${damaged} damaged`,
  );
  if (damaged > 0) {
    throw new OndacastError(
      "bad-hash",
      `${damaged} cached songs were damaged; they are fetched again when played`,
    );
  }
}

async function clear(context: ClientContext): Promise<void> {
  const cache = await context.openCache();
  let removed = 0;
  for (const entry of await cache.list()) {
    if (await cache.remove(entry)) removed++;
  }
  if (context.options.json) context.printJson({ removed });
  else context.say(`removed ${counted(removed, "song")}`);
}
