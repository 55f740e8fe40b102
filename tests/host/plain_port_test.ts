import assert from "node:assert/strict";
import { PlainPort } from "../../lib/host/plain_port.ts";
import { Counters } from "../../lib/server/counters.ts";
import { Framer } from "../../lib/server/framer.ts";
import { songSource } from "../../lib/server/plain_source.ts";
import { SongPages } from "../../lib/server/song_pages.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { MemorySongs, noise, PHONE, wavFile } from "../support/memory_songs.ts";
import { transportPair } from "../support/memory_transport.ts";

/** A listener to an endless song, whose network buffers 10,000 bytes. */
function setUp() {
  const clock = new FakeClock();
  const songs = new MemorySongs();
  songs.add("a.wav", wavFile(PHONE, noise(100_000)));
  const framer = new Framer(new SongPages({ bytes: 1000 }, 1 << 20), clock);
  const port = new PlainPort(
    { maxClients: 10, maxClientsPerAddress: 10 },
    {
      open: async () =>
        songSource(await songs.open(songs.find("a")!), framer, true),
      block: { bytes: 1000 },
      counters: new Counters(),
      refusal: () => null,
    },
  );
  const { client, server } = transportPair(clock, {
    toClient: { capacityBytes: 10_000 },
  });
  const served = port.serve(server, 1, new AbortController().signal);
  const sweepFor = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 500) {
      await clock.advance(500);
      port.sweep(clock.now(), 0);
    }
    await settle();
  };
  return { clock, port, client, server, served, sweepFor };
}

Deno.test("a plain listener that accepts no data for 30 s is disconnected", async () => {
  const { port, server, served, sweepFor } = setUp();
  await sweepFor(29_500);
  assert.deepEqual([server.closed, port.listeners], [false, 1]);
  await sweepFor(500);
  assert.equal(server.closed, true);
  await served;
  assert.equal(port.listeners, 0);
});

Deno.test("a plain listener that accepts a byte now and then stays connected", async () => {
  const { client, server, sweepFor, served } = setUp();
  for (let i = 0; i < 5; i++) {
    await sweepFor(29_500);
    await client.read(new Uint8Array(1));
  }
  assert.equal(server.closed, false);
  client.close();
  await sweepFor(30_000);
  await served;
});

Deno.test("no plain listener is disconnected after the server was suspended", async () => {
  const { clock, port, server, served, sweepFor } = setUp();
  await clock.advance(60_000);
  port.sweep(clock.now(), clock.now());
  await settle();
  assert.equal(server.closed, false);
  await sweepFor(30_000);
  await served;
});
