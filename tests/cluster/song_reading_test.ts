import assert from "node:assert/strict";
import { Node } from "../../lib/cluster/nodes.ts";
import { OtherSongs } from "../../lib/cluster/other_songs.ts";
import { OwnSongs } from "../../lib/cluster/own_songs.ts";
import type { SongPart } from "../../lib/cluster/peer_stream.ts";
import { SongNames } from "../../lib/cluster/song_names.ts";
import { type Sent, SongReading } from "../../lib/cluster/song_reading.ts";
import { OndacastError } from "../../lib/errors.ts";
import { Catalog } from "../../lib/model/catalog.ts";
import type { SongEntry } from "../../lib/ports/song_entry.ts";
import type { SongRow } from "../../lib/wire/messages.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import {
  MemorySongs,
  noise,
  PHONE,
  sha256Hex,
  wavFile,
} from "../support/memory_songs.ts";

const SONG = wavFile(PHONE, noise(1_000));
const CONTENT = sha256Hex(SONG);
const FORMAT = {
  ...PHONE,
  ...{ dataOffset: 44, dataBytes: SONG.length - 44 },
};
const ROW: SongRow = {
  ...{ name: "a.wav", etag: "stamp", seconds: 1 },
  ...{ bytes: SONG.length, format: FORMAT },
};
const KNOWN: SongRow = { ...ROW, etag: CONTENT, content: CONTENT };

/**
 * The songs of a server, and of others that all send one.
 *
 * @param sent What others say of it once it is open; a text: why they do not.
 */
function setUp(sent: Sent | string = "none") {
  const local = new MemorySongs();
  const own = new OwnSongs(local, "here");
  const others = new OtherSongs();
  const catalog = new Catalog<SongEntry>();
  const names = new SongNames({
    ...{ place: "here", own, others, catalog, lastRow: () => undefined },
  });
  const asked: SongPart[] = [];
  const opened: string[] = [];
  const reading = new SongReading({
    ...{ own, others, names },
    proofs: { hasLied: () => false, passed() {} },
    peers: {
      read(_, part, into, offset) {
        asked.push(part);
        into.set(SONG.subarray(offset, offset + into.length));
        return Promise.resolve();
      },
      opened(node, song, isOnly) {
        opened.push(`${node.name} ${song}${isOnly ? "" : ", or another"}`);
        if (typeof sent === "string") throw new OndacastError("lost", sent);
        return Promise.resolve(sent);
      },
      isStalled: () => false,
      picture: () => Promise.reject(new Error("none")),
    },
  });
  return { local, own, others, names, reading, asked, opened };
}

function alive(name: string): Node {
  const node = new Node(name);
  node.state = "alive";
  return node;
}

Deno.test("a song of another server plays on when its content becomes known there", async () => {
  const { others, names, reading, asked } = setUp();
  const attic = alive("attic");
  others.put(attic, ROW);
  const song = await reading.open(names.get("a.wav")!);
  others.put(attic, KNOWN);
  const all = new Uint8Array(SONG.length);
  await song.read(all, 0);
  assertBytes(all, SONG);
  assert.deepEqual(asked, [{ song: "attic:a.wav", etag: "stamp" }]);
  // A listener who seeks asks for what was sent so far.
  for (const name of ["a.wav", "attic:a.wav"]) {
    const sought = await reading.open(names.find(name, "stamp")!);
    assert.equal(sought.entry.etag, "stamp");
    await sought.read(all, 0);
  }
  assert.deepEqual(new Set(asked.map(({ etag }) => etag)), new Set(["stamp"]));
});

Deno.test("an etag from before another server's song was replaced is not taken for the new one", () => {
  const { others, names } = setUp();
  const attic = alive("attic");
  others.put(attic, ROW);
  others.put(attic, { ...KNOWN, bytes: SONG.length + 2 });
  assert.equal(names.find("a.wav", "stamp")!.etag, CONTENT);
});

for (
  const [how, change] of [
    ["deleted", (local) => local.remove("copy.wav")],
    ["replaced", (local) => local.add("copy.wav", wavFile(PHONE, noise(9)))],
  ] as [string, (local: MemorySongs) => unknown][]
) {
  Deno.test(`a song of another server is heard though an own copy has just been ${how}`, async () => {
    const { local, own, others, names, reading, asked } = setUp();
    local.add("copy.wav", SONG);
    own.changed("copy.wav");
    others.put(alive("attic"), KNOWN);
    const open = local.open.bind(local);
    local.open = async (entry) => {
      await change(local);
      return await open(entry);
    };
    const song = await reading.open(names.get("a.wav")!);
    assert.deepEqual([song.entry.name, song.entry.etag], ["a.wav", CONTENT]);
    const all = new Uint8Array(SONG.length);
    await song.read(all, 0);
    assertBytes(all, SONG);
    assert.deepEqual(asked.map((it) => it.song), ["attic:a.wav"]);
    song.close();
    assert.equal(local.openCount, 0);
  });
}

