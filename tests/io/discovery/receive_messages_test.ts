import assert from "node:assert/strict";
import { receiveMessages } from "../../../lib/io/discovery/receive_messages.ts";
import { query } from "../../../lib/model/discovery/dns_message.ts";
import { writeMessage } from "../../../lib/model/discovery/dns_writer.ts";
import { FakeClock } from "../../support/fake_clock.ts";

/** A socket that receives a packet each time, or an error. */
function socketOf(
  packets: (Uint8Array<ArrayBuffer> | Error)[],
  ip: (left: number) => string,
) {
  const socket: Pick<Deno.DatagramConn, "receive"> = {
    receive() {
      const packet = packets.shift();
      if (packet instanceof Error) return Promise.reject(packet);
      if (packet === undefined) return new Promise(() => {});
      const hostname = `${ip(packets.length)}%3`;
      return Promise.resolve([
        packet,
        { transport: "udp", hostname, port: 5353 },
      ]);
    },
  };
  return socket as Deno.DatagramConn;
}

const PACKET = writeMessage(query({ id: 7 }));

async function received(
  packets: (Uint8Array<ArrayBuffer> | Error)[],
  ip: (left: number) => string = () => "fe80::1",
) {
  const clock = new FakeClock();
  const ids: number[] = [];
  const ips = new Set<string>();
  const { signal } = new AbortController();
  receiveMessages(socketOf(packets, ip), clock, signal, ({ id }, { ip }) => {
    ids.push(id);
    ips.add(ip);
  });
  await clock.advance(10_000);
  return { ids, ips: [...ips] };
}

Deno.test("packets beyond a rate are dropped unread", async () => {
  const flood = () => Array(1_000).fill(PACKET);
  assert.equal((await received(flood())).ids.length, 61);
  const { ids, ips } = await received(flood(), (left) => `fe80::${left}`);
  assert.equal(ids.length, 151);
  assert.equal(ips.length, 151);
  // One that floods leaves room for others.
  const mixed = await received(
    flood(),
    (left) => left % 20 === 0 ? `fe80::${left}` : "fe80::f",
  );
  assert.equal(mixed.ips.length, 51);
});

Deno.test("what is no message, and an error, are passed over", async () => {
  const { ids, ips } = await received([
    ...[PACKET, Uint8Array.of(1, 2, 3), new Error("gone"), PACKET],
  ]);
  assert.deepEqual([ids, ips], [[7, 7], ["fe80::1"]]);
});
