import assert from "node:assert/strict";
import { Catalog } from "../../lib/model/catalog.ts";
import type { Named } from "../../lib/model/song_table.ts";
import { choose, chooseOne } from "../../lib/model/choose.ts";
import type { SongQuery } from "../../lib/ports/library.ts";
import type { Turns } from "../../lib/ports/server.ts";
import { compareNatural } from "../../lib/model/natural_order.ts";
import { MAX_NAME_BYTES } from "../../lib/model/song_name.ts";
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

/** Names that differ from another name only in case or normal form. */
const TWINS = named(
  "b.wav",
  "B.wav",
  "fu\u0308r.wav",
  "f\u00fcr.wav",
  "case/SONG.WAVE",
  "case/Song.wav",
  "case/song.wav",
  "same/x.wav",
  "same/x.wave",
  "only/A.WAVE",
  "double.wav.wav",
  "DOUBLE.WAV",
);

Deno.test("Catalog keeps all twins, and one song per name", () => {
  const { songs } = new Catalog([...TWINS, ...TWINS]);
  assert.deepEqual(names(songs), names(TWINS).sort());
});

Deno.test("find() finds each twin by its exact name", () => {
  const catalog = new Catalog(TWINS);
  for (const song of TWINS) assert.equal(catalog.find(song.name), song);
});

Deno.test("find() prefers the exact name, with or without its ending", () => {
  const catalog = new Catalog(TWINS);
  const table: [typed: string, found: string | undefined | "ambiguous"][] = [
    ["b", "b.wav"],
    ["B", "B.wav"],
    ["b.WAV", "ambiguous"],
    ["fu\u0308r", "fu\u0308r.wav"],
    ["f\u00fcr", "f\u00fcr.wav"],
    ["FÜR", "ambiguous"],
    ["case/song", "case/song.wav"],
    ["case/Song", "case/Song.wav"],
    ["case/SONG", "case/SONG.WAVE"],
    ["case/sONG", "ambiguous"],
    ["case/song.wave", "case/SONG.WAVE"],
    ["CASE/SONG.WAV", "ambiguous"],
    ["same/x", "same/x.wav"],
    ["SAME/X", "same/x.wav"],
    ["same/x.WAVE", "same/x.wave"],
    ["only/a", "only/A.WAVE"],
    ["double.wav", "DOUBLE.WAV"],
    ["double.wav.wav", "double.wav.wav"],
    ["DOUBLE", "DOUBLE.WAV"],
    ["double", "DOUBLE.WAV"],
    ["c", undefined],
  ];
  for (const [typed, found] of table) {
    if (found === "ambiguous") {
      assert.throws(() => catalog.find(typed), { code: "ambiguous" }, typed);
    } else assert.equal(catalog.find(typed)?.name, found, typed);
  }
});

Deno.test("find() throws with some of the candidates, in one safe line, when a name is ambiguous", () => {
  const twins = ["a", "A"].flatMap((a) =>
    ["b", "B"].flatMap((b) =>
      ["c", "C"].map((c) => `${a}${b}${c}\u200b\u2028.wav`)
    )
  );
  assert.throws(
    () => new Catalog(named(...twins)).find("aBC\u200b\u2028.WAV"),
    ({ message }: Error) =>
      /"ABC\\u200b\\u2028\.wav".*…$/.test(message) && message.length < 300,
  );
});

Deno.test("put() and delete() do not affect pages and searches in progress", async () => {
  const catalog = new Catalog<Named & { n?: number }>(TWINS);
  await catalog.search({ sort: "natural" });
  catalog.put({ name: "b.wav", n: 1 });
  assert.equal(catalog.size, TWINS.length);
  assert.deepEqual(catalog.get("b.wav"), { name: "b.wav", n: 1 });
  assert.deepEqual(catalog.get("B.wav"), { name: "B.wav" });
  catalog.delete("b.wav");
  catalog.delete("never there.wav");
  assert.equal(catalog.find("b.wav")?.name, "B.wav");
  catalog.put({ name: "a 10.wav" });
  catalog.put({ name: "a 9.wav" });
  assert.deepEqual(names(catalog.songs), [
    ...["B.wav", "DOUBLE.WAV", "a 10.wav", "a 9.wav"],
    ...names(catalog.songs).slice(4),
  ]);
  const { rows } = await catalog.search({ sort: "natural", limit: 3 });
  assert.deepEqual(names(rows), ["a 9.wav", "a 10.wav", "B.wav"]);
  for (const { name } of [...catalog.songs]) catalog.delete(name);
  assert.equal(catalog.size, 0);
  assert.equal(catalog.find("b"), undefined);
});

