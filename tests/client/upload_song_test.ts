import assert from "node:assert/strict";
import { newHash } from "../../lib/io/disk/hash_file.ts";
import { ClientSession } from "../../lib/client/client_session.ts";
import { uploadSong } from "../../lib/client/upload_song.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { IDENTITY, MemoryClient, WELCOME } from "../support/memory_client.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";
import { transportPair } from "../support/memory_transport.ts";
import { RawPeer } from "../support/raw_peer.ts";

const WINDOW_BYTES = 100_000;
const ENDLESS = {
  read: (into: Uint8Array) => Promise.resolve(into.length),
};

/** An upload whose last bytes of credit wait for a server that reads no more. */
async function uploadUnderWay() {
  const clock = new FakeClock();
  const pair = transportPair(clock, { toServer: { capacityBytes: 50_000 } });
  const peer = new RawPeer(pair.server);
  const session = await ClientSession.open({
    place: "raw:4040",
    connect: () => Promise.resolve(pair.client),
  }, { clock, identity: IDENTITY, windowBytes: 0 });
  await peer.next("hello");
  await peer.send({ ...WELCOME, re: 1 });
  const uploading = uploadSong(session, {
    song: "x",
    source: ENDLESS,
    newHash,
  });
  const { id } = await peer.next("upload");
  pair.server.incoming.held = true;
  await peer.send({ type: "ready", window: WINDOW_BYTES, re: id });
  await settle();
  assert.ok(pair.client.outgoing.writing);
  return { clock, pair, peer, id, uploading };
}

for (const fatal of [false, true]) {
  Deno.test(`uploadSong() rejects when it is refused while its last credit is on the way, fatal: ${fatal}`, async () => {
    const { clock, pair, peer, id, uploading } = await uploadUnderWay();
    const rejected = assert.rejects(uploading, { code: "busy" });
    await peer.send({
      ...{ type: "error", code: "busy", message: "It ends", fatal, re: id },
    });
    await settle();
    pair.server.incoming.held = false;
    await clock.runUntil(rejected, 10_000);
  });
}

Deno.test("uploadSong() rejects when the connection is lost while its last credit is on the way", async () => {
  const { clock, pair, uploading } = await uploadUnderWay();
  const rejected = assert.rejects(uploading, { code: "lost" });
  pair.cut();
  await clock.runUntil(rejected, 10_000);
});

Deno.test("uploadSong() ends when its signal says so, and the next one is stored", async () => {
  const { link } = new MemoryClient();
  const session = await link.session();
  const file = wavFile(PHONE, noise(20_000));
  // Before the first byte, and in the middle.
  for (const after of [0, 8_000, 16_000]) {
    const ended = new AbortController();
    let read = 0;
    await assert.rejects(
      uploadSong(session, {
        song: "a.wav",
        newHash,
        signal: ended.signal,
        source: {
          read: (into) => {
            if (read >= after) ended.abort();
            const piece = file.subarray(read, read + 8_000);
            into.set(piece);
            read += piece.length;
            return Promise.resolve(piece.length || null);
          },
        },
      }),
      { code: "interrupted" },
    );
    assert.deepEqual((await session.request({ type: "list" })).songs, []);
  }
  await assert.rejects(
    uploadSong(session, {
      ...{ song: "a.wav", newHash, source: ENDLESS },
      signal: AbortSignal.abort(),
    }),
    { code: "interrupted" },
  );
  let sent = false;
  const read = (into: Uint8Array) => {
    if (sent) return Promise.resolve(null);
    sent = true;
    into.set(file);
    return Promise.resolve(file.length);
  };
  await uploadSong(session, { song: "a.wav", newHash, source: { read } });
  assert.equal((await session.request({ type: "list" })).songs.length, 1);
});
