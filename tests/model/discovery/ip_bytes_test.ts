import assert from "node:assert/strict";
import {
  ipBytes,
  ipText,
  isInNetwork,
} from "../../../lib/model/discovery/ip_bytes.ts";
import fc from "../../support/fast_check.ts";

Deno.test("ipBytes() reads what ipText() writes, of any bytes", () => {
  const bytes = fc.constantFrom(4, 16).chain((length) =>
    fc.uint8Array({ minLength: length, maxLength: length })
  );
  fc.assert(fc.property(bytes, (bytes) => {
    assert.deepEqual(ipBytes(ipText(bytes)), Uint8Array.from(bytes));
  }));
});

Deno.test("ipText() writes IPv6 as RFC 5952 does", () => {
  const cases = [
    ["0:0:0:0:0:0:0:0", "::"],
    ["0:0:0:0:0:0:0:1", "::1"],
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["fe80:0:0:0:0:0:0:0", "fe80::"],
  ];
  for (const [long, short] of cases) {
    assert.equal(ipText(ipBytes(long)!), short);
  }
});

Deno.test("ipBytes() is null of what is no address", () => {
  for (
    const text of [
      ...["", "1.2.3", "1.2.3.256", "1.2.3.4.5", "a.b.c.d", "pi.local"],
      ...[":", ":::", "1::2::3", "1:2:3:4:5:6:7", "12345::", "g::"],
      ...["1:2:3:4:5:6:7::8", "::1.2.3.4", `${"0:".repeat(1000)}`],
    ]
  ) assert.equal(ipBytes(text), null, text);
});

Deno.test("isInNetwork() compares the bits of the prefix", () => {
  const cases: [string, string, number, boolean][] = [
    ["10.9.1.7", "10.9.1.1", 24, true],
    ["10.9.2.7", "10.9.1.1", 24, false],
    ["10.9.1.127", "10.9.1.1", 25, true],
    ["10.9.1.128", "10.9.1.1", 25, false],
    ["10.9.1.2", "10.9.1.1", 32, false],
    ["203.0.113.1", "10.9.1.1", 0, true],
    ["fe80::7", "fe80::1", 64, true],
    ["fe80:0:0:1::7", "fe80::1", 64, false],
    ["10.9.1.1", "fe80::1", 0, false],
    ["nowhere", "10.9.1.1", 0, false],
  ];
  for (const [ip, network, prefix, isIn] of cases) {
    assert.equal(isInNetwork(ip, network, prefix), isIn, ip);
  }
});