Deno.test("a content is found here by its other file when one of two is deleted", () => {
  for (const deleted of ["a.wav", "b.wav"]) {
    const { local, own } = setUp();
    const left = deleted === "a.wav" ? "b.wav" : "a.wav";
    for (const name of ["a.wav", "b.wav"]) {
      local.add(name, SONG);
      own.changed(name);
    }
    void local.remove(deleted);
    own.changed(deleted);
    assert.equal(own.withEtag(CONTENT)?.name, left);
    void local.remove(left);
    own.changed(left);
    assert.equal(own.withEtag(CONTENT), undefined);
  }
});

Deno.test("a content is found at another server by its other file when one of two is deleted", () => {
  for (const deleted of ["a.wav", "b.wav"]) {
    const { others } = setUp();
    const attic = alive("attic");
    const left = deleted === "a.wav" ? "b.wav" : "a.wav";
    const lost = { name: "cellar:c.wav", bytes: SONG.length, etag: CONTENT };
    const song = { ...lost, format: FORMAT, place: "cellar" };
    for (const name of ["a.wav", "b.wav"]) {
      others.put(attic, { ...KNOWN, name });
    }
    others.delete(attic, deleted);
    assert.equal(others.nameOf(CONTENT), `attic:${left}`);
    assert.deepEqual(others.holdings(song), [{ node: attic, name: left }]);
    others.delete(attic, left);
    assert.equal(others.nameOf(CONTENT), undefined);
    assert.deepEqual(others.holdings(song), []);
  }
});

Deno.test("a song of another server plays on when its length becomes known there", async () => {
  const { others, names, reading, asked } = setUp();
  const attic = alive("attic");
  const before = { ...KNOWN, etag: `${CONTENT}.1.one` };
  const bytes = SONG.length - 10;
  others.put(attic, before);
  const song = await reading.open(names.get("a.wav")!);
  others.put(attic, { ...before, etag: `${CONTENT}.2.two`, bytes });
  await song.read(new Uint8Array(100), 0);
  const found = names.find("attic:a.wav", before.etag)!;
  const sought = await reading.open(found);
  assert.deepEqual([sought.entry.etag, sought.entry.bytes], [
    before.etag,
    SONG.length,
  ]);
  await sought.read(new Uint8Array(100), SONG.length - 100);
  const part = { song: "attic:a.wav", etag: before.etag };
  assert.deepEqual(asked, [part, part]);
  assert.equal(names.find("a.wav", `${CONTENT}.3.three`)!.bytes, bytes);
});

const GUESSED: SongRow = {
  ...{ ...KNOWN, etag: `${CONTENT}.1.1`, bytes: SONG.length + 50 },
  format: { ...FORMAT, dataBytes: FORMAT.dataBytes + 50 },
  estimated: true,
};

Deno.test("a song of another server has the length that is counted there when it is opened", async () => {
  const etag = `${CONTENT}.2.1`;
  const { others, names, reading, asked, opened } = setUp({
    etag,
    format: FORMAT,
  });
  others.put(alive("attic"), GUESSED);
  const { entry } = await reading.open(names.get("a.wav")!);
  assert.deepEqual(opened, ["attic attic:a.wav"]);
  assert.deepEqual(
    [entry.etag, entry.bytes, entry.format, entry.content, entry.isEstimated],
    [etag, SONG.length, FORMAT, CONTENT, undefined],
  );
  // Its row may come later.
  const heard = await reading.open(names.get("a.wav")!);
  const all = new Uint8Array(SONG.length);
  await heard.read(all, 0);
  assertBytes(all, SONG);
  assert.deepEqual(asked, [{ song: "attic:a.wav", etag }]);
});

Deno.test("the last server alone may take any time to count the length of a song", async () => {
  const { others, names, reading, opened } = setUp("it is away");
  for (const place of ["attic", "cellar"]) {
    others.put(new Node(place), { ...KNOWN, estimated: true });
  }
  await reading.open(names.get("a.wav")!);
  assert.deepEqual(opened, [
    "attic attic:a.wav, or another",
    "cellar cellar:a.wav",
  ]);
});

Deno.test("a song that has another content by the time it is opened is not known by the former one", async () => {
  const { others, names, reading } = setUp({ etag: "new", format: FORMAT });
  others.put(alive("attic"), GUESSED);
  const { entry } = await reading.open(names.get("a.wav")!);
  assert.deepEqual([entry.etag, entry.content], ["new", undefined]);
});

Deno.test("a song keeps the length that was guessed if its server does not say another", async () => {
  for (const sent of ["lost", { etag: GUESSED.etag, format: FORMAT }]) {
    const { others, names, reading } = setUp(sent);
    others.put(alive("attic"), GUESSED);
    const { entry } = await reading.open(names.get("a.wav")!);
    assert.deepEqual([entry.etag, entry.bytes], [GUESSED.etag, GUESSED.bytes]);
  }
});