Deno.test("change() puts and deletes songs in small steps", async () => {
  const catalog = new Catalog(TWINS);
  const turns = new CountingTurns();
  const gone = names(TWINS.slice(0, 5));
  await catalog.change(named("z.wav", "B.wav", "a.wav"), gone, turns);
  const songs = [...TWINS.slice(5), ...named("z.wav", "a.wav")];
  assert.deepEqual(catalog.songs, new Catalog(songs).songs);
  assert.equal(catalog.find("b"), undefined);
  assert.equal(turns.turns, 2);
});

Deno.test("change() makes the same catalogue as the constructor", async () => {
  const songs = [...TWINS, ...named("z.wav", "B.wav", "é.wav")];
  for (const before of [TWINS, []]) {
    const catalog = new Catalog(before);
    await catalog.change(songs, [], new CountingTurns());
    assert.deepEqual(catalog.songs, new Catalog(songs).songs);
    assert.equal(catalog.find("É")?.name, "é.wav");
    assert.deepEqual(
      catalog.twins("b.WAV").sort(),
      ["B.wav", "b.wav"],
    );
  }
});

Deno.test("building, sorting and searching a large catalogue take short steps only", async () => {
  const songs = named(
    ...Array.from({ length: 5000 }, (_, i) => `Ártist ${i % 70}/${i}.wav`),
  );
  const work: Record<string, (turns: Turns) => Promise<unknown>> = {
    build: (turns) => new Catalog().change(songs, [], turns),
    sort: (turns) => new Catalog(songs).search({ sort: "natural" }, turns),
    search: (turns) => new Catalog(songs).search({ match: "zzz" }, turns),
  };
  for (const [what, run] of Object.entries(work)) {
    const turns = new CountingTurns();
    await run(turns);
    assert.ok(turns.turns > 70, `${what}: ${turns.turns} turns`);
    // Items sorted in one go, and steps made before.
    assert.ok(turns.longest <= 256 + 64, `${what}: ${turns.longest} steps`);
  }
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

/** Counts steps, and yields at every 64th. */
class CountingTurns {
  /** The most steps between two turns. */
  longest = 0;
  turns = 0;
  #steps = 0;

  next(steps = 1): Promise<void> | null {
    this.#steps += steps;
    this.longest = Math.max(this.longest, this.#steps);
    if (this.#steps < 64) return null;
    this.#steps = 0;
    this.turns++;
    return Promise.resolve();
  }
}

Deno.test("search() finds all words, in any case and order, whatever their accents", async () => {
  const catalog = new Catalog(SONGS);
  const table: [match: string, found: string[]][] = [
    ["ode", ["Ode to Joy.wav", "live/Ode to Joy.wav"]],
    ["JOY ode", ["Ode to Joy.wav", "live/Ode to Joy.wav"]],
    ["live joy", ["live/Ode to Joy.wav"]],
    ["  ", names(catalog.songs)],
    ["", names(catalog.songs)],
    ["für", ["Für Elise.wave"]],
    ["fur élise", ["Für Elise.wave"]],
    ["ＦＵ\u0308R", ["Für Elise.wave"]],
    ["rock", []],
    ["rock ode", []],
  ];
  for (const [match, found] of table) {
    assert.deepEqual(
      names((await catalog.search({ match })).rows),
      found,
      match,
    );
  }
});

for (const sort of [undefined, "natural"] as const) {
  Deno.test(`search() sorted by ${sort ?? "name"} pages through a list without gaps or repeats`, async () => {
    const song = fc.string({ unit: "grapheme", minLength: 1, maxLength: 4 });
    await fc.assert(fc.asyncProperty(
      fc.array(fc.oneof(song, fc.nat(120).map(String))),
      fc.integer({ min: 1, max: 7 }),
      async (all, limit) => {
        const catalog = new Catalog(named(...all));
        const seen: string[] = [];
        let after: string | undefined;
        for (let more = true; more;) {
          const query: SongQuery = { sort, after, limit };
          const page = await catalog.search(query);
          assert.ok(page.rows.length === limit || !page.more);
          seen.push(...names(page.rows));
          more = page.more;
          after = seen.at(-1);
        }
        const sorted = sort
          ? names(catalog.songs).sort(compareNatural)
          : names(catalog.songs);
        assert.deepEqual(seen, sorted);
      },
    ));
  });
}

Deno.test("search() continues after a deleted name, in natural order too", async () => {
  const catalog = new Catalog(named("a 1", "a 10", "A 2", "b"));
  const rest = await catalog.search({ sort: "natural", after: "á 3" });
  assert.deepEqual(names(rest.rows), ["a 10", "b"]);
});

Deno.test("search() leaves out songs that are deleted while it reads", async () => {
  const shelf = new Map<string, Named>();
  const songs = named("a.wav", "b.wav", "c.wav");
  const catalog: Catalog<Named> = new Catalog(songs, {
    // The shelf of a server keeps songs that are gone.
    delete: () => {},
    set: (name, song) => shelf.set(name, song),
    get(name) {
      if (name === "a.wav") catalog.delete("b.wav");
      return shelf.get(name);
    },
  });
  const { rows } = await catalog.search({});
  assert.deepEqual(names(rows), ["a.wav", "c.wav"]);
});

Deno.test("search() returns its cost, and stops when the result is no longer needed", async () => {
  const songs = named(
    ...Array.from({ length: 2000 }, (_, i) => `ab ${i}.wav`),
  );
  const catalog = new Catalog(songs);
  const one = await catalog.search({ match: "x" });
  assert.equal(one.compared, 2 * 2000);
  const found = await catalog.search({ match: "a", limit: 10 });
  assert.equal(found.compared, 2 * 11);
  assert.equal(found.more, true);
  const turns = new CountingTurns();
  const stopped = await catalog.search({ match: "x" }, turns, () => true);
  assert.equal(stopped.compared, 0);
});

Deno.test("search() for hundreds of words takes small steps, and skips redundant words", async () => {
  const songs = named(
    ...Array.from({ length: 500 }, (_, i) => `${"ab ".repeat(80)}${i}.wav`),
  );
  const catalog = new Catalog(songs);
  const words = Array(512).fill("a").join(" ");
  assert.equal((await catalog.search({ match: words })).compared, 500 * 5);
  // 341 different words, all of which occur in the names.
  const letters = "abcdefghijklmnopqrs";
  const pairs = [...letters].flatMap((a) => [...letters].map((b) => a + b))
    .slice(0, 341).join(" ");
  const long = new Catalog(named(
    ...Array.from({ length: 100 }, (_, i) => `${i}${pairs.slice(0, 250)}.wav`),
  ));
  const turns = new CountingTurns();
  await long.search({ match: pairs }, turns);
  assert.ok(turns.longest < 64 + 5 * 342, `${turns.longest} steps at once`);
});

Deno.test("choose() accepts what users type", () => {
  const songs = [...SONGS, ...named("x/Élise.wav")];
  const table: [typed: string, chosen: string][] = [
    ["Ode to Joy.wav", "Ode to Joy.wav"],
    ["live/ode to joy", "live/Ode to Joy.wav"],
    ["CANON IN D", "Canon in D.wav"],
    ["green", "Greensleeves.WAV"],
    ["für", "Für Elise.wave"],
    ["FUR ELISE", "Für Elise.wave"],
    ["elise", "x/Élise.wav"],
    ["live/o", "live/Ode to Joy.wav"],
  ];
  for (const [typed, chosen] of table) {
    const choice = choose(songs, typed);
    assert.equal(choice.kind === "one" && choice.song.name, chosen, typed);
  }
});

Deno.test("search() in natural order folds no more of `after` than the longest name has", async () => {
  const longest = "a".repeat(MAX_NAME_BYTES);
  const catalog = new Catalog([{ name: longest }, { name: `${longest}a` }]);
  const after = `${longest}b`;
  const { rows } = await catalog.search({ sort: "natural", after });
  assert.deepEqual(rows.map(({ name }) => name.length), [MAX_NAME_BYTES + 1]);
});

Deno.test("choose() chooses a twin by its exact name, and otherwise returns all in natural order", () => {
  for (const song of TWINS) {
    assert.deepEqual(choose(TWINS, song.name), { kind: "one", song });
  }
  assert.deepEqual(choose(TWINS, "b"), { kind: "one", song: TWINS[0] });
  const songs = named("Song 10.wav", "song 9.wav", "Sóng 1.wav");
  assert.deepEqual(choose(songs, "song"), {
    kind: "many",
    songs: [songs[2], songs[1], songs[0]],
  });
});

Deno.test("choose() prefers the whole name to that of a song in a folder", () => {
  const choice = choose(SONGS, "ode to joy");
  assert.deepEqual(choice, { kind: "one", song: SONGS[1] });
});

Deno.test("choose() returns all songs when several match equally well", () => {
  const songs = named("x/a.wav", "y/a.wav", "b.wav");
  assert.deepEqual(choose(songs, "a"), {
    kind: "many",
    songs: [songs[0], songs[1]],
  });
  assert.equal(choose(songs, "").kind, "many");
});

Deno.test("choose() returns the nearest songs when none matches", () => {
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

Deno.test("chooseOne() throws with the candidates when a name is ambiguous", () => {
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

Deno.test("chooseOne() throws with only some of the candidates when hundreds match", () => {
  const songs = named(...Array.from({ length: 5000 }, (_, i) => `a${i}.wav`));
  assert.throws(
    () => chooseOne(songs, "a"),
    ({ message }: Error) => message.length < 300 && message.endsWith("…"),
  );
});

Deno.test("Catalog yields to other tasks after normalizing a few names", async () => {
  let steps = 0;
  const turns = {
    next: (more = 1) => {
      steps += more;
      return null;
    },
  };
  const songs = Array.from({ length: 100 }, (_, i) => ({ name: `É ${i}.wav` }));
  const catalog = new Catalog();
  await catalog.change(songs, [], turns);
  assert.ok(steps >= 8 * 100, `${steps} steps`);
  steps = 0;
  await catalog.search({ sort: "natural" }, turns);
  assert.ok(steps >= 8 * 100, `${steps} steps`);
});

Deno.test("change() forgets the rows of former songs, and keeps the order of the others", async () => {
  const catalog = new Catalog<Named & { tags: { title: string } }>();
  const songs = (title: string) =>
    Array.from({ length: 10 }, (_, i) => ({
      name: `É ${i}.wav`,
      tags: { title: `${title} ${10 - i}` },
    }));
  const turns = new CountingTurns();
  for (let i = 0; i < 500; i++) await catalog.change(songs(`${i}`), [], turns);
  const { rows } = await catalog.search({ sort: "title" });
  assert.deepEqual(names(rows), names(songs("")).reverse());
  assert.equal(catalog.find("é 3")?.tags.title, "499 7");
  assert.ok(catalog.rowsInMemory <= 4096 + 2 * 10, `${catalog.rowsInMemory}`);
});

Deno.test("change() takes the last of several songs with one name, also if that is the known one", async () => {
  const song = (title: string) => ({ name: "a.wav", tags: { title } });
  const catalog = new Catalog([song("A")]);
  await catalog.change([song("B"), song("A")], [], new CountingTurns());
  assert.equal(catalog.get("a.wav")?.tags.title, "A");
  assert.deepEqual((await catalog.search({ match: "B" })).rows, []);
});
