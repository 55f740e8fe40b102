import assert from "node:assert/strict";
import { settle } from "../support/fake_clock.ts";
import { MemoryServer } from "../support/memory_server.ts";
import {
  CD,
  noise,
  PHONE,
  sha256Hex,
  wavFile,
} from "../support/memory_songs.ts";

Deno.test("list has each song's length, format, etag and hash, or its problem", async () => {
  const server = new MemoryServer();
  const file = wavFile(CD, noise(352_800));
  const entry = server.songs.add("b.wav", file);
  server.songs.setHash("b.wav", sha256Hex(file));
  server.songs.addEntry({ name: "a.wav", bytes: 3, problem: "not-wav" });
  const { peer } = await server.connectWelcomed();
  await peer.send({ type: "list", id: 1 });
  assert.deepEqual(await peer.next("songs"), {
    type: "songs",
    songs: [
      {
        name: "a.wav",
        bytes: 3,
        seconds: null,
        etag: "v2",
        format: null,
        problem: "not-wav",
      },
      {
        name: "b.wav",
        bytes: 352_844,
        seconds: 2,
        etag: entry.etag,
        format: { ...CD, dataOffset: 44, dataBytes: 352_800 },
        sha256: sha256Hex(file),
      },
    ],
    more: false,
    re: 1,
  });
});

Deno.test("list searches, continues after a name, and respects its limit", async () => {
  const server = new MemoryServer();
  for (const name of ["a.wav", "b.wav", "ba.wav", "c.wav"]) {
    server.songs.addEntry({ name });
  }
  const { peer } = await server.connectWelcomed();
  const table: [Record<string, unknown>, names: string[], more: boolean][] = [
    [{}, ["a.wav", "b.wav", "ba.wav", "c.wav"], false],
    [{ limit: 2 }, ["a.wav", "b.wav"], true],
    [{ after: "b.wav" }, ["ba.wav", "c.wav"], false],
    [{ match: "B", limit: 1 }, ["b.wav"], true],
    [{ match: "B", after: "b.wav", limit: 1 }, ["ba.wav"], false],
    [{ match: "zzz" }, [], false],
  ];
  for (const [query, names, more] of table) {
    await peer.send({ type: "list", ...query });
    const answer = await peer.next("songs");
    assert.deepEqual(
      answer.songs.map(({ name }: { name: string }) => name),
      names,
    );
    assert.equal(answer.more, more);
  }
});

Deno.test("list sorts naturally on request, and ignores unknown orders", async () => {
  const server = new MemoryServer();
  for (const name of ["Song 10.wav", "Sóng 9.wav", "song 1.wav", "z.wav"]) {
    server.songs.addEntry({ name });
  }
  const { peer } = await server.connectWelcomed();
  const plain = ["Song 10.wav", "Sóng 9.wav", "song 1.wav", "z.wav"];
  const natural = ["song 1.wav", "Sóng 9.wav", "Song 10.wav", "z.wav"];
  const table: [Record<string, unknown>, names: string[], more: boolean][] = [
    [{}, plain, false],
    [{ sort: "natural" }, natural, false],
    [{ sort: "natural", limit: 2 }, natural.slice(0, 2), true],
    [{ sort: "natural", after: natural[1] }, natural.slice(2), false],
    [{ sort: "natural", after: "song 9x.wav" }, natural.slice(2), false],
    [{ sort: "natural", match: "song" }, natural.slice(0, 3), false],
    [{ match: "SONG" }, plain.slice(0, 3), false],
    [{ sort: "album" }, plain, false],
    [{ sort: 5 }, plain, false],
  ];
  for (const [query, names, more] of table) {
    await peer.send({ type: "list", ...query });
    const { songs, more: isMore } = await peer.next("songs");
    const found = songs.map(({ name }: { name: string }) => name);
    assert.deepEqual([found, isMore], [names, more], JSON.stringify(query));
  }
});

Deno.test("a search of many names is charged for its work, and answered in turn", async () => {
  const server = new MemoryServer();
  let compared = 0;
  server.songs.library.search = async () => {
    await settle();
    return { rows: [], more: false, compared };
  };
  const { peer, session } = await server.connectWelcomed();
  const ask = async () => {
    await peer.send({ type: "list", match: "a", id: 1 });
    await peer.send({ type: "ping", id: 2 });
    assert.equal((await peer.next("songs")).re, 1);
    assert.equal((await peer.next("pong")).re, 2);
  };
  await ask();
  assert.equal(session.member.rateLimit.waitMs, 0);
  compared = 2_000_000;
  await peer.send({ type: "list", match: "a" });
  await peer.next("songs");
  assert.ok(session.member.rateLimit.waitMs > 1000);
});

Deno.test("rows with long names cost more", async () => {
  const server = new MemoryServer();
  const folder = `${"y".repeat(250)}/`.repeat(15);
  for (let i = 0; i < 100; i++) {
    server.songs.add(`${folder}${i}.wav`, wavFile(PHONE, noise(1)));
  }
  const { peer, session } = await server.connectWelcomed();
  const before = session.member.rateLimit.spent;
  await peer.send({ type: "list" });
  assert.equal((await peer.next("songs")).songs.length, 100);
  const cost = session.member.rateLimit.spent - before;
  assert.ok(cost > 100 + 100 * 3 && cost < 100 + 100 * 4, `${cost}`);
});

Deno.test("list answers at most 1,000 songs, and all of them page by page", async () => {
  const server = new MemoryServer();
  for (let i = 0; i < 2500; i++) {
    server.songs.addEntry({ name: `${10_000 + i}.wav` });
  }
  const { peer } = await server.connectWelcomed();
  const sizes: number[] = [];
  for (let after = "", more = true; more;) {
    await peer.send({ type: "list", after });
    const answer = await peer.next("songs");
    sizes.push(answer.songs.length);
    after = answer.songs.at(-1).name;
    more = answer.more;
  }
  assert.deepEqual(sizes, [1000, 1000, 500]);
});
