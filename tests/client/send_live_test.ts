import assert from "node:assert/strict";
import type { PcmFormat } from "../../lib/audio/format.ts";
import { Link } from "../../lib/client/link.ts";
import { sendLive } from "../../lib/client/send_live.ts";
import type { LiveSource } from "../../lib/ports/client.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { IDENTITY, RawServer, WELCOME } from "../support/memory_client.ts";
import { MemoryServer } from "../support/memory_server.ts";
import type { RawPeer } from "../support/raw_peer.ts";

/** 4,000 bytes a second, 4 bytes a sample frame. */
const FORMAT: PcmFormat = {
  ...{ encoding: "s16le", rate: 1000, channels: 2, bits: 16 },
};

/** Endless sample frames of four equal bytes, in pieces that end within them. */
class Source implements LiveSource {
  readonly format = FORMAT;
  #bytes = 0;
  #isOver = false;

  read(into: Uint8Array): Promise<number | null> {
    if (this.#isOver) return Promise.resolve(null);
    const piece = into.subarray(0, 27);
    for (let i = 0; i < piece.length; i++) {
      piece[i] = Math.floor(this.#bytes++ / 4) % 255 + 1;
    }
    return Promise.resolve(piece.length);
  }

  close(): Promise<void> {
    this.#isOver = true;
    return Promise.resolve();
  }
}

function linkTo(connector: RawServer["connector"], clock: FakeClock): Link {
  const { signal } = new AbortController();
  return new Link({
    ...{ connector, clock, identity: IDENTITY, windowBytes: 1000, signal },
  });
}

for (let cut = 0; cut < 4; cut++) {
  Deno.test(`a sender whose connection is lost ${cut} bytes behind a sample frame goes on with whole ones`, async () => {
    const server = new MemoryServer();
    const { clock } = server;
    const end = new AbortController();
    const connector = server.connector((number) =>
      number === 0 ? { toServer: { cutAfterBytes: 10_000 + cut } } : {}
    );
    const link = linkTo(connector, clock);
    const sent = sendLive({
      ...{ link, name: "mic", source: new Source(), signal: end.signal },
    });
    await clock.advance(4_000);
    assert.equal(link.reconnects, 1);
    const song = server.hub.live.get("live/mic")!;
    const { dataOffset } = song.entry.format!;
    const first = Math.max(song.keptOffset, dataOffset);
    const pcm = song.slice(first, song.edge - (song.edge - dataOffset) % 4);
    assert.ok(pcm.length > 4_000);
    for (let at = 0; at < pcm.length; at += 4) {
      const frame = pcm.subarray(at, at + 4);
      // Of one that has come in part, the rest is silent.
      const known = frame.filter((byte) => byte !== 0);
      assert.ok(known.every((byte) => byte === known[0]), `${at}: ${frame}`);
    }
    end.abort();
    await sent;
  });
}

Deno.test("a sender whose next connection is lost before the server expects its song tries once more", async () => {
  const clock = new FakeClock();
  const server = new RawServer(clock);
  const end = new AbortController();
  const link = linkTo(server.connector, clock);
  const sent = sendLive({
    ...{ link, name: "mic", source: new Source(), signal: end.signal },
  });
  const welcome = async (): Promise<RawPeer> => {
    await clock.advance(5_000);
    const { peer } = server;
    const { id: re } = await peer.next("hello");
    await peer.send({ ...WELCOME, features: ["live"], re });
    return peer;
  };
  const expect = async (peer: RawPeer) => {
    const { id: re } = await peer.next("live");
    await peer.send({ type: "ready", window: 4_000, re });
  };
  const first = await welcome();
  await expect(first);
  first.transport.close();
  const second = await welcome();
  await second.next("live");
  second.transport.close();
  const third = await welcome();
  await expect(third);
  await clock.advance(1_000);
  assert.equal(server.peers.length, 3);
  assert.equal(third.data.length, 4_000);
  end.abort();
  assert.equal((await sent).reconnects, 2);
});
