import assert from "node:assert/strict";
import { Relay } from "../../../lib/io/net/relay.ts";
import { FakeClock } from "../../support/fake_clock.ts";

/** A relay that is finishing between two connections, and their remote ends. */
async function finishing(clock: FakeClock) {
  const [client, clientEnd] = await connected();
  const [server, serverEnd] = await connected();
  const relay = new Relay(client, server, clock);
  const over = Promise.all([relay.run(), relay.finish()]);
  const ends = new DisposableStack();
  ends.use(clientEnd);
  ends.use(serverEnd);
  return {
    ...{ relay, clientEnd, serverEnd, over },
    [Symbol.dispose]: () => ends.dispose(),
  };
}

async function connected(): Promise<[Deno.TcpConn, Deno.TcpConn]> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepted = listener.accept();
  const conn = await Deno.connect({ port: listener.addr.port });
  return [await accepted, conn];
}

Deno.test("finish() closes the connections after 2 s without progress", async () => {
  const clock = new FakeClock();
  using at = await finishing(clock);
  await clock.advance(2_000);
  await at.over;
  assert.equal(await at.clientEnd.read(new Uint8Array(1)), null);
});

Deno.test("finish() relays remaining data for at most 30 s", async () => {
  const clock = new FakeClock();
  using at = await finishing(clock);
  const { clientEnd, serverEnd, over } = at;
  const byte = new Uint8Array(1);
  for (let seconds = 0; seconds < 30; seconds += 2) {
    // When the second byte arrives, the first has been counted.
    for (const sent of [seconds, seconds + 1]) {
      await serverEnd.write(Uint8Array.of(sent));
      assert.equal(await clientEnd.read(byte), 1);
      assert.equal(byte[0], sent);
    }
    await clock.advance(2_000);
  }
  await over;
  assert.equal(await clientEnd.read(byte), null);
});

Deno.test("cut() ends finish() at once", async () => {
  using at = await finishing(new FakeClock());
  at.relay.cut();
  await at.over;
});
