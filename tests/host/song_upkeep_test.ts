import assert from "node:assert/strict";
import { keepSongs } from "../../lib/host/song_upkeep.ts";
import { TaskGroup } from "../../lib/host/task_group.ts";
import type { SongFiles } from "../../lib/io/songs/song_files.ts";

/** For how long removed songs are kept, each time old ones are deleted. */
async function expiries(keepRemovedMs?: number | null): Promise<number[]> {
  const kept: number[] = [];
  const songs = {
    scanned: new Promise<void>(() => {}),
    expireRemoved: (keepMs: number) => Promise.resolve(void kept.push(keepMs)),
  } as unknown as SongFiles;
  const end = new AbortController();
  const work = new TaskGroup((error) => {
    throw error;
  });
  keepSongs({ songs, work, signal: end.signal }, { keepRemovedMs });
  end.abort();
  await work.over();
  return kept;
}

Deno.test("removed songs are deleted after 30 days, another time, or never", async () => {
  assert.deepEqual(await expiries(), [2_592_000_000]);
  assert.deepEqual(await expiries(5), [5]);
  assert.deepEqual(await expiries(null), []);
});
