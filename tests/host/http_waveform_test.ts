import assert from "node:assert/strict";
import type { HttpWorld } from "../../lib/host/http_world.ts";
import { readKeyOf } from "../../lib/server/read_key.ts";
import { TokenGate } from "../../lib/server/token_gate.ts";
import { OndacastError } from "../../lib/errors.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { answerOf } from "../support/http_world.ts";
import { CD, MemorySongs, noise, wavFile } from "../support/memory_songs.ts";

const NAME = "live/Why? é.wav";
const PATH = "/waveform/live/Why%3F%20%C3%A9.wav";

function world(given: Partial<HttpWorld> = {}): Partial<HttpWorld> {
  const songs = new MemorySongs();
  songs.add(NAME, wavFile(CD, noise(1000)));
  const peaks = (song: string, etag: string) =>
    Promise.resolve(new TextEncoder().encode(`${song} ${etag}`));
  return { songs, peaks, ...given };
}

Deno.test("a waveform is served under the song's path", async () => {
  const answer = await answerOf(world(), PATH);
  assert.equal(answer.status, 200);
  assert.equal(
    new TextDecoder().decode(answer.body as Uint8Array),
    `${NAME} v1`,
  );
  assert.equal(answer.headers["cache-control"], "private");
  const { etag } = answer.headers;
  assert.equal(etag, '"v1"');
  const again = await answerOf(world(), PATH, { "if-none-match": etag });
  assert.equal(again.status, 304);
});

Deno.test("the waveform of a listed etag is immutable, and 404 once the song changes", async () => {
  const { headers } = await answerOf(world(), `${PATH}?etag=v1`);
  assert.match(headers["cache-control"], /immutable/);
  await assert.rejects(answerOf(world(), `${PATH}?etag=v0`), { status: 404 });
});

Deno.test("the read key authorizes a waveform, but /peaks needs the token", async () => {
  const gate = new TokenGate("secret", new FakeClock());
  const key = `key=${readKeyOf("secret")}`;
  const closed = world({ gate });
  assert.equal((await answerOf(closed, `${PATH}?${key}`)).status, 200);
  await assert.rejects(answerOf(closed, PATH), { status: 401 });
  const peaks = `/peaks?song=${encodeURIComponent(NAME)}&etag=v1`;
  await assert.rejects(answerOf(closed, `${peaks}&${key}`), { status: 401 });
});

Deno.test("an unavailable waveform is answered with the status of its error", async () => {
  await assert.rejects(answerOf(world(), "/waveform/none.wav"), {
    status: 404,
  });
  await assert.rejects(answerOf(world(), "/waveform/a%2Fb.wav"), {
    status: 400,
  });
  const peaks = () =>
    Promise.reject(new OndacastError("busy", "too many wait"));
  await assert.rejects(answerOf(world({ peaks }), PATH), { status: 503 });
});
