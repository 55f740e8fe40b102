import assert from "node:assert/strict";
import { receiveMessages } from "../../../lib/io/discovery/receive_messages.ts";
import { query } from "../../../lib/model/discovery/dns_message.ts";
import { writeMessage } from "../../../lib/model/discovery/dns_writer.ts";
import { FakeClock } from "../../support/fake_clock.ts";

/** A socket that receives a packet each time, or an error. */
function socketOf(packets: (Uint8Array<ArrayBuffer> | Error)[]) {
  const socket: Pick<Deno.DatagramConn, "receive"> = {
    receive() {
      const packet = packets.shift();
      if (packet instanceof Error) return Promise.reject(packet);
      if (packet === undefined) return new Promise(() => {});
      const hostname = "fe80::1%3";
      return Promise.resolve([
        packet,
        { transport: "udp", hostname, port: 5353 },
      ]);
    },
  };
  return socket as Deno.DatagramConn;
}

const PACKET = writeMessage(query({ id: 7 }));

async function received(packets: (Uint8Array<ArrayBuffer> | Error)[]) {
  const clock = new FakeClock();
  const ids: number[] = [];
  const ips = new Set<string>();
  const { signal } = new AbortController();
  receiveMessages(socketOf(packets), clock, signal, ({ id }, { ip }) => {
    ids.push(id);
    ips.add(ip);
  });
  await clock.advance(10_000);
  return { ids, ips: [...ips] };
}

Deno.test("packets beyond a rate are dropped unread", async () => {
  const { ids } = await received(Array(1_000).fill(PACKET));
  assert.equal(ids.length, 101);
});

Deno.test("what is no message, and an error, are passed over", async () => {
  const { ids, ips } = await received([
    ...[PACKET, Uint8Array.of(1, 2, 3), new Error("gone"), PACKET],
  ]);
  assert.deepEqual([ids, ips], [[7, 7], ["fe80::1"]]);
});
