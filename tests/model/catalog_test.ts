import assert from "node:assert/strict";
import { byName, Catalog, choose, chooseOne } from "../../lib/model/catalog.ts";
import fc from "../support/fast_check.ts";

function named(...names: string[]): { name: string }[] {
  return names.map((name) => ({ name }));
}

function names(songs: readonly { name: string }[]): string[] {
  return songs.map(({ name }) => name);
}

const SONGS = named(
  "live/Ode to Joy.wav",
  "Ode to Joy.wav",
  "Canon in D.wav",
  "Greensleeves.WAV",
  "Für Elise.wave",
);

Deno.test("Catalog sorts by name, in code units", () => {
  const { songs } = new Catalog(named("b.wav", "a.wav", "B.x", "ä", "10", "9"));
  assert.deepEqual(names(songs), ["10", "9", "B.x", "a.wav", "b.wav", "ä"]);
});

Deno.test("Catalog keeps the first by name of those that differ in case or normal form", () => {
  const { songs } = new Catalog(
    named("b.wav", "B.wav", "fu\u0308r.wav", "für.wav"),
  );
  assert.deepEqual(names(songs), ["B.wav", "fu\u0308r.wav"]);
});

Deno.test("find() finds by name in any case, with or without its ending", () => {
  const catalog = new Catalog(SONGS);
  const table: [typed: string, found: string | undefined][] = [
    ["Canon in D.wav", "Canon in D.wav"],
    ["canon in d", "Canon in D.wav"],
    ["LIVE/ode to joy", "live/Ode to Joy.wav"],
    ["ode to joy", "Ode to Joy.wav"],
    ["greensleeves", "Greensleeves.WAV"],
    ["fu\u0308r elise", "Für Elise.wave"],
    ["ode", undefined],
    ["", undefined],
    ["live", undefined],
    ["canon in d.wav.wav", undefined],
  ];
  for (const [typed, found] of table) {
    assert.equal(catalog.find(typed)?.name, found, typed);
  }
});

Deno.test("find() prefers the exact name to one with an ending added", () => {
  const catalog = new Catalog(named("a.wav", "a.wav.wav"));
  assert.equal(catalog.find("a.wav")?.name, "a.wav");
  assert.equal(catalog.find("a")?.name, "a.wav");
});

Deno.test("page() searches for all words, in any case and order", () => {
  const catalog = new Catalog(SONGS);
  const table: [match: string, found: string[]][] = [
    ["ode", ["Ode to Joy.wav", "live/Ode to Joy.wav"]],
    ["JOY ode", ["Ode to Joy.wav", "live/Ode to Joy.wav"]],
    ["live joy", ["live/Ode to Joy.wav"]],
    ["  ", names(catalog.songs)],
    ["", names(catalog.songs)],
    ["für", ["Für Elise.wave"]],
    ["rock", []],
  ];
  for (const [match, found] of table) {
    assert.deepEqual(names(catalog.page({ match }).rows), found, match);
  }
});

Deno.test("page() goes through a list without gap or repeat", () => {
  const song = fc.string({ unit: "grapheme", minLength: 1, maxLength: 4 });
  fc.assert(fc.property(
    fc.array(song),
    fc.integer({ min: 1, max: 7 }),
    (all, limit) => {
      const catalog = new Catalog(named(...all));
      const seen: string[] = [];
      let after: string | undefined;
      for (let more = true; more;) {
        const page = catalog.page({ after, limit });
        assert.equal(page.total, catalog.songs.length);
        assert.ok(page.rows.length === limit || !page.more);
        seen.push(...names(page.rows));
        more = page.more;
        after = seen.at(-1);
      }
      assert.deepEqual(seen, names(catalog.songs));
      assert.deepEqual(seen, [...seen].sort((a, b) => a < b ? -1 : 1));
    },
  ));
});

Deno.test("page() goes on after a name that is gone", () => {
  const catalog = new Catalog(named("a", "c", "d"));
  assert.deepEqual(names(catalog.page({ after: "b" }).rows), ["c", "d"]);
  assert.deepEqual(catalog.page({ after: "d" }), {
    rows: [],
    more: false,
    total: 3,
  });
});

Deno.test("byName() is an order", () => {
  const [a, b] = named("a", "b");
  assert.equal(byName(a, b), -1);
  assert.equal(byName(b, a), 1);
  assert.equal(byName(a, { name: "a" }), 0);
});

Deno.test("choose() takes what a person types", () => {
  const table: [typed: string, chosen: string][] = [
    ["Ode to Joy.wav", "Ode to Joy.wav"],
    ["live/ode to joy", "live/Ode to Joy.wav"],
    ["CANON IN D", "Canon in D.wav"],
    ["green", "Greensleeves.WAV"],
    ["für", "Für Elise.wave"],
    ["live/o", "live/Ode to Joy.wav"],
  ];
  for (const [typed, chosen] of table) {
    const choice = choose(SONGS, typed);
    assert.equal(choice.kind === "one" && choice.song.name, chosen, typed);
  }
});

Deno.test("choose() prefers the whole name to one in a folder", () => {
  const choice = choose(SONGS, "ode to joy");
  assert.deepEqual(choice, { kind: "one", song: SONGS[1] });
});

Deno.test("choose() gives all when several fit equally well", () => {
  const songs = named("x/a.wav", "y/a.wav", "b.wav");
  assert.deepEqual(choose(songs, "a"), {
    kind: "many",
    songs: [songs[0], songs[1]],
  });
  assert.equal(choose(songs, "").kind, "many");
});

Deno.test("choose() gives the nearest when none fits", () => {
  const choice = choose(SONGS, "cannon in d");
  assert.equal(choice.kind, "none");
  assert.equal(
    choice.kind === "none" && choice.nearest[0].name,
    "Canon in D.wav",
  );
  assert.deepEqual(choose(SONGS, "xylophone quartet"), {
    kind: "none",
    nearest: [],
  });
  assert.deepEqual(choose([], "a"), { kind: "none", nearest: [] });
});

Deno.test("chooseOne() throws what was meant when it is not clear", () => {
  const songs = named("x/a.wav", "y/a.wav");
  assert.throws(() => chooseOne(songs, "a"), {
    code: "ambiguous",
    message: /x\/a\.wav, y\/a\.wav/,
  });
  assert.throws(() => chooseOne(SONGS, "grensleves"), {
    code: "not-found",
    message: /nearest: Greensleeves\.WAV/,
  });
  assert.equal(chooseOne(songs, "x/a").name, "x/a.wav");
});

Deno.test("chooseOne() names only some when very many fit", () => {
  const songs = named(...Array.from({ length: 5000 }, (_, i) => `a${i}.wav`));
  assert.throws(
    () => chooseOne(songs, "a"),
    ({ message }: Error) => message.length < 300 && message.endsWith("…"),
  );
});
