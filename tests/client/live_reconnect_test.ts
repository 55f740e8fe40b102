import assert from "node:assert/strict";
import type { PcmFormat } from "../../lib/audio/format.ts";
import { settle } from "../support/fake_clock.ts";
import { device, END, FEATURES } from "../support/live_server.ts";
import { MemoryClient } from "../support/memory_client.ts";
import { dataFrame } from "../support/raw_peer.ts";

/** 32,000 bytes a second, 4 bytes a sample frame. */
const FORMAT: PcmFormat = {
  ...{ encoding: "s16le", rate: 8000, channels: 2, bits: 16 },
};
const PIECE_BYTES = 1600;

/** Sample frames of four equal bytes, other ones in each piece. */
function piece(number: number): Uint8Array {
  return new Uint8Array(PIECE_BYTES).fill(number + 1);
}

for (let cut = 0; cut < 4; cut++) {
  Deno.test(`a live song whose connection is lost ${cut} bytes behind a sample frame goes on with whole ones`, async () => {
    const connected = Promise.withResolvers<void>();
    const client = new MemoryClient({
      realTime: true,
      attempt(number) {
        if (number === 1) connected.resolve();
        return number === 0
          ? { toClient: { cutAfterBytes: 12_000 + cut } }
          : {};
      },
    });
    const { server, clock, recorder } = client;
    const { peer: sender } = await server.connectWelcomed({
      hello: { device: device(7), features: FEATURES },
    });
    await sender.send({ type: "live", name: "mic", format: FORMAT });
    await sender.next("ready");
    const done = client.playback("live/mic").run();
    for (let i = 0; i < 60; i++) {
      await sender.write(dataFrame(piece(i)));
      await clock.advance(50);
    }
    await connected.promise;
    await sender.write(END);
    await settle();
    const { reconnects } = await clock.runUntil(done);
    assert.equal(reconnects, 1);
    const { pcm } = recorder;
    for (let at = 0; at < pcm.length; at += 4) {
      const frame = pcm.subarray(at, at + 4);
      assert.ok(frame.every((byte) => byte === frame[0]), `${at}: ${frame}`);
    }
    assert.ok(pcm.includes(60), "it goes on to its end");
  });
}
