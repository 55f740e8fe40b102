import assert from "node:assert/strict";
import { Node } from "../../lib/cluster/nodes.ts";
import { OtherSongs } from "../../lib/cluster/other_songs.ts";
import { OwnSongs } from "../../lib/cluster/own_songs.ts";
import { SongNames } from "../../lib/cluster/song_names.ts";
import { SongProofs } from "../../lib/cluster/song_proofs.ts";
import { SongReading } from "../../lib/cluster/song_reading.ts";
import { newHash } from "../../lib/io/disk/hash_file.ts";
import { Catalog } from "../../lib/model/catalog.ts";
import type { SongEntry } from "../../lib/ports/song_entry.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { MemorySongs, noise, PHONE, wavFile } from "../support/memory_songs.ts";

const SONG = wavFile(PHONE, noise(10_000));
const OTHER = wavFile(PHONE, noise(10_000, 2));
const CONTENT = hashOf(SONG);

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
    others.put(node, {
      ...{ name: "a.wav", etag: CONTENT, content: CONTENT, seconds: 1 },
      bytes: name === "attic" ? bytes : SONG.length,
      format: {
        ...PHONE,
        ...{ dataOffset: 44, dataBytes: SONG.length - 44 },
      },
    });
  }
  const catalog = new Catalog<SongEntry>();
  const names = new SongNames({
    ...{ place: "here", own, others, catalog, lastRow: () => undefined },
  });
  const lied: string[] = [];
  const read: string[] = [];
  const reading = new SongReading({
    ...{ own, others, names },
    proofs: new SongProofs({ newHash, lied: (place) => lied.push(place) }),
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
  return { hear, lied };
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
