import assert from "node:assert/strict";
import { linksOf, MAX_LINKS } from "../../../lib/io/discovery/links.ts";
import { isOnLink } from "../../../lib/model/discovery/link.ts";

function one(
  name: string,
  address: string,
  cidr: string,
  scopeid: number | null = null,
): Deno.NetworkInterfaceInfo {
  const family = address.includes(":") ? "IPv6" : "IPv4";
  const mac = "ee:85:05:9b:23:23";
  return { family, name, address, netmask: "", scopeid, cidr, mac };
}

const INTERFACES = [
  one("lo", "127.0.0.1", "127.0.0.1/8"),
  one("eth0", "10.9.1.1", "10.9.1.1/24"),
  one("eth0", "10.9.7.1", "10.9.7.1/24"),
  one("lo", "::1", "::1/128", 0),
  one("eth0", "fd00::1", "fd00::1/64", 0),
  one("eth0", "fe80::1", "fe80::1/64", 36),
];

Deno.test("linksOf() has one link for each IPv4 address, and one for IPv6", () => {
  assert.deepEqual(
    linksOf(INTERFACES).map(({ family, address, zone }) =>
      `${family} ${address} ${zone}`
    ),
    [
      "IPv4 127.0.0.1 null",
      "IPv4 10.9.1.1 36",
      "IPv4 10.9.7.1 36",
      "IPv6 fe80::1 36",
    ],
  );
});

Deno.test("the networks of a link are those of its interface", () => {
  const [lo, eth0, , ipv6] = linksOf(INTERFACES);
  const cases: [typeof lo, string, boolean][] = [
    [lo, "127.0.0.9", true],
    [lo, "10.9.1.9", false],
    [eth0, "10.9.1.9", true],
    [eth0, "10.9.7.9", true],
    [eth0, "10.9.2.9", false],
    [eth0, "127.0.0.1", false],
    [ipv6, "fe80::9", true],
    [ipv6, "fd00::9", true],
    [ipv6, "2001:db8::9", false],
  ];
  for (const [link, ip, is] of cases) assert.equal(isOnLink(link, ip), is, ip);
});

Deno.test("an interface that is replaced, or has another address, is another link", () => {
  const keys = (...interfaces: Deno.NetworkInterfaceInfo[]) =>
    linksOf(interfaces).map(({ key }) => key).join();
  const [, eth0] = INTERFACES;
  const before = keys(eth0);
  assert.equal(keys({ ...eth0 }), before);
  assert.notEqual(keys({ ...eth0, address: "10.9.1.2" }), before);
  assert.notEqual(keys({ ...eth0, mac: "ee:85:05:9b:23:24" }), before);
});

Deno.test("a network of unknown size has no other addresses", () => {
  const [link] = linksOf([one("eth0", "10.9.1.1", "")]);
  assert.equal(isOnLink(link, "10.9.1.1"), true);
  assert.equal(isOnLink(link, "10.9.1.2"), false);
});

Deno.test("there are no more links than a socket can join groups", () => {
  const many = Array.from(
    { length: 100 },
    (_, i) => one(`eth${i}`, `10.0.${i}.1`, `10.0.${i}.1/24`),
  );
  assert.equal(linksOf(many).length, MAX_LINKS);
});
