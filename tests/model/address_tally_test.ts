import assert from "node:assert/strict";
import { addressGroup } from "../../lib/model/address.ts";
import { AddressTally } from "../../lib/model/address_tally.ts";

const ONE: [what: string, a: string, b: string][] = [
  ["an IPv6 network of 64 bits", "2001:db8:1:2::7", "2001:db8:1:2:ffff::8"],
  ["a network written short", "2001:db8::7", "2001:db8:0:0:a:b:c:d"],
  ["a network with its zeros inside", "2001::1:2:3:4:5:6", "2001:0:1:2::"],
  ["the same address on two interfaces", "fe80::1%eth0", "fe80::1%eth1"],
  ["the empty network", "::", "::2"],
];
const TWO: [what: string, a: string, b: string][] = [
  ["IPv4 addresses", "192.0.2.7", "192.0.2.8"],
  ["IPv6 networks", "2001:db8:1:2::7", "2001:db8:1:3::7"],
  ["neighbours on a link", "fe80::1", "fe80::2"],
  ["machines of a private network", "fd12:3456::1", "fd12:3456::2"],
];

Deno.test("addressGroup() groups the addresses of one household only", () => {
  for (const [what, a, b] of ONE) {
    assert.equal(addressGroup(a), addressGroup(b), what);
  }
  for (const [what, a, b] of TWO) {
    assert.notEqual(addressGroup(a), addressGroup(b), what);
  }
});

Deno.test("enter() returns true up to the limit, per address", () => {
  const tally = new AddressTally(2);
  for (const ip of ["192.0.2.7", "192.0.2.8"]) {
    assert.deepEqual([1, 2, 3].map(() => tally.enter(ip)), [true, true, false]);
  }
  tally.leave("192.0.2.7");
  assert.equal(tally.enter("192.0.2.7"), true);
  assert.equal(tally.enter("192.0.2.8"), false);
});

Deno.test("enter() has no limit for loopback addresses", () => {
  const tally = new AddressTally(1);
  for (const ip of ["127.0.0.1", "127.9.9.9", "::1"]) {
    for (let i = 0; i < 5; i++) assert.equal(tally.enter(ip), true);
    tally.leave(ip);
  }
});

Deno.test("leave() frees the entry of an address whose count drops to zero", () => {
  const tally = new AddressTally(3);
  for (let i = 0; i < 1000; i++) tally.enter(`192.0.2.${i % 250}`);
  assert.equal(tally.size, 250);
  for (let i = 0; i < 1000; i++) tally.leave(`192.0.2.${i % 250}`);
  assert.equal(tally.size, 0);
});
