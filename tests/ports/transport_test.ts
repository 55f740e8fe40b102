import assert from "node:assert/strict";
import { connectTcp, TcpTransport } from "../../lib/io/net/tcp.ts";
import { systemClock } from "../../lib/io/clock/clock.ts";
import type { Transport } from "../../lib/ports/common.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { noise } from "../support/memory_songs.ts";
import { transportPair } from "../support/memory_transport.ts";
import { concat } from "../support/raw_peer.ts";

/** Both ends of a new connection, by what it runs over. */
const CONNECTIONS: Record<string, () => Promise<[Transport, Transport]>> = {
  memory: () => {
    const { client, server } = transportPair(systemClock, {
      toServer: { capacityBytes: 64 * 1024 },
      toClient: { capacityBytes: 64 * 1024 },
    });
    return Promise.resolve([client, server]);
  },
  TCP: async () => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const accepted = listener.accept();
    const { port } = listener.addr as Deno.NetAddr;
    const conn = await connectTcp("127.0.0.1", port);
    return [new TcpTransport(conn), new TcpTransport(await accepted)];
  },
};
/** More than buffers on the way hold. */
const MUCH = noise(16 << 20);

for (const [over, connect] of Object.entries(CONNECTIONS)) {
  const test = (
    name: string,
    run: (one: Transport, other: Transport) => Promise<void>,
  ) =>
    Deno.test(`a connection over ${over}: ${name}`, async () => {
      const [one, other] = await connect();
      try {
        await run(one, other);
      } finally {
        one.close();
        other.close();
      }
    });

  for (const readBytes of [1, 7, 64 * 1024]) {
    test(
      `what is written is read in order, ${readBytes} bytes at a time`,
      async (one, other) => {
        const pieces = [1, 2, 1000, 3, 5000].map((bytes) =>
          noise(bytes, bytes)
        );
        const whole = concat(pieces);
        const read = readAll(other, readBytes);
        for (const piece of pieces) await one.write(piece);
        await one.closeWrite();
        assertBytes(await read, whole);
      },
    );
  }

  test("peer is the other end's address", (one, other) => {
    assert.match(one.peer, /^[\d.]+:\d+$/);
    assert.match(other.peer, /^[\d.]+:\d+$/);
    return Promise.resolve();
  });

  test(
    "a write waits for the peer to read, and each step that it takes is progress",
    async (one, other) => {
      const before = one.progressAtMs;
      assert.equal(one.writing, false);
      const written = one.write(MUCH);
      assert.equal(one.writing, true);
      const read = readAll(other, 256 * 1024);
      await written;
      assert.equal(one.writing, false);
      assert(one.progressAtMs > before);
      await one.closeWrite();
      assertBytes(await read, MUCH);
    },
  );

  test(
    "closeWrite() ends one direction, and the other goes on",
    async (one, other) => {
      await one.write(noise(10));
      await one.closeWrite();
      assertBytes(await readAll(other), noise(10));
      await other.write(noise(20));
      await other.closeWrite();
      assertBytes(await readAll(one), noise(20));
    },
  );

  test("close() ends a read of its own with null, any number of times", async (one) => {
    const read = one.read(new Uint8Array(1));
    one.close();
    one.close();
    assert.equal(await read, null);
    assert.equal(await one.read(new Uint8Array(1)), null);
  });

  test(
    "what was written before close() still arrives, then null",
    async (one, other) => {
      await one.write(noise(100));
      one.close();
      assertBytes(await readAll(other), noise(100));
    },
  );

  test("writing to a peer that has closed throws lost", async (one, other) => {
    other.close();
    await assert.rejects(async () => {
      // The first may still go into a buffer on the way.
      while (true) await one.write(MUCH);
    }, { code: "lost" });
    assert.equal(one.writing, false);
  });
}

async function readAll(
  transport: Transport,
  atOnce = 64 * 1024,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  while (true) {
    const into = new Uint8Array(atOnce);
    const bytes = await transport.read(into);
    if (bytes === null) return concat(pieces);
    assert(bytes > 0 && bytes <= atOnce);
    pieces.push(into.subarray(0, bytes));
  }
}
