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

/** Probes that take 3 ms each, and the results written. */
function setUp() {
  let nowMs = 0;
  const state = { rests: [] as number[], written: 0 };
  const clock = {
    now: () => nowMs,
    sleep: (ms: number) => {
      state.rests.push(ms);
      return Promise.resolve();
    },
  };
  const known = {
    probe: (song: KnownSong) => {
      nowMs += 3;
      song.probe = "p";
      return Promise.resolve(true);
    },
    index: {
      putAll: (songs: KnownSong[]) => {
        state.written += songs.length;
        return Promise.resolve();
      },
    },
  } as unknown as KnownSongs;
  return { state, clock, known };
}

Deno.test("probeSongs() pauses after each song for as long as it took, and continues with new songs", async () => {
  const { state, clock, known } = setUp();
  const lists = [songs(120), songs(3)];
  lists[0][7] = { ...lists[0][7], format: null }; // never opened
  let looks = 0;
  const { signal } = new AbortController();
  await probeSongs(known, () => lists[looks++ < 2 ? 0 : 1], clock, signal);
  assert.deepEqual([state.rests.length, state.written], [122, 122]);
  assert.ok(state.rests.every((ms) => ms === 3));
});

Deno.test("probeSongs() writes its results so far when aborted", async () => {
  const { state, clock, known } = setUp();
  const ending = new AbortController();
  const all = songs(100);
  await probeSongs(known, () => all, {
    ...clock,
    sleep(ms) {
      if (state.rests.push(ms) === 60) ending.abort();
      return Promise.resolve();
    },
  }, ending.signal);
  assert.equal(state.written, 60);
});
