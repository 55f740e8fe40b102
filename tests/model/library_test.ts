import assert from "node:assert/strict";
import { albumCursor } from "../../lib/model/album_orders.ts";
import { VARIOUS_ARTISTS } from "../../lib/model/album.ts";
import { albumOf } from "../../lib/model/album_of.ts";
import { Catalog } from "../../lib/model/catalog.ts";
import type { Tagged } from "../../lib/model/song_table.ts";
import { songCursor } from "../../lib/model/song_orders.ts";
import type {
  AlbumSort,
  SongQuery,
  SongSort,
} from "../../lib/ports/library.ts";
import type { SongTags } from "../../lib/ports/song_entry.ts";
import { CD } from "../support/memory_songs.ts";
import fc from "../support/fast_check.ts";

function song(name: string, tags: SongTags = {}, more: Partial<Tagged> = {}) {
  const hasTags = Object.keys(tags).length > 0;
  return { name, ...(hasTags && { tags }), ...more };
}

const names = (songs: readonly { name: string }[]) =>
  songs.map(({ name }) => name);

async function albumsOf(songs: readonly Tagged[]) {
  const catalog = new Catalog(songs);
  const { rows } = await catalog.albums();
  return await Promise.all(rows.map(async ({ key, facts }) => {
    const { rows } = await catalog.search({ album: key, sort: "album" });
    return [facts.album, facts.artist, names(rows)];
  }));
}

const GROUPS: [what: string, songs: Tagged[], albums: unknown[]][] = [
  [
    "one title with one album artist, wherever its songs lie",
    [
      song("x/b.wav", { album: "Goldberg", albumArtist: "Gould", track: 2 }),
      song("y/a.wav", { album: "GOLDBERG", albumArtist: "gould", track: 10 }),
      song("y/c.wav", { album: "Goldberg", albumArtist: "Schiff", track: 1 }),
    ],
    [
      ["Goldberg", "Gould", ["x/b.wav", "y/a.wav"]],
      ["Goldberg", "Schiff", ["y/c.wav"]],
    ],
  ],
  [
    "one folder, without an album artist",
    [
      song("x/1.wav", { album: "Hits", artist: "A" }),
      song("x/2.wav", { album: "Hits", artist: "B" }),
      song("y/1.wav", { album: "Hits", artist: "A" }),
    ],
    [
      ["Hits", VARIOUS_ARTISTS, ["x/1.wav", "x/2.wav"]],
      ["Hits", "A", ["y/1.wav"]],
    ],
  ],
  [
    "its discs' folders together, whose numbers are the discs",
    [
      song("Box/CD 2/1.wav", { album: "Box", track: 1 }),
      song("Box/Disc1/9.wav", { album: "Box", track: 9 }),
      song("Box/disk 10/1.wav", { album: "Box", track: 1, disc: 1 }),
      song("Box/0.wav", { album: "Box", track: 5 }),
    ],
    [["Box", "", [
      "Box/0.wav",
      "Box/disk 10/1.wav",
      "Box/Disc1/9.wav",
      "Box/CD 2/1.wav",
    ]]],
  ],
  [
    "a folder without tags, by its name",
    [
      song("Bach/Partitas/10.wav"),
      song("Bach/Partitas/9.wav"),
      song("Bach/Partitas/CD1/1.wav"),
      song("CD 1/1.wav"),
      song("loose.wav"),
    ],
    [
      ["CD 1", "", ["CD 1/1.wav"]],
      ["Partitas", "", [
        "Bach/Partitas/9.wav",
        "Bach/Partitas/10.wav",
        "Bach/Partitas/CD1/1.wav",
      ]],
    ],
  ],
];

for (const [what, songs, albums] of GROUPS) {
  Deno.test(`albums are ${what}`, async () => {
    assert.deepEqual(await albumsOf(songs), albums);
    assert.deepEqual(await albumsOf([...songs].reverse()), albums);
  });
}

