import assert from "node:assert/strict";
import { concat } from "@std/bytes/concat";
import { assertBytes } from "../support/assert_bytes.ts";
import { ClusterWorld, until, untilHashed } from "../support/cluster_world.ts";
import { CD, noise, wavFile } from "../support/memory_songs.ts";
import { needsNats } from "../support/nats.ts";
import { jpegSize, somePng } from "../support/pictures.ts";
import { openSession } from "../support/sessions.ts";

const PCM = noise(3 << 20);
const text = (words: string) => new TextEncoder().encode(words);

/** A chunk of the Interchange File Format: its id, length and contents. */
function chunk(id: string, ...contents: Uint8Array[]): Uint8Array {
  const body = concat(contents);
  const head = new Uint8Array(8);
  head.set(text(id));
  new DataView(head.buffer).setUint32(4, body.length);
  return concat([head, body]);
}

/** The PCM as AIFF, which is stored as something else than it is sent. */
function aiff(): Uint8Array {
  const common = new Uint8Array(18);
  const view = new DataView(common.buffer);
  view.setUint16(0, 2);
  view.setUint32(2, PCM.length / 4);
  view.setUint16(6, 16);
  common.set([0x40, 0x0e, 0xac, 0x44], 8); // 44,100 as an 80-bit float
  return chunk(
    "FORM",
    text("AIFF"),
    chunk("COMM", common),
    chunk("SSND", new Uint8Array(8), PCM),
  );
}

Deno.test({
  name: "files, pictures and playlists of one server are served by another",
  ...needsNats,
  async fn() {
    await using world = await ClusterWorld.start();
    const [wav, other] = [wavFile(CD, PCM), aiff()];
    const [attic, cellar] = await Promise.all([
      world.server("attic", { "list.m3u": text("own.wav\n"), "own.wav": wav }),
      world.server("cellar", {
        ...{ "a.wav": wav, "b.aiff": other, "cover.jpg": somePng(300, 150) },
        ...{ "list.m3u": text("b.aiff\na.wav\n") },
      }),
    ]);
    const session = await openSession(attic.ports.session);
    await untilHashed(session, 3);
    const get = (path: string) =>
      fetch(`http://127.0.0.1:${attic.ports.http}/${path}`);
    for (const [name, bytes] of [["a.wav", wav], ["b.aiff", other]] as const) {
      const answer = await get(`songs/${name}`);
      assert.equal(answer.status, 200);
      assertBytes(await answer.bytes(), bytes);
      const art = await get(`art/${name}?size=128`);
      assert.deepEqual(jpegSize(await art.bytes()), [128, 64]);
    }
    const type = (await get("songs/b.aiff")).headers.get("content-type");
    assert.equal(type, "audio/aiff");
    const { playlists } = await until(
      () => session.request({ type: "playlists" }),
      ({ playlists }) => playlists.length === 2,
    );
    assert.deepEqual(playlists, [
      { name: "list.m3u", songs: 1, missing: 0 },
      { name: "cellar:list.m3u", songs: 2, missing: 0 },
    ]);
    const { songs } = await session.request({
      ...{ type: "list", selection: "playlist:cellar:list.m3u" },
    });
    assert.deepEqual(songs.map(({ name }) => name), ["b.aiff", "a.wav"]);
    session.close();
    await cellar[Symbol.asyncDispose]();
    // Until it is known to be dead, the song is listed.
    const away = await get("songs/b.aiff");
    assert.ok([404, 503].includes(away.status), `${away.status}`);
    await away.body?.cancel();
  },
});
