import assert from "node:assert/strict";
import { songFormat, WavHeaderReader } from "../../lib/audio/wav.ts";
import { DiskCache } from "../../lib/io/cache/disk_cache.ts";
import type { CachedSong, SongCache } from "../../lib/ports/client.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { MemoryCache } from "../support/memory_cache.ts";
import { noise, PHONE, sha256Hex, wavFile } from "../support/memory_songs.ts";
import { TempFolder } from "../support/programs.ts";

const CACHES: Record<
  string,
  () => Promise<AsyncDisposable & { cache: SongCache }>
> = {
  "in memory": () =>
    Promise.resolve({
      cache: new MemoryCache(),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
  "on disk": async () => {
    const folder = await TempFolder.make();
    return {
      cache: await DiskCache.open(folder.path, 1 << 30),
      [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
    };
  },
};
const SERVER = "localhost:4040";

/** A song as a server has it, another one for each seed. */
function songOf(seed: number, name = "live/Song.wav") {
  const file = wavFile(PHONE, noise(5000, seed));
  const header = new WavHeaderReader(file.length).push(file)!;
  return {
    file,
    sha256: sha256Hex(file),
    row: {
      song: name,
      etag: `etag-${seed}`,
      bytes: file.length,
      format: songFormat(header, file.length),
    },
  };
}

for (const [where, make] of Object.entries(CACHES)) {
  const test = (name: string, run: (cache: SongCache) => Promise<void>) =>
    Deno.test(`a cache ${where}: ${name}`, async () => {
      await using it = await make();
      await run(it.cache);
    });

  test("a song that was published is found and listed, whole, and is as it was stored", async (cache) => {
    const { row } = songOf(1);
    const published = await storeWhole(cache, songOf(1));
    const found = (await cache.find(SERVER, row.song))!;
    for (const entry of [published, found]) {
      assert.equal(entry.server, SERVER);
      assert.equal(entry.song, row.song);
      assert.equal(entry.etag, row.etag);
      assert.deepEqual(entry.format, row.format);
      assert.equal(entry.whole, true);
      assert.equal(entry.storedBytes, row.bytes);
    }
    assert.deepEqual((await cache.list()).map(({ song }) => song), [row.song]);
    assert(await cache.check(found));
  });

  test("find() takes a name in any case, with or without its ending, of that server alone", async (cache) => {
    await storeWhole(cache, songOf(1));
    for (const name of ["live/Song.wav", "live/Song", "LIVE/sONG.WAV"]) {
      assert.equal((await cache.find(SERVER, name))?.song, "live/Song.wav");
    }
    for (const name of ["Song.wav", "live/Son"]) {
      assert.equal(await cache.find(SERVER, name), null);
    }
    assert.equal(await cache.find("other:4040", "live/Song.wav"), null);
  });

  test("openWhole() reads at any offset, as far as the song goes", async (cache) => {
    const { file } = songOf(1);
    const open = await cache.openWhole(await storeWhole(cache, songOf(1)));
    const into = new Uint8Array(100);
    for (const offset of [0, 1, 44, file.length - 100]) {
      assert.equal(await open.read(into, offset), 100);
      assertBytes(into, file.subarray(offset, offset + 100));
    }
    assert.equal(await open.read(into, file.length - 7), 7);
    assert.equal(await open.read(into, file.length), 0);
    open.close();
  });

  test("openWhole() of a half song, and of one that is gone, throws changed", async (cache) => {
    await storeHalf(cache, songOf(1), 1000);
    const half = (await cache.find(SERVER, "live/Song"))!;
    await assert.rejects(cache.openWhole(half), { code: "changed" });
    const whole = await storeWhole(cache, songOf(1));
    await cache.remove(whole);
    await assert.rejects(cache.openWhole(whole), { code: "changed" });
  });

  test("a discarded download is deleted, and begins anew", async (cache) => {
    const { file, row } = songOf(1);
    const writer = (await cache.store(SERVER, row))!;
    await writer.write(file.subarray(0, 1000));
    await writer.discard();
    assert.deepEqual(await cache.list(), []);
    const again = (await cache.store(SERVER, row))!;
    assert.equal(again.storedBytes, 0);
    await again.close();
  });

  test("a half download is kept as such, and the same content goes on where it stopped", async (cache) => {
    const { file, row, sha256 } = songOf(1);
    await storeHalf(cache, songOf(1), 1000);
    const half = (await cache.find(SERVER, row.song))!;
    assert.equal(half.whole, false);
    assert.equal(half.storedBytes, 1000);
    assert.equal(await cache.check(half), false);
    const writer = (await cache.store(SERVER, row))!;
    assert.equal(writer.storedBytes, 1000);
    const into = new Uint8Array(2000);
    assert.equal(await writer.read(into, 10), 990);
    assertBytes(into.subarray(0, 990), file.subarray(10, 1000));
    await writer.write(file.subarray(1000));
    assert.equal(writer.storedBytes, file.length);
    assert.equal((await writer.publish(sha256)).whole, true);
    await writer.close();
  });

  test("other content is begun anew, and the song that is there stays until it is published", async (cache) => {
    const { row, file, sha256 } = songOf(2);
    await storeWhole(cache, songOf(1));
    await storeHalf(cache, songOf(3), 1000);
    const writer = (await cache.store(SERVER, row))!;
    assert.equal(writer.storedBytes, 0);
    await writer.write(file);
    assert.equal((await cache.find(SERVER, row.song))?.etag, "etag-1");
    await writer.publish(sha256);
    await writer.close();
    assert.equal((await cache.find(SERVER, row.song))?.etag, "etag-2");
  });

  test("a song is stored by one at a time", async (cache) => {
    const { row } = songOf(1);
    const writer = (await cache.store(SERVER, row))!;
    assert.equal(await cache.store(SERVER, row), null);
    await writer.close();
    await storeWhole(cache, songOf(1));
  });

  for (
    const [what, bytes, sha256] of [
      ["of another hash", 0, "0".repeat(64)],
      ["that is too short", 1, undefined],
    ] as const
  ) {
    test(`publish() of a song ${what} throws bad-hash, and nothing is left`, async (cache) => {
      const { row, file } = songOf(1);
      const writer = (await cache.store(SERVER, row))!;
      await writer.write(file.subarray(bytes));
      await assert.rejects(writer.publish(sha256), { code: "bad-hash" });
      await writer.close();
      assert.equal(await cache.find(SERVER, row.song), null);
      await storeWhole(cache, songOf(1));
    });
  }

  test("remove() takes a song away", async (cache) => {
    await cache.remove(await storeWhole(cache, songOf(1)));
    assert.deepEqual(await cache.list(), []);
    assert.equal(await cache.find(SERVER, "live/Song"), null);
  });
}

async function storeWhole(
  cache: SongCache,
  { row, file, sha256 }: ReturnType<typeof songOf>,
): Promise<CachedSong> {
  const writer = (await cache.store(SERVER, row))!;
  await writer.write(file.subarray(writer.storedBytes));
  const published = await writer.publish(sha256);
  await writer.close();
  return published;
}

async function storeHalf(
  cache: SongCache,
  { row, file }: ReturnType<typeof songOf>,
  bytes: number,
): Promise<void> {
  const writer = (await cache.store(SERVER, row))!;
  await writer.write(file.subarray(0, bytes));
  await writer.close();
}
