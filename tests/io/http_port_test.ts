import assert from "node:assert/strict";
import { HttpPort } from "../../lib/io/http.ts";
import { TokenGate } from "../../lib/server/token_gate.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { transportPair } from "../support/memory_transport.ts";

function httpPort(clock: FakeClock): HttpPort {
  return new HttpPort({
    hosts: [],
    gate: new TokenGate(null, clock),
    admits: () => true,
    isReady: () => true,
    metricsText: () => "",
    peaks: () => Promise.resolve(new Uint8Array(0)),
    serveSession: () => Promise.resolve(),
  });
}

Deno.test("serve() cuts a request that takes 10 s, however its bytes dribble", async () => {
  const { setTimeout } = globalThis;
  const timers: [work: () => void, ms: number][] = [];
  const note = (work: () => void, ms: number) => {
    timers.push([work, ms]);
    return -1;
  };
  globalThis.setTimeout = note as unknown as typeof setTimeout;
  const clock = new FakeClock();
  const { client, server } = transportPair(clock);
  const served = httpPort(clock).serve(server, new AbortController().signal);
  globalThis.setTimeout = setTimeout;
  const [[cut, afterMs], ...others] = timers;
  assert.deepEqual([afterMs, others], [10_000, []]);
  const said = new TextEncoder().encode("GET / HTTP/1.1\r\nHost: loc");
  for (const byte of said) await client.write(Uint8Array.of(byte));
  await settle();
  assert.equal(server.closed, false);
  cut();
  await served;
  assert.equal(server.closed, true);
});