Deno.test("an album has the totals of its songs", async () => {
  const format = { ...CD, dataOffset: 44, dataBytes: 176_400 };
  const { rows: [album] } = await new Catalog([
    song("a/1.wav", { year: 1999 }, { format, added: 5, hasArt: true }),
    song("a/2.wav", {}, { format, added: 7 }),
    song("a/3.wav", {}, { format: null }),
  ]).albums();
  assert.deepEqual(album.facts, {
    ...{ album: "a", artist: "", year: 1999, seconds: 2, art: true, added: 7 },
  });
});

Deno.test("the key of an album depends only on its title and artist, or folder", async () => {
  const songs = [
    song("x.wav", { album: "Für Elise", albumArtist: "B", title: "1" }),
    song("y/z.wav", { album: "FUR ELISE", albumArtist: "b" }),
  ];
  const keys = await Promise.all(
    songs.map(async (one) => (await new Catalog([one]).albums()).rows[0].key),
  );
  assert.deepEqual(keys, Array(2).fill("aa35cd653980eddf2af6"));
});

Deno.test("artists include those of songs and of albums, and every one of several", async () => {
  const catalog = new Catalog([
    song("a/1.wav", {
      album: "X",
      artist: "Bach; Gould",
      albumArtist: "Gould",
    }),
    song("a/2.wav", { album: "X", artist: "BACH", albumArtist: "Gould" }),
    song("b.wav", { artist: "Bach" }),
  ]);
  const { rows, total } = await catalog.artists();
  assert.deepEqual([rows.map(({ key: _, ...row }) => row), total], [[
    { artist: "Bach", songs: 3, albums: 1 },
    { artist: "Gould", songs: 2, albums: 1 },
  ], 2]);
  const gould = await catalog.search({ artist: "gould" });
  assert.deepEqual(names(gould.rows), ["a/1.wav", "a/2.wav"]);
  assert.equal((await catalog.albums({ artist: "BACH" })).total, 1);
  assert.equal((await catalog.albums({ artist: "Bac" })).total, 0);
  assert.equal((await catalog.artists({ match: "oul" })).total, 1);
});

const LIBRARY = [
  song("a/10.wav", {
    title: "Zoë",
    album: "One",
    track: 1,
    genre: "Jazz; Folk",
  }, { added: 3 }),
  song("a/9.wav", { title: "Ähre", album: "One", track: 2, artist: "Bach" }, {
    added: 1,
  }),
  song("B/1.wav", { title: "beta 2", album: "Two", genre: "folk" }, {
    added: 2,
  }),
  song("B/2.wav", { title: "beta 10" }),
  song("c.wav", {}, { added: 4 }),
];

const QUERIES: [query: SongQuery, found: string[]][] = [
  [{}, ["B/1.wav", "B/2.wav", "a/10.wav", "a/9.wav", "c.wav"]],
  [{ sort: "natural" }, ["a/9.wav", "a/10.wav", "B/1.wav", "B/2.wav", "c.wav"]],
  [{ sort: "title" }, ["a/9.wav", "B/1.wav", "B/2.wav", "c.wav", "a/10.wav"]],
  [{ sort: "added" }, ["c.wav", "a/10.wav", "B/1.wav", "a/9.wav", "B/2.wav"]],
  [{ sort: "album" }, ["B/2.wav", "a/10.wav", "a/9.wav", "B/1.wav", "c.wav"]],
  [{ match: "zoe one" }, ["a/10.wav"]],
  [{ match: "BACH 9" }, ["a/9.wav"]],
  [{ genre: "FOLK", sort: "natural" }, ["a/10.wav", "B/1.wav"]],
  [{ genre: "jazz; folk" }, ["a/10.wav"]],
  [{ folder: "b" }, ["B/1.wav", "B/2.wav"]],
  [{ folder: "A/", match: "10" }, ["a/10.wav"]],
  [{ folder: "/" }, ["B/1.wav", "B/2.wav", "a/10.wav", "a/9.wav", "c.wav"]],
  [{ folder: "c" }, []],
  [{ album: "nothing" }, []],
  [{ artist: "nobody" }, []],
];

