import assert from "node:assert/strict";
import { SharedPlaylists } from "../../lib/cluster/shared_playlists.ts";
import { OndacastError } from "../../lib/errors.ts";
import type { SongLibrary } from "../../lib/ports/library.ts";

const row = (name: string) => ({ name, songs: 1, missing: 0 });
const own = {
  playlists: () =>
    Promise.resolve({
      ...{ rows: [row("a.m3u")], total: 1, more: false, compared: 1 },
    }),
  select(selection: string) {
    if (selection === "playlist:a.m3u") {
      return Promise.resolve({ songs: ["here"], compared: 1 });
    }
    return Promise.reject(new OndacastError("not-found", "no such list"));
  },
} as Partial<SongLibrary> as SongLibrary;

const server = (name: string, ...lists: string[]) => ({
  name,
  list: () => Promise.resolve(lists.map(row)),
  songs: (list: string) => Promise.resolve([`${name}:${list}`]),
});
const silent = {
  name: "c",
  list: () => Promise.reject(new OndacastError("lost", "it is away")),
  songs: () => Promise.reject(new OndacastError("lost", "it is away")),
};

const lists = new SharedPlaylists(own, "here", () => [
  server("b", "a.m3u", "b.m3u"),
  silent,
  server("d", "b.m3u"),
]);

Deno.test("playlists of others have their bare names, unless an earlier server has them", async () => {
  const { rows, total } = await lists.list();
  assert.deepEqual(
    rows.map(({ name }) => name),
    ["a.m3u", "b:a.m3u", "b.m3u", "d:b.m3u"],
  );
  assert.equal(total, 4);
});

for (
  const [name, songs] of [
    ["a.m3u", "here"],
    ["here:a.m3u", "here"],
    ["b:a.m3u", "b:a.m3u"],
    ["b.m3u", "b:b.m3u"],
    ["d:b.m3u", "d:b.m3u"],
    ["nowhere.m3u", "not-found"],
    ["c:b.m3u", "lost"],
  ]
) {
  Deno.test(`playlist:${name} selects ${songs}`, async () => {
    const selecting = lists.select(name);
    if (/^[a-z-]+$/.test(songs) && songs !== "here") {
      await assert.rejects(selecting, { code: songs });
    } else assert.deepEqual((await selecting).songs, [songs]);
  });
}
