import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { WAVEFORM_POINTS } from "../../lib/audio/waveform.ts";
import {
  MOST_WAVEFORMS,
  WaveformTable,
} from "../../lib/host/waveform_table.ts";
import { Waveforms } from "../../lib/host/waveforms.ts";
import { passedSong } from "../../lib/model/passed_song.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { CD, MemorySongs, PHONE, wavFile } from "../support/memory_songs.ts";

const IP = "192.0.2.7";

/** A song that is silent, then at half of full scale, then at full scale. */
function steps(): Uint8Array {
  const pcm = new Uint8Array(30_000).fill(0x80);
  pcm.fill(0xC0, 10_000, 20_000);
  pcm.fill(0x00, 20_000);
  return wavFile(PHONE, pcm);
}

function setUp(db = new DatabaseSync(":memory:")) {
  const songs = new MemorySongs();
  songs.add("steps.wav", steps());
  let opened = 0;
  const open = songs.open.bind(songs);
  songs.open = (entry) => {
    opened++;
    return open(entry);
  };
  const { etag } = songs.find("steps")!;
  return {
    songs,
    etag,
    waveforms: new Waveforms(songs, new WaveformTable(db)),
    opened: () => opened,
  };
}

Deno.test("of() reads the song once, however many clients request its waveform", async () => {
  const { waveforms, etag, opened } = setUp();
  const [one, two] = await Promise.all([
    waveforms.of("steps.wav", etag, IP),
    waveforms.of("STEPS", etag, IP),
  ]);
  assert.equal(one, two);
  const expected = new Uint8Array(WAVEFORM_POINTS);
  expected.fill(128, WAVEFORM_POINTS / 3);
  expected.fill(255, 2 * WAVEFORM_POINTS / 3);
  assertBytes(one, expected);
  await waveforms.of("steps", etag, IP);
  assert.equal(opened(), 1);
});

Deno.test("of() draws a song by the etag that it had before its length was known", async () => {
  const { waveforms, songs } = setUp();
  const before = { ...songs.find("steps")!, etag: "before" };
  const [find, open] = [songs.find.bind(songs), songs.open.bind(songs)];
  songs.find = (name, etag) => etag === "before" ? before : find(name, etag);
  songs.open = async (entry) => {
    const song = await open(entry);
    return entry === before ? passedSong(song, { entry }) : song;
  };
  const { length } = await waveforms.of("steps.wav", "before", IP);
  assert.equal(length, WAVEFORM_POINTS);
});

Deno.test("of() throws for a song that is missing or has changed", async () => {
  const { waveforms, songs, etag } = setUp();
  await assert.rejects(waveforms.of("x", etag, IP), { code: "not-found" });
  await assert.rejects(waveforms.of("steps", "other", IP), { code: "changed" });
  songs.add("steps.wav", wavFile(CD, new Uint8Array(4000)));
  const now = songs.find("steps")!.etag;
  assertBytes(
    await waveforms.of("steps", now, IP),
    new Uint8Array(WAVEFORM_POINTS),
  );
});

Deno.test("of() answers all addresses in turn, and throws busy when too many of one wait", async () => {
  const { waveforms, songs } = setUp();
  const order: string[] = [];
  const ask = (name: string, ip: string) => {
    songs.add(name, steps());
    return waveforms.of(name, songs.find(name)!.etag, ip)
      .then(() => order.push(name));
  };
  // The first one is begun at once.
  const many = Array.from({ length: 18 }, (_, i) => ask(`${i}.wav`, IP));
  const other = ask("other.wav", "192.0.2.8");
  const results = await Promise.allSettled([...many, other]);
  assert.deepEqual(
    results.map(({ status }) => status),
    [...Array(17).fill("fulfilled"), "rejected", "fulfilled"],
  );
  assert.ok(order.indexOf("other.wav") <= 2, `${order}`);
});

Deno.test("the newest waveforms are kept in the database across restarts", async () => {
  const db = new DatabaseSync(":memory:");
  {
    const { waveforms, etag } = setUp(db);
    await waveforms.of("steps", etag, IP);
  }
  {
    const { waveforms, etag, opened } = setUp(db);
    assert.equal(
      (await waveforms.of("steps", etag, IP))[WAVEFORM_POINTS - 1],
      255,
    );
    assert.equal(opened(), 0);
  }
  const table = new WaveformTable(db);
  for (let i = 1; i <= MOST_WAVEFORMS; i++) {
    table.put(`${i}`, new Uint8Array(1));
  }
  const { waveforms, etag, opened } = setUp(db);
  await waveforms.of("steps", etag, IP);
  assert.equal(opened(), 1);
  assert.notEqual(table.get("2"), undefined);
  assert.equal(table.get("1"), undefined);
});