for (const [query, found] of QUERIES) {
  Deno.test(`search() finds songs by ${JSON.stringify(query)}`, async () => {
    const { rows } = await new Catalog(LIBRARY).search(query);
    assert.deepEqual(names(rows), found);
  });
}

Deno.test("search() finds the songs of an album by its key", async () => {
  const catalog = new Catalog(LIBRARY);
  const { rows: albums } = await catalog.albums({ match: "one" });
  const { rows } = await catalog.search({
    album: albums[0].key,
    sort: "album",
  });
  assert.deepEqual(names(rows), ["a/10.wav", "a/9.wav"]);
});

for (const sort of [undefined, "natural", "album", "added", "title"] as const) {
  Deno.test(`a list in the order ${sort} continues after its last song, even if that was removed`, async () => {
    const catalog = new Catalog(LIBRARY);
    const { rows } = await catalog.search({ sort });
    for (const [i, last] of rows.entries()) {
      const after = songCursor(sort, last);
      const behind = names(rows.slice(i + 1));
      const rest = await catalog.search({ sort, after });
      assert.deepEqual(names(rest.rows), behind);
      catalog.delete(last.name);
      const next = await catalog.search({ sort, after });
      assert.deepEqual(names(next.rows), behind);
      catalog.put(last);
    }
  });
}

Deno.test("lists of albums and artists are paged in every order", async () => {
  const songs = Array.from(
    { length: 30 },
    (_, i) =>
      song(`${i % 10}/${i}.wav`, {
        ...{ artist: `Artist ${i % 7}`, year: 1990 + i % 3 },
      }, { added: i }),
  );
  const catalog = new Catalog(songs);
  const sorts: (AlbumSort | undefined)[] = [
    ...[undefined, "album", "artist", "year", "added"] as const,
  ];
  for (const sort of sorts) {
    const { rows: all, total } = await catalog.albums({ sort });
    const seen: string[] = [];
    let after: string | undefined;
    for (let more = true; more;) {
      const page = await catalog.albums({ sort, after, limit: 3 });
      assert.equal(page.total, total);
      seen.push(...page.rows.map(({ id }) => id));
      after = albumCursor(page.rows.at(-1)!);
      more = page.more;
    }
    assert.deepEqual(seen, all.map(({ id }) => id));
  }
  const { rows } = await catalog.artists({ limit: 5 });
  const rest = await catalog.artists({ after: rows.at(-1)?.key });
  assert.deepEqual(
    [...rows, ...rest.rows].map(({ artist }) => artist),
    Array.from({ length: 7 }, (_, i) => `Artist ${i}`),
  );
});

Deno.test("an invalid cursor is refused, whatever its content", async () => {
  const catalog = new Catalog(LIBRARY);
  const text = fc.oneof(
    fc.json(),
    fc.string({ unit: "binary" }),
    fc.array(fc.oneof(fc.string(), fc.double(), fc.constant(null))).map((
      fields,
    ) => JSON.stringify(fields)),
  );
  await fc.assert(fc.asyncProperty(
    text,
    fc.constantFrom<SongSort>("natural", "album", "added", "title"),
    async (after, sort) => {
      const results = await Promise.allSettled([
        catalog.search({ sort, after }),
        catalog.albums({ after }),
        catalog.artists({ after }),
      ]);
      for (const result of results) {
        if (result.status === "rejected") {
          assert.equal(result.reason.code, "not-found");
        }
      }
    },
  ));
});

