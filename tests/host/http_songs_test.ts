import assert from "node:assert/strict";
import { type Answer, HttpError } from "../../lib/host/http_answer.ts";
import { answerOf } from "../support/http_world.ts";
import { liveServer } from "../support/live_server.ts";
import { CD, MemorySongs, noise, wavFile } from "../support/memory_songs.ts";

const FILE = wavFile(CD, noise(100_000));

function store(): MemorySongs {
  const songs = new MemorySongs();
  songs.add("live/Why? 100%é.wav", FILE);
  songs.add("twin.wav", FILE);
  songs.add("Twin.wav", FILE);
  songs.addEntry({ name: "odd.wma", problem: "unsupported", bytes: 10 });
  return songs;
}

const SONG = "live/Why%3F%20100%25%C3%A9.wav";

/** Requests a song by a path below `/songs/`. */
function ask(
  songs: MemorySongs,
  target: string,
  fields: Record<string, string> = {},
  method = "GET",
): Promise<Answer> {
  return answerOf({ songs }, `/songs/${target}`, fields, method);
}

/** Reads a body to its end, piece by piece, and closes it. */
async function bytesOf({ body }: Answer, readBytes = 999): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  const all = new Uint8Array(body.bytes);
  let fill = 0;
  while (true) {
    const buffer = new Uint8Array(readBytes);
    const count = await body.read(buffer);
    if (count === null) break;
    all.set(buffer.subarray(0, count), fill);
    fill += count;
  }
  assert.equal(fill, all.length);
  body.close();
  return all;
}

for (const query of ["", "?as=wav"]) {
  Deno.test(`/songs/NAME${query} is answered with the file and the header fields that players need`, async () => {
    const songs = store();
    const answer = await ask(songs, SONG + query);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.etag, /^"[\w.-]+"$/);
    assert.equal(answer.headers["content-type"], "audio/wav");
    assert.equal(answer.headers["accept-ranges"], "bytes");
    assert.equal(answer.headers["cache-control"], "private");
    assert.deepEqual(await bytesOf(answer), FILE);
    assert.equal(songs.openCount, 0);
  });
}

for (const query of ["", "?as=wav"]) {
  Deno.test(`/songs/NAME${query} of a live song is 404, in the same words`, async () => {
    const { server: { hub: { songs } } } = await liveServer();
    await assert.rejects(answerOf({ songs }, `/songs/live/mic${query}`), {
      status: 404,
      message: "live/mic has no file: it is live",
    });
  });
}

const PARTS: [range: string, from: number, to: number][] = [
  ["bytes=0-0", 0, 1],
  ["bytes=44-143", 44, 144],
  ["bytes=99000-", 99_000, FILE.length],
  ["bytes=-44", FILE.length - 44, FILE.length],
  ["bytes=0-99999999", 0, FILE.length],
];

for (const [range, from, to] of PARTS) {
  Deno.test(`a request for ${range} of a song is answered with that part`, async () => {
    const answer = await ask(store(), SONG, { range });
    assert.equal(answer.status, 206);
    assert.equal(
      answer.headers["content-range"],
      `bytes ${from}-${to - 1}/${FILE.length}`,
    );
    assert.deepEqual(await bytesOf(answer, 64), FILE.subarray(from, to));
  });
}

Deno.test("a part is sent only when If-Range names the current content", async () => {
  const songs = store();
  const { etag } = (await ask(songs, SONG)).headers;
  const range = "bytes=0-9";
  const statusWith = async (ifRange: string) =>
    (await ask(songs, SONG, { range, "if-range": ifRange })).status;
  assert.equal(await statusWith(etag), 206);
  for (
    const other of [
      '"another"',
      `W/${etag}`,
      "*",
      "Thu, 26 Nov 2026 03:00:00 GMT",
    ]
  ) {
    assert.equal(await statusWith(other), 200, other);
  }
});

Deno.test("several ranges, and any range of a HEAD, are answered with the whole song", async () => {
  const range = "bytes=0-1,4-5";
  const several = await ask(store(), SONG, { range });
  assert.equal(several.status, 200);
  const head = await ask(store(), SONG, { range: "bytes=0-1" }, "HEAD");
  assert.equal(head.status, 200);
  assert.equal((await bytesOf(head)).length, FILE.length);
});

Deno.test("If-None-Match of the current etag is answered 304, before any range", async () => {
  const songs = store();
  const first = await ask(songs, SONG);
  const { etag } = first.headers;
  await bytesOf(first);
  for (const field of [etag, `"x", W/${etag}`, "*"]) {
    const again = await ask(songs, SONG, {
      "if-none-match": field,
      range: "bytes=0-1",
    });
    assert.equal(again.status, 304);
    assert.equal(again.headers.etag, etag);
  }
  assert.equal(songs.openCount, 0);
});

Deno.test("the WAV of a listed etag is immutable, and 404 once the song changes", async () => {
  const songs = store();
  const { etag } = songs.find("live/Why? 100%é.wav")!;
  const fits = await ask(songs, `${SONG}?as=wav&etag=${etag}`);
  assert.match(fits.headers["cache-control"], /^private, .*immutable$/);
  await bytesOf(fits);
  songs.add("live/Why? 100%é.wav", FILE);
  await assert.rejects(ask(songs, `${SONG}?as=wav&etag=${etag}`), {
    status: 404,
  });
  const file = await ask(songs, `${SONG}?etag=${etag}`);
  assert.equal(file.headers["cache-control"], "private");
  await bytesOf(file);
  assert.equal(songs.openCount, 0);
});

const REFUSED: [
  target: string,
  status: number,
  fields?: Record<string, string>,
][] = [
  ["none.wav", 404],
  ["live%2FWhy%3F%20100%25%C3%A9.wav", 400],
  ["live/Why%3f 100%25", 400],
  ["../live.wav", 400],
  ["%2e%2e/live.wav", 400],
  ["live//a.wav", 400],
  ["/etc/passwd", 400],
  ["live/%00.wav", 400],
  ["live/%zz.wav", 400],
  ["live/%C3.wav", 400],
  ["TWIN.wav", 409],
  ["odd.wma?as=wav", 422],
  [`${SONG}?as=mp3`, 400],
  [SONG, 416, { range: `bytes=${FILE.length}-` }],
];

for (const [target, status, fields] of REFUSED) {
  Deno.test(`/songs/${target} is answered ${status}`, async () => {
    const songs = store();
    // A blank would end the request's target.
    const answer = ask(songs, target.replaceAll(" ", "%2F"), fields);
    await assert.rejects(answer, (error: HttpError) => error.status === status);
    assert.equal(songs.openCount, 0);
  });
}

Deno.test("an unsatisfiable range is answered with the song's length", async () => {
  const range = `bytes=${FILE.length}-`;
  await assert.rejects(ask(store(), SONG, { range }), (error: HttpError) => {
    assert.equal(error.headers["content-range"], `bytes */${FILE.length}`);
    return true;
  });
});

Deno.test("a song without a decoder is sent as its file", async () => {
  const answer = await ask(store(), "odd.wma");
  assert.equal(answer.headers["content-type"], "application/octet-stream");
  assert.equal((await bytesOf(answer)).length, 10);
});
