import assert from "node:assert/strict";
import { TransportStream } from "../../lib/host/transport_stream.ts";
import type { Transport } from "../../lib/ports/common.ts";

/** A transport that accepts everything, and records each write. */
function writesOf(): { transport: Transport; writes: Uint8Array[] } {
  const writes: Uint8Array[] = [];
  return {
    writes,
    transport: {
      ...{ peer: "192.0.2.7:4711", progressAtMs: 0, writing: false },
      read: () => new Promise(() => {}),
      write(bytes) {
        writes.push(bytes);
        return Promise.resolve();
      },
      closeWrite: () => Promise.resolve(),
      close() {},
    },
  };
}

/** Writes a header and a body together, as `ws` does. */
async function writeBoth(transport: Transport, body: Uint8Array) {
  const stream = new TransportStream(transport);
  stream.cork();
  stream.write(Uint8Array.of(1, 2));
  const written = new Promise((resolve) => stream.write(body, resolve));
  stream.uncork();
  await written;
  stream.destroy();
}

Deno.test("a short message and its header are sent in one write", async () => {
  const { transport, writes } = writesOf();
  await writeBoth(transport, Uint8Array.of(3, 4));
  assert.deepEqual(writes.map((bytes) => [...bytes]), [[1, 2, 3, 4]]);
});

Deno.test("a long message is written without a copy", async () => {
  const { transport, writes } = writesOf();
  const body = new Uint8Array(64 * 1024);
  await writeBoth(transport, body);
  assert.deepEqual(writes.map(({ length }) => length), [2, body.length]);
  assert.equal(writes[1].buffer, body.buffer);
});
