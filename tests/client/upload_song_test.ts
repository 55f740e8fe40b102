import assert from "node:assert/strict";
import { newHash } from "../../lib/io/hash_file.ts";
import { ClientSession } from "../../lib/client/client_session.ts";
import { uploadSong } from "../../lib/client/upload_song.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { IDENTITY, WELCOME } from "../support/memory_client.ts";
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
