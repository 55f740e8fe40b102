import assert from "node:assert/strict";
import { acceptAll } from "../../../lib/io/net/accept_all.ts";
import { FakeClock, settle } from "../../support/fake_clock.ts";

/** Rejects with the failures, then accepts the waiting connections 1, 2, 3 … */
function setUp(comes: number, failures: (() => Error)[] = []) {
  const clock = new FakeClock();
  const closing = new AbortController();
  const served: number[] = [];
  const listener = {
    last: 0,
    accept(): Promise<number> {
      const failure = failures.shift();
      if (failure) return Promise.reject(failure());
      if (this.last < comes) return Promise.resolve(++this.last);
      return new Promise((_, reject) => {
        closing.signal.addEventListener("abort", () => reject(new Error()));
      });
    },
  };
  const begin = () =>
    acceptAll(
      listener,
      (conn) => served.push(conn),
      closing.signal,
      clock,
    );
  return { clock, closing, served, begin };
}

function times(count: number, failure: () => Error): (() => Error)[] {
  return Array.from({ length: count }, () => failure);
}

function coded(code: string): () => Error {
  return () => Object.assign(new Error("failed"), { code });
}

Deno.test("acceptAll() passes on all waiting connections, until aborted", async () => {
  const { closing, served, begin } = setUp(4);
  const accepting = begin();
  await settle();
  assert.deepEqual(served, [1, 2, 3, 4]);
  closing.abort();
  await accepting;
});

const RUN_OUT: [name: string, failure: () => Error][] = [
  ...["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"].map(
    (code): [string, () => Error] => [code, coded(code)],
  ),
  ["WSAEMFILE", () => new Error("too many open sockets (os error 10024)")],
];

for (const [name, failure] of RUN_OUT) {
  Deno.test(`acceptAll() waits and tries again after ${name}`, async () => {
    const { clock, closing, served, begin } = setUp(2, times(3, failure));
    const accepting = begin();
    await clock.advance(299);
    assert.deepEqual(served, []);
    await clock.advance(1);
    assert.deepEqual(served, [1, 2]);
    closing.abort();
    await accepting;
  });
}

const OF_ONE_CONNECTION: [name: string, failure: () => Error][] = [
  ["was reset", () => new Deno.errors.NotConnected("os error 107")],
  ["was aborted", () => new Deno.errors.ConnectionAborted("os error 103")],
  ["is refused by a firewall", coded("EPERM")],
  ["has no network", coded("ENETDOWN")],
  ["fails in an unknown way", () => new Error("?")],
];

for (const [name, failure] of OF_ONE_CONNECTION) {
  Deno.test(`acceptAll() continues at once after 450 connections of which each ${name}`, async () => {
    const { closing, served, begin } = setUp(2, times(450, failure));
    const accepting = begin();
    await settle();
    assert.deepEqual(served, [1, 2]);
    closing.abort();
    await accepting;
  });
}

Deno.test("acceptAll() ends when its listener is closed", async () => {
  const { served, begin } = setUp(
    2,
    [() => new Deno.errors.BadResource("closed")],
  );
  await begin();
  assert.deepEqual(served, []);
});
