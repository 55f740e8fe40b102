import assert from "node:assert/strict";
import {
  type Conversion,
  Conversions,
} from "../../lib/adapters/snapcast/conversions.ts";
import { openResampler } from "../../lib/io/sinks/open_resampler.ts";
import { MemorySongs, wavFile } from "../support/memory_songs.ts";

/** Conversions of songs "a", "b" and "c" of one rate, and "d" of another. */
class World {
  readonly conversions = new Conversions(
    openResampler,
    () => Promise.resolve(),
  );
  /** Songs that are open. */
  open = 0;
  readonly #songs = new MemorySongs();
  readonly #entries = new Map(
    ["a", "b", "c", "d"].map((name) => [
      name,
      this.#songs.add(name, fileOf(name)),
    ]),
  );

  async use(
    name: string,
    { group = "g", follows }: { group?: string; follows?: Conversion } = {},
  ): Promise<Conversion> {
    const song = await this.#songs.open(this.#entries.get(name)!);
    this.open++;
    const close = () => void this.open--;
    return this.conversions.use({ ...song, close }, group, follows);
  }

  /** Rows, and open songs. */
  get counts(): [number, number] {
    return [this.conversions.size, this.open];
  }
}

function fileOf(name: string): Uint8Array {
  const rate = name === "d" ? 11_025 : 8_000;
  const pcm = new Uint8Array(1000).fill(name.charCodeAt(0));
  return wavFile({ encoding: "u8", rate, channels: 1, bits: 8 }, pcm);
}

Deno.test("rooms of a group share a conversion, which closes with the last of them", async () => {
  const world = new World();
  const [a, b] = [await world.use("a"), await world.use("a")];
  const c = await world.use("a", { group: "h" });
  assert.equal(a.song, b.song);
  assert.notEqual(a.sound, c.sound);
  assert.deepEqual(world.counts, [2, 2]);
  for (const it of [a, b, c]) it.release();
  assert.deepEqual(world.counts, [0, 0]);
});

Deno.test("songs of one rate that follow each other are one row, once for all rooms", async () => {
  const world = new World();
  const rooms = [await world.use("a"), await world.use("a")];
  const next = [];
  for (const follows of rooms) next.push(await world.use("b", { follows }));
  assert.equal(next[0].song, next[1].song);
  assert.equal(next[0].sound, rooms[0].sound);
  assert.deepEqual([next[0].song.firstFrame, world.open], [1000, 2]);
  const again = await world.use("b", { follows: next[0] });
  assert.equal(again.song.firstFrame, 2000);
  for (const it of [...rooms, ...next]) it.release();
  assert.deepEqual(world.counts, [1, 1]);
  again.release();
  assert.deepEqual(world.counts, [0, 0]);
});

Deno.test("a song of another rate begins a row of its own", async () => {
  const world = new World();
  const first = await world.use("a");
  const next = await world.use("d", { follows: first });
  assert.notEqual(next.sound, first.sound);
  assert.equal(next.song.firstFrame, 0);
});

Deno.test("another song that follows replaces the one before, for all rooms in turn", async () => {
  const world = new World();
  const rooms = [await world.use("a"), await world.use("a")];
  const before: Conversion[] = [];
  for (const follows of rooms) before.push(await world.use("b", { follows }));
  const after = [];
  for (const [i, follows] of rooms.entries()) {
    before[i].release();
    after.push(await world.use("c", { follows }));
  }
  assert.equal(after[0].song, after[1].song);
  assert.equal(after[0].song.firstFrame, 1000);
  assert.deepEqual(world.counts, [1, 2]);
  for (const it of [...rooms, ...after]) it.release();
  assert.deepEqual(world.counts, [0, 0]);
});

Deno.test("a room that was left behind begins a row of its own", async () => {
  const world = new World();
  const [first, late] = [await world.use("a"), await world.use("a")];
  const replaced = await world.use("b", { follows: late });
  const next = await world.use("c", { follows: first });
  const other = await world.use("d", { follows: replaced });
  const another = await world.use("a", { follows: replaced });
  assert.notEqual(other.sound, next.sound);
  assert.equal(another.song, first.song);
  for (const it of [first, late, replaced, next, other, another]) it.release();
  assert.deepEqual(world.counts, [0, 0]);
});

Deno.test("songs at the end that no room uses are removed with the last use", async () => {
  const world = new World();
  const a = await world.use("a");
  const b = await world.use("b", { follows: a });
  const c = await world.use("c", { follows: b });
  b.release();
  assert.equal(world.open, 3);
  c.release();
  assert.deepEqual(world.counts, [1, 1]);
  assert.deepEqual(a.sound.songs, [a.song]);
});
