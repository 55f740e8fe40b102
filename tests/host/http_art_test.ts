import assert from "node:assert/strict";
import { OndacastError } from "../../lib/errors.ts";
import type { Answer } from "../../lib/host/http_answer.ts";
import type { HttpWorld } from "../../lib/host/http_world.ts";
import { readKeyOf } from "../../lib/server/read_key.ts";
import { TokenGate } from "../../lib/server/token_gate.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { answerOf } from "../support/http_world.ts";
import { MemorySongs } from "../support/memory_songs.ts";

const PATH = "/art/live/%C3%A9.flac?size=256";

function songs(failure?: OndacastError): MemorySongs {
  const songs = new MemorySongs();
  songs.addEntry({ name: "live/é.flac", etag: "row" });
  songs.addEntry({ name: "bare.flac" });
  songs.pictures.set("live/é.flac", {
    etag: "picture",
    shrunk: (size) =>
      failure
        ? Promise.reject(failure)
        : Promise.resolve(Uint8Array.of(size / 64)),
  });
  return songs;
}

function get(
  target: string,
  given: Partial<HttpWorld> = {},
  fields: Record<string, string> = {},
): Promise<Answer> {
  return answerOf({ songs: songs(), ...given }, target, fields);
}

Deno.test("a song's picture is a JPEG of the size asked for", async () => {
  for (const size of [64, 128, 256, 512, 1024]) {
    const answer = await get(`/art/live/%C3%A9.flac?size=${size}`);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers["content-type"], "image/jpeg");
    assert.equal(answer.headers["cache-control"], "private");
    assert.equal(answer.headers.etag, `"picture-${size}"`);
    assert.deepEqual(answer.body, Uint8Array.of(size / 64));
  }
});

Deno.test("a picture that a client has is answered 304", async () => {
  const fields = { "if-none-match": '"picture-256"' };
  assert.equal((await get(PATH, {}, fields)).status, 304);
  const other = { "if-none-match": '"picture-128"' };
  assert.equal((await get(PATH, {}, other)).status, 200);
});

Deno.test("the row's etag makes a picture immutable, and is 404 once it changes", async () => {
  const { headers } = await get(`${PATH}&etag=row`);
  assert.match(headers["cache-control"], /immutable/);
  await assert.rejects(get(`${PATH}&etag=other`), { status: 404 });
});

Deno.test("a picture is found by the etag of a row from before the length was known", async () => {
  const given = songs();
  const before = { ...given.find("live/é.flac")!, etag: "before" };
  const find = given.find.bind(given);
  given.find = (name, etag) => etag === "before" ? before : find(name, etag);
  const { status } = await get(`${PATH}&etag=before`, { songs: given });
  assert.equal(status, 200);
});

const REFUSED: [target: string, status: number][] = [
  ["/art/live/%C3%A9.flac", 400],
  ["/art/live/%C3%A9.flac?size=", 400],
  ["/art/live/%C3%A9.flac?size=255", 400],
  ["/art/live/%C3%A9.flac?size=0256", 400],
  ["/art/live/%C3%A9.flac?size=1e9", 400],
  ["/art/live%2F%C3%A9.flac?size=256", 400],
  ["/art/none.flac?size=256", 404],
  ["/art/bare.flac?size=256", 404],
];

for (const [target, status] of REFUSED) {
  Deno.test(`${target} is answered ${status}`, async () => {
    await assert.rejects(get(target), { status });
  });
}

Deno.test("a picture that cannot be made is 422, and 503 while too many wait", async () => {
  for (const [code, status] of [["unsupported", 422], ["busy", 503]] as const) {
    const failing = songs(new OndacastError(code, "cannot"));
    await assert.rejects(get(PATH, { songs: failing }), { status });
  }
});

Deno.test("the read key opens pictures", async () => {
  const gate = new TokenGate("secret", new FakeClock());
  const key = readKeyOf("secret");
  assert.equal((await get(`${PATH}&key=${key}`, { gate })).status, 200);
  await assert.rejects(get(PATH, { gate }), { status: 401 });
});
