import assert from "node:assert/strict";
import { allPages } from "../../lib/client/all_pages.ts";
import { listOnline } from "../../lib/client/online_list.ts";
import { listSongs } from "../../lib/client/song_list.ts";

const BOUNDS = { rows: 2500, characters: 100_000 };

/** Asks a server whose pages are made by their number. */
function list(page: (number: number) => { rows: string[]; more: boolean }) {
  let asked = 0;
  const rows = allPages<string>({
    what: "songs",
    bounds: BOUNDS,
    cursor: (row) => row,
    ask: () => Promise.resolve(page(asked++)),
  });
  return { rows, asked: () => asked };
}

const thousand = (number: number) =>
  Array.from({ length: 1000 }, (_, i) => `${number * 1000 + i}`);

Deno.test("allPages() gives all rows, to the last page or the first empty one", async () => {
  const two = list((number) => ({ rows: thousand(number), more: number < 1 }));
  assert.equal((await two.rows).length, 2000);
  const empty = list((number) => ({
    rows: number < 2 ? thousand(number) : [],
    more: true,
  }));
  assert.equal((await empty.rows).length, 2000);
});

Deno.test("allPages() refuses a list without an end", async () => {
  const many = list((number) => ({ rows: thousand(number), more: true }));
  await assert.rejects(many.rows, { code: "too-large" });
  assert.equal(many.asked(), 3);
  const long = list((number) => ({
    rows: [`${number}`.padStart(40_000)],
    more: true,
  }));
  await assert.rejects(long.rows, { code: "too-large" });
  assert.equal(long.asked(), 3);
});

Deno.test("allPages() refuses pages that come again", async () => {
  for (const period of [1, 2]) {
    const round = list((number) => ({
      rows: [`${number % period}`],
      more: true,
    }));
    await assert.rejects(round.rows, { code: "bad-message" });
    assert.equal(round.asked(), period + 1);
  }
});

Deno.test("listSongs() and listOnline() refuse a page that comes again", async () => {
  const request = ({ type }: { type: string }) =>
    Promise.resolve(
      type === "list"
        ? { type: "songs", songs: [{ name: "a.wav" }], more: true }
        : { type: "online", clients: [{ key: "k" }], more: true },
    );
  const session = { request } as unknown as Parameters<typeof listSongs>[0];
  await assert.rejects(listSongs(session), { code: "bad-message" });
  await assert.rejects(listOnline(session), { code: "bad-message" });
});
