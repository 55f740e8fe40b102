import assert from "node:assert/strict";
import type { KnownSongs } from "../../../lib/io/songs/known_songs.ts";
import type { KnownSong } from "../../../lib/io/songs/known_song.ts";
import { probeSongs } from "../../../lib/io/songs/song_probes.ts";
import { CD } from "../../support/memory_songs.ts";

const FORMAT = { ...CD, dataOffset: 44, dataBytes: 1000 };

function songs(count: number): KnownSong[] {
  return Array.from({ length: count }, (_, i) => ({
    ...{ name: `${i}.wav`, bytes: 1044, etag: "e", stamp: "s" },
    format: FORMAT,
  }));
}

/** An index of songs whose probes take 3 ms each. */
function setUp(all: KnownSong[]) {
  let nowMs = 0;
  const rests: number[] = [];
  const clock = {
    now: () => nowMs,
    sleep: (ms: number) => {
      rests.push(ms);
      return Promise.resolve();
    },
  };
  const known = {
    probe: (song: KnownSong) => {
      nowMs += 3;
      song.probe = "p";
      return Promise.resolve();
    },
    index: {
      unprobed: (after: string) =>
        all.filter(({ name, probe }) => name > after && probe === undefined)
          .sort((a, b) => a.name < b.name ? -1 : 1).slice(0, 7),
    },
  } as unknown as KnownSongs;
  return { rests, clock, known };
}

Deno.test("probeSongs() pauses after each song for as long as it took, and continues with new songs", async () => {
  const all = songs(120);
  const { rests, clock, known } = setUp(all);
  let version = 0;
  const { signal } = new AbortController();
  await probeSongs(
    known,
    () => {
      if (version === 0 && rests.length === 120) {
        all.unshift({ ...songs(1)[0], name: "!.wav" });
        version = 1;
      }
      return version;
    },
    clock,
    signal,
  );
  assert.equal(rests.length, 121);
  assert.ok(rests.every((ms) => ms === 3));
});

Deno.test("probeSongs() ends when aborted", async () => {
  const { rests, clock, known } = setUp(songs(100));
  const ending = new AbortController();
  await probeSongs(known, () => 1, {
    ...clock,
    sleep(ms) {
      if (rests.push(ms) === 60) ending.abort();
      return Promise.resolve();
    },
  }, ending.signal);
  assert.equal(rests.length, 60);
});
