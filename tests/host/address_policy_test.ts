import assert from "node:assert/strict";
import { AddressPolicy } from "../../lib/host/address_policy.ts";

const CASES: [
  options: { token: string | null; open: boolean },
  peer: string,
  code: string | undefined,
][] = [
  [{ token: null, open: false }, "127.0.0.1:5", undefined],
  [{ token: null, open: false }, "192.168.1.2:5", undefined],
  [{ token: null, open: false }, "[fe80::1]:5", undefined],
  [{ token: null, open: false }, "[::ffff:10.0.0.1]:5", undefined],
  [{ token: null, open: false }, "203.0.113.9:5", "unauthorized"],
  [{ token: null, open: false }, "[2001:db8::1]:5", "unauthorized"],
  [{ token: null, open: false }, "[::ffff:203.0.113.9]:5", "unauthorized"],
  [{ token: "secret", open: false }, "203.0.113.9:5", undefined],
  [{ token: null, open: true }, "203.0.113.9:5", undefined],
];

Deno.test("refusal() refuses strangers unless there is a token or --open", () => {
  const closing = new AbortController();
  for (const [options, peer, code] of CASES) {
    const policy = new AddressPolicy(options, closing.signal);
    assert.equal(policy.refusal(peer)?.code, code, peer);
  }
});

Deno.test("refusal() refuses every connection once the server ends", () => {
  const policy = new AddressPolicy(
    { token: null, open: true },
    AbortSignal.abort(),
  );
  assert.equal(policy.refusal("127.0.0.1:5")?.code, "busy");
});
