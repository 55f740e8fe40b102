import assert from "node:assert/strict";
import { type Answer, bodyBytes } from "../../lib/host/http_answer.ts";
import type { HttpWorld } from "../../lib/host/http_world.ts";
import { readKeyOf } from "../../lib/server/read_key.ts";
import { TokenGate } from "../../lib/server/token_gate.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { answerOf } from "../support/http_world.ts";
import { CD, MemorySongs, noise, wavFile } from "../support/memory_songs.ts";

const FORMAT = new MemorySongs().add("a.wav", wavFile(CD, noise(176_400 * 2)))
  .format;

function library(): MemorySongs {
  const songs = new MemorySongs();
  const add = (name: string, tags?: Record<string, string | number>) =>
    songs.addEntry({ name, format: FORMAT, bytes: 44, ...(tags && { tags }) });
  const album = { album: "Goldberg", albumArtist: "Bach", artist: "Gould" };
  add("Goldberg/b.flac", { ...album, title: "Aria, 1", track: 1 });
  add("Goldberg/a.flac", { ...album, title: "Variation", track: 2 });
  add("10 Why? 100%é.wav");
  add("9 Round.wav");
  songs.addEntry({ name: "odd.wma", problem: "unsupported", bytes: 10 });
  return songs;
}

function get(
  world: Partial<HttpWorld>,
  target: string,
  fields: Record<string, string> = {},
): Promise<Answer> {
  return answerOf({ songs: library(), ...world }, target, fields);
}

/** A body's text, read in pieces of a length. */
async function textOf(answer: Answer, readBytes = 7): Promise<string> {
  const { body } = answer;
  if (body instanceof Uint8Array) return new TextDecoder().decode(body);
  const all: number[] = [];
  const into = new Uint8Array(readBytes);
  for (let count; (count = await body.read(into)) !== null;) {
    all.push(...into.subarray(0, count));
  }
  body.close();
  assert.equal(all.length, bodyBytes(answer));
  return new TextDecoder().decode(new Uint8Array(all));
}

async function albumKey(songs: MemorySongs): Promise<string> {
  return (await songs.library.albums({})).rows[0].key;
}

Deno.test("all playable songs are listed in natural order, with length and title", async () => {
  const answer = await get({}, "/songs.m3u8");
  assert.equal(answer.status, 200);
  assert.equal(answer.headers["content-type"], "audio/mpegurl");
  assert.equal(
    await textOf(answer),
    `#EXTM3U
#EXTINF:2,Round
http://pi.local:4042/songs/9%20Round.wav
#EXTINF:2,Why? 100%é
http://pi.local:4042/songs/10%20Why%3F%20100%25%C3%A9.wav
#EXTINF:2,Gould - Variation
http://pi.local:4042/songs/Goldberg/a.flac
#EXTINF:2,Gould - Aria, 1
http://pi.local:4042/songs/Goldberg/b.flac
`,
  );
});

Deno.test("an album is listed in track order", async () => {
  const songs = library();
  const key = await albumKey(songs);
  const list = await textOf(await get({ songs }, `/albums/${key}.m3u8`));
  assert.deepEqual(list.match(/[ab]\.flac/g), ["b.flac", "a.flac"]);
  assert.equal(list.includes("Round"), false);
});

for (const tail of ["0123456789abcdef0123.m3u8", "x.m3u8", "../a.m3u8", "a"]) {
  Deno.test(`/albums/${tail} is 404`, async () => {
    await assert.rejects(get({}, `/albums/${tail}`), { status: 404 });
  });
}

Deno.test("addresses begin with the public address, or else with the port's own scheme", async () => {
  const address = "https://example.org/music/";
  const cases: [Partial<HttpWorld>, string][] = [
    [{ address }, `${address}songs/`],
    [{ scheme: "https" }, "https://pi.local:4042/songs/"],
  ];
  for (const [world, start] of cases) {
    const lines = (await textOf(await get(world, "/songs.m3u8"))).split("\n");
    const addresses = lines.filter((line) => line && !line.startsWith("#"));
    assert.equal(addresses.length, 4);
    assert.ok(addresses.every((one) => one.startsWith(start)));
  }
});

Deno.test("the addresses in a list contain the read key, and never the token", async () => {
  const key = readKeyOf("secret");
  const gate = () => new TokenGate("secret", new FakeClock());
  const list = await get({ gate: gate() }, `/songs.m3u8?key=${key}`);
  assert.equal((await textOf(list)).split(`?key=${key}\n`).length, 5);
  const authorization = "Bearer secret";
  const byToken = await get({ gate: gate() }, "/songs.m3u8", { authorization });
  assert.equal((await textOf(byToken)).includes("key="), false);
  await assert.rejects(get({ gate: gate() }, "/songs.m3u8"), { status: 401 });
  await assert.rejects(get({ gate: gate() }, "/songs.m3u8?key=secret"), {
    status: 401,
  });
});

Deno.test("a server without a token copies no unchecked key into a list", async () => {
  const list = await textOf(await get({}, "/songs.m3u8?key=abc"));
  assert.equal(list.includes("abc"), false);
});

Deno.test("If-None-Match of a list's etag is answered 304 until a song changes", async () => {
  const songs = library();
  const { headers: { etag } } = await get({ songs }, "/songs.m3u8");
  const again = () => get({ songs }, "/songs.m3u8", { "if-none-match": etag });
  assert.equal((await again()).status, 304);
  songs.addEntry({ name: "new.wav", format: FORMAT, bytes: 44 });
  assert.equal((await again()).status, 200);
});

Deno.test("a long list is written in small steps, and is sent completely", async () => {
  const songs = new MemorySongs();
  for (let i = 0; i < 3000; i++) {
    songs.addEntry({ name: `${i}.wav`, format: FORMAT, bytes: 44 });
  }
  let steps = 0;
  const turns = { next: (count = 1) => (steps += count, null) };
  const answer = await get({ songs, turns }, "/songs.m3u8");
  assert.ok(steps >= 3000, `${steps} steps`);
  const text = await textOf(answer, 64 * 1024);
  assert.equal(text.match(/^http.*$/gm)?.length, 3000);
});

Deno.test("a list whose songs change while it is sent is cut", async () => {
  const songs = library();
  const answer = await get({ songs }, "/songs.m3u8");
  songs.addEntry({
    ...{ name: "9 Round.wav", format: FORMAT, bytes: 44 },
    tags: { title: "a title of another length" },
  });
  await assert.rejects(textOf(answer), { code: "changed" });
});