Deno.test("after any change, albums, artists and orders equal those of a new catalogue", async () => {
  const texts = ["A", "a", "B", "É", "A; B"];
  const tags = fc.record({
    title: fc.constantFrom(...texts),
    artist: fc.constantFrom(...texts),
    album: fc.constantFrom(...texts),
    albumArtist: fc.constantFrom(...texts),
    disc: fc.nat(2),
    track: fc.nat(3),
    year: fc.nat(3),
  }, { requiredKeys: [] });
  const one = fc.tuple(
    fc.constantFrom("", "x/", "x/CD 1/", "Y/"),
    fc.nat(12),
    fc.option(tags, { nil: undefined }),
    fc.nat(3),
  ).map(([folder, number, tags, added]) => ({
    name: `${folder}${number}.wav`,
    tags,
    added,
  }));
  const view = async (catalog: Catalog<Tagged>) => ({
    albums: (await catalog.albums()).rows.map(({ id, rows, facts }) => [
      ...[id, facts.album, facts.artist, facts.year, facts.added, rows.length],
    ]),
    byYear: (await catalog.albums({ sort: "year" })).rows.map(({ id }) => id),
    artists: (await catalog.artists()).rows.map(({ key, songs, albums }) => [
      ...[key, songs, albums],
    ]),
    ...Object.fromEntries(
      await Promise.all(
        (["natural", "album", "added", "title"] as const).map(async (sort) =>
          [sort, names((await catalog.search({ sort })).rows)] as const
        ),
      ),
    ),
  });
  await fc.assert(fc.asyncProperty(
    fc.array(one, { maxLength: 12 }),
    fc.array(fc.oneof(one, fc.nat(30)), { maxLength: 6 }),
    fc.array(one, { maxLength: 12 }),
    async (songs, changes, scanned) => {
      const catalog = new Catalog<Tagged>(songs);
      await view(catalog);
      for (const change of changes) {
        const { songs } = catalog;
        if (typeof change !== "number") catalog.put(change);
        else if (songs.length > 0) {
          catalog.delete(songs[change % songs.length].name);
        }
      }
      const changed = await view(catalog);
      assert.deepEqual(changed, await view(new Catalog(catalog.songs)));
      const turns = { next: () => null };
      const gone = names(catalog.songs.slice(0, 1)).filter((name) =>
        !names(scanned).includes(name)
      );
      const kept = catalog.songs.filter(({ name }) => !gone.includes(name));
      await catalog.change(scanned, gone, turns);
      const all = new Catalog([...kept, ...scanned]);
      assert.deepEqual(await view(catalog), await view(all));
    },
  ));
});

Deno.test("albums, artists and orders of many songs are built in small steps", async () => {
  const songs = Array.from(
    { length: 3000 },
    (_, i) =>
      song(`é ${i % 100}/${i}.wav`, {
        ...{ title: `ä ${i}`, artist: `ö ${i % 50}` },
      }),
  );
  const catalog = new Catalog(songs);
  let steps = 0;
  let turnsTaken = 0;
  let longest = 0;
  const turns = {
    next(more = 1) {
      longest = Math.max(longest, steps += more);
      if (steps < 64) return null;
      steps = 0;
      turnsTaken++;
      return Promise.resolve();
    },
  };
  for (const sort of ["natural", "album", "added", "title"] as const) {
    await catalog.search({ sort }, turns);
  }
  await catalog.albums({}, turns);
  await catalog.artists({}, turns);
  assert.ok(turnsTaken > 1000, `${turnsTaken} turns`);
  assert.ok(longest <= 256 + 64, `${longest} steps at once`);
});

Deno.test("search() finds an album by its title and by its artist, without accents", async () => {
  const catalog = new Catalog([
    song("1.wav", { album: "Élégie", albumArtist: "Fauré" }),
    song("2.wav", { album: "Other", albumArtist: "Fauré" }),
  ]);
  const { rows, total } = await catalog.albums({ match: "faure elegie" });
  assert.deepEqual([rows[0].facts.album, total], ["Élégie", 1]);
});

Deno.test("albumOf() returns no album for an untagged song at the top of the song folder", () => {
  assert.equal(albumOf({ name: "a.wav" }), null);
});
