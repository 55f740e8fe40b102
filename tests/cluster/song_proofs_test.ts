import assert from "node:assert/strict";
import { Node } from "../../lib/cluster/nodes.ts";
import { OtherSongs } from "../../lib/cluster/other_songs.ts";
import { OwnSongs } from "../../lib/cluster/own_songs.ts";
import { SongNames } from "../../lib/cluster/song_names.ts";
import { SongProofs } from "../../lib/cluster/song_proofs.ts";
import { SharedSongs } from "../../lib/cluster/shared_songs.ts";
import { SongReading } from "../../lib/cluster/song_reading.ts";
import { newHash } from "../../lib/io/disk/hash_file.ts";
import { Catalog } from "../../lib/model/catalog.ts";
import type { SongEntry } from "../../lib/ports/song_entry.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { MemorySongs, noise, PHONE, wavFile } from "../support/memory_songs.ts";

const SONG = wavFile(PHONE, noise(10_000));
const OTHER = wavFile(PHONE, noise(10_000, 2));
const CONTENT = hashOf(SONG);

const ROW = {
  ...{ name: "a.wav", etag: CONTENT, content: CONTENT, seconds: 1 },
  bytes: SONG.length,
  format: { ...PHONE, dataOffset: 44, dataBytes: SONG.length - 44 },
};
/** The wait after the first lie. */
const WAIT_MS = 10 * 60_000;

function hashOf(bytes: Uint8Array): string {
  const hash = newHash();
  hash.update(bytes);
  return hash.hex();
}

/** A server that has none of the songs that two others list. */
function setUp(sent: Record<string, Uint8Array>, bytes = SONG.length) {
  const others = new OtherSongs();
  const own = new OwnSongs(new MemorySongs(), "here");
  for (const name of Object.keys(sent)) {
    const node = new Node(name);
    node.state = "alive";
    others.put(node, { ...ROW, bytes: name === "attic" ? bytes : ROW.bytes });
  }
  const catalog = new Catalog<SongEntry>();
  const names = new SongNames({
    ...{ place: "here", own, others, catalog, lastRow: () => undefined },
  });
  const clock = new FakeClock();
  const lied: string[] = [];
  const read: string[] = [];
  const reading = new SongReading({
    ...{ own, others, names },
    proofs: new SongProofs({
      ...{ clock, newHash, lied: (place) => lied.push(place) },
    }),
    peers: {
      read(node, _, into, offset) {
        read.push(node.name);
        into.set(sent[node.name].subarray(offset, offset + into.length));
        return Promise.resolve();
      },
      opened: () => Promise.reject(new Error("none")),
      isStalled: () => false,
      picture: () => Promise.reject(new Error("none")),
    },
  });
  /** Reads the song in pieces, in an order of their numbers. */
  const hear = async (pieces: number, order?: number[], name = "a.wav") => {
    read.length = 0;
    const song = await reading.open(names.get(name)!);
    const all = new Uint8Array(SONG.length);
    const each = Math.ceil(SONG.length / pieces);
    for (const i of order ?? Array.from({ length: pieces }, (_, i) => i)) {
      const piece = all.subarray(i * each, (i + 1) * each);
      await song.read(piece, i * each);
    }
    song.close();
    return { all, read: new Set(read) };
  };
  return { hear, lied, clock };
}

Deno.test("a server that sends something else than a content is read from once", async () => {
  const { hear, lied } = setUp({ attic: OTHER, cellar: SONG });
  const first = await hear(7);
  assert.deepEqual([...first.read], ["attic"]);
  assert.deepEqual(lied, ["attic"]);
  const second = await hear(7);
  assert.deepEqual([...second.read], ["cellar"]);
  assertBytes(second.all, SONG);
});

Deno.test("a server that sends a content is read from again, in whatever order its pieces come", async () => {
  for (
    const order of [[0, 1, 2, 3], [0, 2, 1, 3], [0, 3, 2, 1], [1, 2, 3, 0]]
  ) {
    const { hear, lied } = setUp({ attic: SONG, cellar: SONG });
    await hear(4, order);
    await hear(4);
    assert.deepEqual(lied, []);
  }
});

Deno.test("a server that has sent all of something else is found out though its pieces overlap", async () => {
  for (const order of [[0, 1, 2, 3], [0, 2, 1, 3], [0, 3, 2, 1]]) {
    const { hear, lied } = setUp({ attic: OTHER, cellar: SONG });
    await hear(4, order);
    assert.deepEqual(lied, ["attic"]);
  }
});

Deno.test("nobody has a song of which the only server sends something else", async () => {
  const { hear } = setUp({ attic: OTHER });
  await hear(3);
  await assert.rejects(hear(3), { code: "lost" });
});

Deno.test("a content is not read from a server that says another length of it", async () => {
  const { hear, lied } = setUp(
    { attic: OTHER, cellar: SONG },
    SONG.length + 1_000,
  );
  const { read, all } = await hear(3, undefined, "cellar:a.wav");
  assert.deepEqual([...read], ["cellar"]);
  assertBytes(all, SONG);
  assert.deepEqual(lied, []);
});

Deno.test("a server whose file is restored is read from again after a while", async () => {
  const sent: Record<string, Uint8Array> = { attic: OTHER };
  const { hear, lied, clock } = setUp(sent);
  await hear(3);
  await clock.advance(WAIT_MS - 1);
  await assert.rejects(hear(3), { code: "lost" });
  await clock.advance(1);
  sent.attic = SONG;
  for (let i = 0; i < 2; i++) assertBytes((await hear(3)).all, SONG);
  assert.deepEqual(lied, ["attic"]);
});

Deno.test("a server that goes on lying is asked ever more rarely, and once a day at last", async () => {
  const { hear, lied, clock } = setUp({ attic: OTHER });
  for (let waitMs = WAIT_MS, i = 1; i < 12; i++) {
    await hear(3);
    assert.equal(lied.length, i);
    await clock.advance(waitMs - 1);
    await assert.rejects(hear(3), { code: "lost" });
    await clock.advance(1);
    waitMs = Math.min(2 * waitMs, 24 * 3_600_000);
  }
});

Deno.test("a server that notices that its file is restored is read from again at once", () => {
  const proofs = new SongProofs({
    ...{ clock: new FakeClock(), newHash, lied() {} },
  });
  const songs = new SharedSongs({
    ...{ local: new MemorySongs(), place: "here", seed: 1, proofs },
    ...{ turns: { next: () => null }, playlists: () => [], changed() {} },
    lastRow: () => undefined,
    peers: {
      read: () => Promise.reject(new Error("none")),
      opened: () => Promise.reject(new Error("none")),
      isStalled: () => false,
      picture: () => Promise.reject(new Error("none")),
    },
  });
  const attic = new Node("attic");
  attic.state = "alive";
  songs.put(attic, ROW);
  proofs.passed("attic", songs.get("a.wav")!, 0, OTHER);
  songs.put(attic, { ...ROW });
  assert.ok(proofs.hasLied("attic", CONTENT));
  songs.put(attic, { ...ROW, etag: "edited", content: undefined });
  songs.put(attic, ROW);
  assert.ok(!proofs.hasLied("attic", CONTENT));
});
